/**
 * Forced stop in a clp.conf: of which platform it is, and what names each server to it. Only whoever
 * cuts power reads the second: a password is in no ClusterConfiguration, and so in nothing that is
 * shown, recorded or sent.
 *
 * The kinds are known of the field, where an element's name is not it is our choice:
 *
 *   forcestop/KIND@NAME/timeout             seconds until it has failed
 *   forcestop/KIND@NAME/parameters/FIELD    what every server has in common, e.g. vcenter's url
 *   server@SERVER/device@N                  of the type KIND: `info` names the server (a controller's
 *                                           address, a machine, an instance), KIND/FIELD the rest
 */
import type { ForceStop } from '../schema/generated/cluster-configuration.ts';
import * as defaults from './defaults.ts';
import { secondsAt, sectionOf, stringAt } from './fields.ts';
import { at, elementsOf, isElement, parseXml, textOf, wrongAt, type XmlElement } from './xml.ts';

const KINDS: readonly ForceStop['type'][] = ['bmc', 'vcenter', 'aws', 'azure', 'oci', 'custom'];

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
  };
}

export interface PowerOfServer {
  /** What names it; '': the file does not say. */
  info: string;
  fields: Record<string, string>;
}

export interface PowerSettings {
  kind: string;
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
  return { kind, servers: Object.fromEntries(servers) };
}
