/**
 * The services of a server and their processes, by the product's generation: which there are, in
 * which order they start, what they need, and what becomes of the server when a process dies.
 *
 *     service       clpmonp ─► clpevent        looked after by clpmonp: restarted
 *                   clpmonp ─► clpmdagent      … a mirror agent: the server restarts (v3 10.9)
 *                   clppm ─┬─► clprc clprm clpnm   the server shuts down (v3 10.3; x5 2.12.5)
 *                          └─► clplanhb …      looked after by clpnm: restarted
 *                   clpwebmgr, clpwebalt       by nobody: left as they are
 *
 * Two of the processes are parts (src/ports/machinery.ts): `daemon` is clprc, `agent` clpmdagent.
 * What the others do is done by those two and by the host; but only while the process that it belongs
 * to runs and is not stopped (SIGSTOP), the row's `work`, or the heartbeats of its type:
 *
 *     clpevent   messages are written, and mailed; meanwhile they wait (reports.ts)
 *     clptrnsv   other servers' commands read and write files here, and have scripts run
 *     clprm      monitors check, userw keeps the watchdog: without it the server is reset (v3 10.5)
 *     clpnm      who is up or down is judged
 *     clplanhb … heartbeats of its type are sent and heard
 *     clpwebalt  alerts are exchanged
 *
 * Whoever looks after a process and is itself stopped sees its death when it goes on. The Web Manager,
 * the API and the information base answer nobody in this engine; they are only seen and started.
 *
 * Sources: v3 2.2, 5.2, 10.3, 10.9, 11.1 (5)-(9); x5 2.12.5. Choices, where those are silent: X
 * names its Web Manager clpwebmc, its alert synchronization clpaltd, its API clpapisv and its
 * information base clpibsv; its clpnm counts as clprc and clprm do; a clppm that dies takes the
 * server down as its children do; a clpmonp that dies is missed by nobody, and its child is left
 * without supervision.
 */
import type { Generation } from '../messages/index.ts';
import type { Service } from '../ports/machinery.ts';

export type Work = 'events' | 'transfer' | 'alerts' | 'monitors' | 'nodes';

export interface ProcessRow {
  /** A part's, or the process's own name; of every clpmonp what it looks after stands with it. */
  key: string;
  /** As messages name it. */
  name: string;
  /** As `ps` shows it. */
  command: string;
  part?: Service;
  /** The key of the process that started it and looks after it; null: the system's first process. */
  parent: string | null;
  /** What becomes of the server when it ends without having been asked to. */
  death: 'restart' | 'shutdown' | 'reboot' | 'left';
  /** What is done only while it is at work. */
  work?: Work;
  /** It starts once the daemon has read its configuration, and said so. */
  awaits?: 'daemon';
  /** … and has a heartbeat resource of that type. */
  heartbeat?: string;
}

export interface ServiceRow {
  name: string;
  /** As its script announces it. v3 11.1 (8), (9). */
  title: string;
  generations: readonly Generation[];
  /** It does not start unless these run, of those that the server has. v3 11.1 (5). */
  needs: readonly string[];
  /** In the order in which they start; the last one that awaits nothing is the service. */
  processes: readonly ProcessRow[];
}

const BOTH = ['v3', 'x5'] as const;

/** A process that clpmonp starts and looks after, and that clpmonp. */
function monitored(what: string, words: string, given: Omit<ProcessRow, 'command' | 'parent'>) {
  const key = `clpmonp-${what}`;
  const command = `clpmonp --${what} ${words}`;
  const watcher: ProcessRow = { key, name: 'clpmonp', command, parent: null, death: 'left' };
  return [watcher, { ...given, command: given.name, parent: key }];
}

function alone(command: string, work?: Work): ProcessRow {
  const [name = ''] = command.split(' ');
  return { key: name, name, command, parent: null, death: 'left', ...(work ? { work } : {}) };
}

function heartbeat(type: string): ProcessRow {
  const name = `clp${type}`;
  return {
    key: name,
    name,
    command: name,
    parent: 'clpnm',
    death: 'restart',
    awaits: 'daemon',
    heartbeat: type,
  };
}

const managed = { parent: 'clppm', death: 'shutdown' } as const;

