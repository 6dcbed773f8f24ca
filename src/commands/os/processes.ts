/**
 * What runs on a server, as ps shows it: the processes of the cluster's services, by its host's word,
 * and what every system runs besides.
 */
import type { ProcessView } from '../../ports/views.ts';
import type { Environment } from '../environment.ts';
import { askHost } from './host.ts';

export interface Process {
  pid: number;
  parent: number;
  command: string;
  /** null: the system's own. */
  service: string | null;
}

const SYSTEM: Process[] = [
  { pid: 1, parent: 0, command: 'init [3]', service: null },
  { pid: 401, parent: 1, command: 'syslogd -m 0', service: null },
  { pid: 402, parent: 1, command: 'crond', service: null },
];

/** One whose number is not known yet has only just begun: it is left out. */
export async function processesHere(env: Environment): Promise<Process[]> {
  const { processes } = await askHost(env, { do: 'processes' });
  const own = (processes as unknown as ProcessView[]).flatMap(({ pid, ppid, command, service }) => {
    return pid === null ? [] : [{ pid, parent: ppid, command, service }];
  });
  return [...SYSTEM, ...own];
}
