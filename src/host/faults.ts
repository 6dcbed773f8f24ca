/**
 * What can be broken on purpose, in a lab or a twin, in the words of `lab fault`, of scenarios and
 * of the situations that runbooks name:
 *
 *     cut|heal NET FROM [TO] [oneway]
 *     delay NET FROM [TO] MS [oneway]
 *     kill|power-on|reset|freeze|thaw SERVER
 *     kill-process|stop-process|continue-process SERVER PROGRAM
 *     fail-disk SERVER DEVICE [read|write]
 *     heal-disk SERVER DEVICE
 *
 * NET is one that servers share, `control`, or `*` for all that servers share. FROM and TO are
 * servers, `control`, or what answers from outside; without TO everything else is meant.
 */
import { netsOf, outsideOf } from '../config/index.ts';
import { badInput } from '../core/errors.ts';
import { suggestion } from '../core/nearest.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { PROCESS_WORDS } from './service-table.ts';

export type Fault =
  /** Power cut: every process of the server is killed. `powerOn` brings it back. */
  | { kind: 'kill' | 'powerOn' | 'reset' | 'freeze' | 'thaw'; server: string }
  /** One program of the server, by its key (service-table.ts): SIGKILL, SIGSTOP, SIGCONT. */
  | { kind: 'killProcess' | 'stopProcess' | 'continueProcess'; server: string; part: string }
  /** Both directions unless `oneWay`; without `to`, to everything else: servers, control host, outside. */
  | { kind: 'cut' | 'heal'; net: string; from: string; to?: string; oneWay?: boolean }
  | { kind: 'delay'; net: string; from: string; to?: string; oneWay?: boolean; ms: number }
  | { kind: 'failDisk'; server: string; device: string; mode?: 'all' | 'write' | 'read' }
  | { kind: 'healDisk'; server: string; device: string };

export type CableFault = Extract<Fault, { net: string }>;

export const CONTROL = 'control';
/** Every net that servers share. */
export const EVERY_NET = '*';

const CABLES = ['cut', 'heal', 'delay'] as const;
const SERVERS = {
  kill: 'kill',
  'power-on': 'powerOn',
  reset: 'reset',
  freeze: 'freeze',
  thaw: 'thaw',
} as const;
const PROGRAMS = {
  'kill-process': 'killProcess',
  'stop-process': 'stopProcess',
  'continue-process': 'continueProcess',
} as const;
const DISKS = { 'fail-disk': 'failDisk', 'heal-disk': 'healDisk' } as const;

const FORMS: Record<string, string> = {
  cut: 'NET FROM [TO] [oneway]',
  heal: 'NET FROM [TO] [oneway]',
  delay: 'NET FROM [TO] MS [oneway]',
  ...Object.fromEntries(Object.keys(SERVERS).map((verb) => [verb, 'SERVER'])),
  ...Object.fromEntries(Object.keys(PROGRAMS).map((verb) => [verb, 'SERVER PROGRAM'])),
  'fail-disk': 'SERVER DEVICE [read|write]',
  'heal-disk': 'SERVER DEVICE',
};

export const FAULT_WORDS: readonly string[] = Object.keys(FORMS);

/** How a fault is written: `cut NET FROM [TO] [oneway]`. */
export function faultForm(verb: string): string {
  return `${verb} ${FORMS[verb] ?? ''}`;
}

function missing(verb: string, what: string): Error {
  return badInput(`${what} is missing`, { code: 'usage', remedy: `write \`${faultForm(verb)}\`` });
}

function known(word: string, all: readonly string[], what: string): string {
  if (all.includes(word)) return word;
  throw badInput(`there is no ${what} '${word}' in this cluster`, {
    code: `${what}.unknown`,
    remedy: suggestion(word, all),
  });
}

function refuseMore(verb: string, rest: readonly string[]): void {
  if (rest[0] === undefined) return;
  throw badInput(`'${rest[0]}' is one word too many`, {
    code: 'usage',
    remedy: `write \`${faultForm(verb)}\``,
  });
}