const CLUSTER: ProcessRow[] = [
  {
    key: 'clppm',
    name: 'clppm',
    command: '/opt/nec/clusterpro/bin/clppm',
    parent: null,
    death: 'shutdown',
  },
  { key: 'daemon', name: 'clprc', command: 'clprc', part: 'daemon', ...managed },
  { key: 'clprm', name: 'clprm', command: 'clprm', work: 'monitors', awaits: 'daemon', ...managed },
  { key: 'clpnm', name: 'clpnm', command: 'clpnm', work: 'nodes', awaits: 'daemon', ...managed },
  ...['lanhb', 'lankhb', 'diskhb', 'comhb', 'bmchb', 'httpnp'].map(heartbeat),
];

const restarted = (name: string, work: Work) =>
  ({ key: name, name, work, death: 'restart' }) as const;

export const SERVICES: readonly ServiceRow[] = [
  {
    name: 'clusterpro_evt',
    title: 'clusterpro event',
    generations: BOTH,
    needs: [],
    processes: monitored('event', '-a 2 -r 0 -w 0', restarted('clpevent', 'events')),
  },
  {
    name: 'clusterpro_trn',
    title: 'clusterpro trnsv',
    generations: BOTH,
    needs: [],
    processes: monitored('trnsv', '-a 2 -r 0 -w 0', restarted('clptrnsv', 'transfer')),
  },
  {
    name: 'clusterpro_md',
    title: 'clusterpro mdagent',
    generations: BOTH,
    needs: [],
    processes: monitored('mdagent', '-a 5 -r 0 -w 30', {
      key: 'agent',
      name: 'clpmdagent',
      part: 'agent',
      death: 'reboot',
    }),
  },
  {
    name: 'clusterpro',
    title: 'clusterpro daemon',
    generations: BOTH,
    needs: ['clusterpro_evt'],
    processes: CLUSTER,
  },
  {
    name: 'clusterpro_webmgr',
    title: 'Web Manager server',
    generations: ['v3'],
    needs: [],
    processes: [alone('clpwebmgr -start')],
  },
  {
    name: 'clusterpro_webmgr',
    title: 'WebManager server',
    generations: ['x5'],
    needs: [],
    processes: [alone('clpwebmc -start')],
  },
  {
    name: 'clusterpro_alertsync',
    title: 'webalert deamon',
    generations: ['v3'],
    needs: [],
    processes: [alone('clpwebalt', 'alerts')],
  },
  {
    name: 'clusterpro_alertsync',
    title: 'webalert daemon',
    generations: ['x5'],
    needs: [],
    processes: [alone('clpaltd -start', 'alerts')],
  },
  {
    name: 'clusterpro_api',
    title: 'clusterpro api',
    generations: ['x5'],
    needs: [],
    processes: [alone('clpapisv -start')],
  },
  {
    name: 'clusterpro_ib',
    title: 'clusterpro information base',
    generations: ['x5'],
    needs: [],
    processes: [alone('clpibsv -start')],
  },
];

/** Of a generation, in the order in which they start. */
export function servicesOf(generation: Generation): ServiceRow[] {
  return SERVICES.filter(({ generations }) => generations.includes(generation));
}

/** One that only the other generation has is found there: old servers do not say which is theirs. */
export function serviceRow(generation: Generation, name: string): ServiceRow | undefined {
  const isNamed = (row: ServiceRow) => row.name === name;
  return servicesOf(generation).find(isNamed) ?? SERVICES.find(isNamed);
}

/** The process that is the service: it runs while that does. */
export function mainOf({ processes }: ServiceRow): ProcessRow {
  const found = processes.findLast(({ awaits }) => awaits === undefined);
  if (!found) throw new Error('defect: a service without a process');
  return found;
}

/** Keys of processes by the words that people have for them: the key itself, or the name. */
export const PROCESS_WORDS: ReadonlyMap<string, string> = new Map([
  ...SERVICES.flatMap(({ processes }) => processes.map(({ name, key }) => [name, key] as const)),
  ...SERVICES.flatMap(({ processes }) => processes.map(({ key }) => [key, key] as const)),
]);

/** A process by its key, with its service. */
export function processRow(
  generation: Generation,
  key: string,
): { service: ServiceRow; row: ProcessRow } | undefined {
  for (const service of [...servicesOf(generation), ...SERVICES]) {
    const row = service.processes.find((one) => one.key === key);
    if (row) return { service, row };
  }
  return undefined;
}
