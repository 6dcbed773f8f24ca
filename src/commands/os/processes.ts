/**
 * What runs on a server, as ps shows it: the services that run, each with the processes that v3 11.1
 * (5), (6) and x5 2.12 list. A heartbeat's process is there where one of its kind is configured.
 */
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { ServiceStatus } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import { configOf } from './addresses.ts';
import { askHost } from './host.ts';

export interface Process {
  pid: number;
  parent: number;
  command: string;
  /** null: the system's own. */
  service: string | null;
}

/** One of a service; `under`: its parent is the one before it. */
interface Row {
  command: string;
  under?: boolean;
  /** A type of heartbeat that has to be configured. */
  heartbeat?: string;
}

/** The stack by service, in the order in which it starts. */
const STACK: Record<string, Row[]> = {
  clusterpro_evt: [
    { command: 'clpmonp --event -a 2 -r 0 -w 0' },
    { command: 'clpevent', under: true },
  ],
  clusterpro_trn: [
    { command: 'clpmonp --trnsv -a 2 -r 0 -w 0' },
    { command: 'clptrnsv', under: true },
  ],
  clusterpro_ib: [{ command: 'clpibsv' }],
  clusterpro_api: [{ command: 'clpapi' }],
  clusterpro_md: [
    { command: 'clpmonp --mdagent -a 5 -r 0 -w 30' },
    { command: 'clpmdagent', under: true },
  ],
  clusterpro: [
    { command: '/opt/nec/clusterpro/bin/clppm' },
    { command: 'clprc' },
    { command: 'clprm' },
    { command: 'clpnm' },
    { command: 'clplanhb', heartbeat: 'lanhb' },
    { command: 'clplankhb', heartbeat: 'lankhb' },
    { command: 'clpdiskhb', heartbeat: 'diskhb' },
    { command: 'clpcomhb', heartbeat: 'comhb' },
  ],
  clusterpro_webmgr: [{ command: 'clpwebmgr -start' }],
  clusterpro_alertsync: [{ command: 'clpwebalt' }],
};
/** Whatever else a machine runs: what every script may take for granted. */
const SYSTEM: Row[] = [{ command: 'init [3]' }, { command: 'syslogd -m 0' }, { command: 'crond' }];
const FIRST_PID = 1_669;

export function processesOf(
  services: Record<string, ServiceStatus>,
  config: ClusterConfiguration | null,
): Process[] {
  const types = new Set(config?.heartbeats.map(({ type }) => type) ?? []);
  const found: Process[] = SYSTEM.map(({ command }, at) => {
    return { pid: at === 0 ? 1 : 400 + at, parent: at === 0 ? 0 : 1, command, service: null };
  });
  // A process has its number wherever others run or not.
  let next = FIRST_PID;
  for (const [service, rows] of Object.entries(STACK)) {
    for (const { command, under, heartbeat } of rows) {
      const pid = next++;
      const isThere = heartbeat === undefined || types.has(heartbeat);
      if (!services[service]?.running || !isThere) continue;
      found.push({ pid, parent: under ? pid - 1 : 1, command, service });
    }
  }
  return found;
}

export async function processesHere(env: Environment): Promise<Process[]> {
  const { services } = await askHost(env, { do: 'status' });
  return processesOf(services as unknown as Record<string, ServiceStatus>, await configOf(env));
}