/** Everything that a cable can lead to, with what answers from outside. */
export function cableEnds(config: ClusterConfiguration): string[] {
  return [...config.servers.map(({ name }) => name), CONTROL, ...outsideOf(config)];
}

/** The ends that a fault of a cable is between, one pair a cable. */
export function cablePairs({ from, to }: CableFault, ends: readonly string[]): [string, string][] {
  const others = to === undefined ? ends.filter((name) => name !== from) : [to];
  return others.map((other) => [from, other]);
}

function readCable(
  verb: (typeof CABLES)[number],
  given: readonly string[],
  config: ClusterConfiguration,
): Fault {
  const oneWay = given.at(-1) === 'oneway';
  const words = oneWay ? given.slice(0, -1) : [...given];
  const last = verb === 'delay' ? words.pop() : undefined;
  const [net, from, to, ...more] = words;
  if (net === undefined) throw missing(verb, 'the net (lan0, mdc400, bmc, control …)');
  const nets = [...netsOf(config), CONTROL, EVERY_NET];
  known(net, nets, 'net');
  if (from === undefined) throw missing(verb, 'the server');
  refuseMore(verb, more);
  const ends = cableEnds(config);
  const cable = {
    net,
    from: known(from, ends, 'server'),
    ...(to === undefined ? {} : { to: known(to, ends, 'server') }),
    oneWay,
  };
  if (verb !== 'delay') return { kind: verb, ...cable };
  if (last !== undefined && /^\d+(\.\d+)?$/.test(last)) {
    return { kind: verb, ...cable, ms: Number(last) };
  }
  throw badInput(`a delay needs milliseconds, not '${last ?? ''}'`, {
    code: 'usage',
    remedy: `write \`${verb} ${net} ${from}${to === undefined ? '' : ` ${to}`} 50\``,
  });
}

function readDisk(
  verb: keyof typeof DISKS,
  server: string,
  [device, mode, ...more]: readonly string[],
): Fault {
  if (device === undefined) throw missing(verb, 'the disk');
  const kind = DISKS[verb];
  if (kind === 'failDisk' && (mode === 'read' || mode === 'write')) {
    refuseMore(verb, more);
    return { kind, server, device, mode };
  }
  refuseMore(verb, mode === undefined ? [] : [mode]);
  return { kind, server, device };
}

/** The fault that the words name; the whole of them is checked, before anything is done. */
export function readFault(given: readonly string[], config: ClusterConfiguration): Fault {
  const [verb, ...words] = given;
  if (verb === undefined) {
    throw badInput('the fault is missing', { code: 'usage', remedy: FAULT_WORDS.join(' | ') });
  }
  const cable = CABLES.find((one) => one === verb);
  if (cable) return readCable(cable, words, config);
  if (!FAULT_WORDS.includes(verb)) {
    const remedy = suggestion(verb, FAULT_WORDS);
    throw badInput(`there is no fault '${verb}'`, { code: 'usage', remedy });
  }
  const [name, ...rest] = words;
  if (name === undefined) throw missing(verb, 'the server');
  const names = config.servers.map((server) => server.name);
  const server = known(name, names, 'server');
  if (verb in DISKS) return readDisk(verb as keyof typeof DISKS, server, rest);
  if (verb in SERVERS) {
    refuseMore(verb, rest);
    return { kind: SERVERS[verb as keyof typeof SERVERS], server };
  }
  const [program, ...more] = rest;
  if (program === undefined) throw missing(verb, 'the program (daemon, agent …)');
  refuseMore(verb, more);
  const part = PROCESS_WORDS.get(program);
  if (part !== undefined) return { kind: PROGRAMS[verb as keyof typeof PROGRAMS], server, part };
  throw badInput(`there is no program '${program}'`, {
    code: 'usage',
    remedy: suggestion(program, PROCESS_WORDS.keys()),
  });
}
