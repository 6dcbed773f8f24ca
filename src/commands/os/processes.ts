/** What runs on a server, as ps shows it: the system's own programs, and what the host started. */
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

/** Whatever else a machine runs: what every script may take for granted. */
const SYSTEM = ['init [3]', 'syslogd -m 0', 'crond'];

export async function processesHere(env: Environment): Promise<Process[]> {
  const { processes } = await askHost(env, { do: 'processes' });
  const system = SYSTEM.map((command, at) => {
    return { pid: at === 0 ? 1 : 400 + at, parent: at === 0 ? 0 : 1, command, service: null };
  });
  // One that is just being started, or could not be, has no id yet.
  const own = (processes as unknown as ProcessView[]).flatMap(({ pid, ppid, command, service }) =>
    pid === null ? [] : [{ pid, parent: ppid, command, service }],
  );
  return [...system, ...own];
}
