/** The section `monitor` of a clp.conf: what is watched, how often, and what follows an error. */
import type {
  ConfiguredMonitor,
  MonitorRecovery,
} from '../schema/generated/cluster-configuration.ts';
import { readBefore } from './before-scripts.ts';
import * as defaults from './defaults.ts';
import { flagAt, membersOf, numberAt, secondsAt, sectionOf, stringAt } from './fields.ts';
import { finalActionAt, readParameters } from './read-resources.ts';
import { at, wrongAt, type XmlElement } from './xml.ts';

/** The whole server as what a recovery acts on. */
export const LOCAL_SERVER = 'LocalServer';

function readRecovery(file: string, element: XmlElement, type: string): MonitorRecovery {
  const kind = stringAt(element, 'relation/type', 'cls');
  if (kind !== 'cls' && kind !== 'grp' && kind !== 'rsc') {
    const found = at(element, 'relation/type') ?? element;
    throw wrongAt(
      file,
      found,
      `${JSON.stringify(kind)} is no kind of target`,
      'use cls, grp or rsc',
    );
  }
  const otherwise = defaults.recoveryDefaults(type, kind);
  const count = { min: 0, max: 99 };
  const restart = { ...count, otherwise: otherwise.restart };
  const failover = { ...count, otherwise: otherwise.failover };
  return {
    targetKind: kind,
    target: stringAt(element, 'relation/name', '') || LOCAL_SERVER,
    restart: numberAt(file, element, 'emergency/threshold/restart', restart),
    failover: numberAt(file, element, 'emergency/threshold/fo', failover),
    finalAction: finalActionAt(file, element, 'emergency/action', 'none'),
    ...readBefore(file, element, ['beforeRecovery', 'emergency/script']),
    ...readBefore(file, element, ['beforeFinalAction', 'emergency/preaction']),
  };
}

export function readMonitors(file: string, root: XmlElement): ConfiguredMonitor[] {
  const members = membersOf(file, sectionOf(file, root, 'monitor'), 'monitor resource');
  return members.map(({ type, name, element }) => {
    const target = stringAt(element, 'target', '') || null;
    const otherwise = defaults.monitorDefaults(type);
    const isActiveOnly = flagAt(file, element, 'polling/timing', target !== null);
    return {
      name,
      type,
      comment: stringAt(element, 'comment', ''),
      target,
      when: isActiveOnly ? 'active' : 'always',
      intervalMs: secondsAt(file, element, 'polling/interval', otherwise.intervalMs),
      timeoutMs: secondsAt(file, element, 'polling/timeout', otherwise.timeoutMs),
      retry: numberAt(file, element, 'polling/reconfirmation', {
        otherwise: otherwise.retry,
        min: 0,
        max: 999,
      }),
      recovery: readRecovery(file, element, type),
      parameters: readParameters(element),
    };
  });
}
