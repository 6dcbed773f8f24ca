/**
 * Forced stop in a clp.conf: of which platform it is, and what names each server to it. Only whoever
 * cuts power reads the second: a password is in no ClusterConfiguration, and so in nothing that is
 * shown, recorded or sent.
 *
 * The kinds are known of the field, where an element's name is not it is our choice:
 *
 *   forcestop/KIND@NAME/timeout             seconds until it has failed, 30
 *   forcestop/KIND@NAME/action              what becomes of the server, in the words of ACTIONS
 *   forcestop/KIND@NAME/parameters/FIELD    what every server has in common, e.g. vcenter's url
 *   server@SERVER/device@N                  of the type KIND: `info` names the server (a controller's
 *                                           address, a machine, an instance), KIND/FIELD the rest
 */
import type { ForceStop } from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import { secondsAt, sectionOf, stringAt } from './fields.ts';
import { at, elementsOf, isElement, parseXml, textOf, wrongAt, type XmlElement } from './xml.ts';

const KINDS: readonly ForceStop['type'][] = ['bmc', 'vcenter', 'aws', 'azure', 'oci', 'custom'];

type Action = NonNullable<ForceStop['action']>;

/** x5 2.12.4, by platform; of a script nothing is said. The first is what is done where none is. */
const ACTIONS: Record<ForceStop['type'], Readonly<Record<string, Action>>> = {
  bmc: { poweroff: 'off', reset: 'reset', powercycle: 'cycle', nmi: 'nmi' },
  vcenter: { poweroff: 'off', reset: 'reset' },
  aws: { stop: 'off', reboot: 'reboot' },
  oci: { stop: 'off', reboot: 'reboot' },
  azure: { stop: 'off', deallocate: 'deallocate', reboot: 'reboot' },
  custom: {},
};

/** As the file has it; null: what is done anyway. */
export function wordOfForcedStop({ type, action }: ForceStop): string | null {
  const found = Object.entries(ACTIONS[type]).find(([, one]) => one === action);
  return found ? found[0] : null;
}

function readAction(file: string, element: XmlElement, type: ForceStop['type']) {
  const word = stringAt(element, 'action', '');
  if (word === '') return {};
  const known = ACTIONS[type];
  const action = Object.hasOwn(known, word) ? known[word] : undefined;
  if (action !== undefined) return action === 'off' ? {} : { action };
  const message = `a forced stop by ${type} has no action ${word}`;
  const remedy = `use one of ${Object.keys(known).join(', ') || 'none'}`;
  throw wrongAt(file, at(element, 'action') ?? element, message, remedy);
}

function resourceIn(file: string, root: XmlElement): XmlElement | null {
  const [first, second] = elementsOf(sectionOf(file, root, 'forcestop')).filter(
    (element) => element.name !== 'types',
  );
  if (second !== undefined) {
    throw wrongAt(file, second, 'there are two forced stop resources', 'keep one of them');
  }
  return first ?? null;
}

export function readForceStop(file: string, root: XmlElement): ForceStop | null {
  const element = resourceIn(file, root);
  if (element === null) return null;
  const type = KINDS.find((kind) => kind === element.name);
  if (type === undefined) {
    const message = `a forced stop by ${element.name} is not known`;
    throw wrongAt(file, element, message, `use one of ${KINDS.join(', ')}`);
  }
  return {
    type,
    timeoutMs: secondsAt(file, element, 'timeout', defaults.FORCE_STOP_TIMEOUT_MS),
    ...readAction(file, element, type),
  };
}

export interface PowerOfServer {
  /** What names it; '': the file does not say. */
  info: string;
  fields: Record<string, string>;
}

export interface PowerSettings {
  kind: string;
  action: Action;
  /** By server. */
  servers: Record<string, PowerOfServer>;
}

function fieldsIn(element: XmlElement | undefined): [string, string][] {
  return elementsOf(element)
    .filter(({ children }) => !children.some(isElement))
    .map((child) => [child.name, textOf(child)]);
}

/** null: no forced stop is configured. Throws badInput. */
export function powerSettingsOf(text: string, file: string): PowerSettings | null {
  const { root } = parseXml(text, file);
  const element = resourceIn(file, root);
  if (element === null) return null;
  const kind = element.name;
  const common = fieldsIn(at(element, 'parameters'));
  const servers = elementsOf(root, 'server').map((server): [string, PowerOfServer] => {
    const device = elementsOf(server, 'device').find((one) => stringAt(one, 'type', '') === kind);
    const info = stringAt(device, 'info', '') || stringAt(device, `${kind}/info`, '');
    const own = fieldsIn(device && at(device, kind)).filter(([name]) => name !== 'info');
    return [
      server.attributes.name ?? '',
      { info, fields: Object.fromEntries([...common, ...own]) },
    ];
  });
  const { action = 'off' } = readForceStop(file, root) ?? {};
  return { kind, action, servers: Object.fromEntries(servers) };
}
