/**
 * free and top: how much of a server's memory is used, by what runs on it (procps-ng 4.0). A server of
 * lab and twin has 2 GiB, of which the system takes 160 MiB, its cache 512, and each process 6: a
 * choice.
 */
import { done, type Environment } from '../environment.ts';
import { osCommand, Usage, unknownOption } from './host.ts';
import { type Process, processesHere } from './processes.ts';

const MIB = 1024;
const TOTAL_KIB = 2048 * MIB;
const SYSTEM_KIB = 160 * MIB;
const CACHE_KIB = 512 * MIB;
const PROCESS_KIB = 6 * MIB;

interface Memory {
  total: number;
  used: number;
  free: number;
  cache: number;
  available: number;
}

/** In KiB. */
function memoryWith(processes: readonly Process[]): Memory {
  const used = SYSTEM_KIB + processes.length * PROCESS_KIB;
  const [total, cache] = [TOTAL_KIB, CACHE_KIB];
  return { total, used, free: total - used - cache, cache, available: total - used };
}

const UNITS: Record<string, number> = {
  '-b': 1 / 1024,
  '--bytes': 1 / 1024,
  '-k': 1,
  '--kibi': 1,
  '-m': 1024,
  '--mebi': 1024,
  '-g': 1024 ** 2,
  '--gibi': 1024 ** 2,
};

function human(kib: number): string {
  let [value, unit] = [kib, 0];
  while (value >= 1000 && unit < 2) [value, unit] = [value / 1024, unit + 1];
  const digits = value < 10 && unit > 0 ? value.toFixed(1) : String(Math.floor(value));
  return kib === 0 ? '0B' : `${digits}${['Ki', 'Mi', 'Gi'][unit]}`;
}

function show(args: string[], processes: readonly Process[]): string {
  const isKnown = (arg: string) => arg in UNITS || ['-h', '--human', '-t', '--total'].includes(arg);
  const strange = args.find((arg) => !isKnown(arg));
  if (strange !== undefined) throw unknownOption(strange);
  const unit = UNITS[args.findLast((arg) => arg in UNITS) ?? '-k'] ?? 1;
  const isHuman = args.some((arg) => arg === '-h' || arg === '--human');
  const cell = (kib: number) => (isHuman ? human(kib) : String(Math.floor(kib / unit)));
  const row = (name: string, cells: number[]) =>
    `${name.padEnd(8)}${cells.map((kib) => cell(kib).padStart(12)).join('')}\n`.replace(
      / {8}$/,
      '',
    );
  const { total, used, free, cache, available } = memoryWith(processes);
  const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
  const head = `        ${titles.map((title) => title.padStart(12)).join('')}\n`;
  const rows = row('Mem:', [total, used, free, 0, cache, available]) + row('Swap:', [0, 0, 0]);
  const isSum = args.some((arg) => arg === '-t' || arg === '--total');
  return `${head}${rows}${isSum ? row('Total:', [total, used, free]) : ''}`;
}

export const free = osCommand(
  {
    name: 'free',
    summary: 'how much memory is used',
    usage: ['free [-b|-k|-m|-g|-h] [-t]'],
    traits: () => ({ changes: false }),
    run: async (env, args) => done(show(args, await processesHere(env))),
  },
  { refused: 1, usage: 1 },
);

/** One round of top, without a terminal. */
async function round(env: Environment): Promise<string> {
  const processes = await processesHere(env);
  const { total, used, free: unused, cache, available } = memoryWith(processes);
  const mib = (kib: number) => (kib / MIB).toFixed(1).padStart(8);
  const at = new Date(env.clock.now()).toISOString().slice(11, 19);
  const rows = processes.map(({ pid, command }) => {
    const name = (command.split(' ')[0] ?? '').replace(/^.*\//, '');
    const share = ((PROCESS_KIB / total) * 100).toFixed(1);
    const sizes =
      `${PROCESS_KIB * 2}`.padStart(8) + `${PROCESS_KIB}`.padStart(7) + '1024'.padStart(7);
    return `${String(pid).padStart(7)} root      20   0${sizes} S   0.0 ${share.padStart(5)}   0:00.00 ${name}`;
  });
  return [
    `top - ${at}, load average: 0.00, 0.00, 0.00`,
    `Tasks: ${processes.length} total,   1 running, ${processes.length - 1} sleeping,   0 stopped,   0 zombie`,
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st',
    `MiB Mem :${mib(total)} total,${mib(unused)} free,${mib(used)} used,${mib(cache)} buff/cache`,
    `MiB Swap:${mib(0)} total,${mib(0)} free,${mib(0)} used.${mib(available)} avail Mem`,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ...rows,
    '',
  ].join('\n');
}

export const top = osCommand(
  {
    name: 'top',
    summary: 'memory, and what runs, once',
    usage: ['top -b -n 1'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const words = args.join('').replace(/[-\s]/g, '');
      // On a terminal it goes on until somebody ends it, and nobody here does.
      if (!/^(b?n1b?)$/.test(words)) throw new Usage('failed tty get: say -b -n 1');
      return done(await round(env));
    },
  },
  { refused: 1, usage: 1 },
);
