/** The words behind `lab fault` as a fault; the whole of them is checked before anything is done. */
import { netsOf, outsideOf } from '../../config/index.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { PROCESS_WORDS } from '../../host/service-table.ts';
import type { Fault } from '../../lab/faults.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Args } from '../verbs/args.ts';

/** A word that must be there. */
export function need(list: string[], index: number, what: string, usage: string): string {
  const word = list[index];
  if (word !== undefined) return word;
  throw badInput(`${what} is missing`, { code: 'usage', remedy: `write \`drydock lab ${usage}\`` });
}

const LINK_FAULTS = ['cut', 'heal', 'delay'];
const SERVER_FAULTS: Record<string, 'kill' | 'powerOn' | 'reset' | 'freeze' | 'thaw'> = {
  kill: 'kill',
  'power-on': 'powerOn',
  reset: 'reset',
  freeze: 'freeze',
  thaw: 'thaw',
};
const PROCESS_FAULTS: Record<string, 'killProcess' | 'stopProcess' | 'continueProcess'> = {
  'kill-process': 'killProcess',
  'stop-process': 'stopProcess',
  'continue-process': 'continueProcess',
};

const KINDS = [
  ...LINK_FAULTS,
  ...Object.keys(SERVER_FAULTS),
  ...Object.keys(PROCESS_FAULTS),
  'fail-disk',
  'heal-disk',
];

function known<T extends string>(word: string, all: readonly T[], what: string): T {
  const found = all.find((one) => one === word);
  if (found !== undefined) return found;
  throw badInput(`there is no ${what} '${word}' in this lab`, {
    code: `${what.replaceAll(' ', '')}.unknown`,
    remedy: suggestion(word, all),
  });
}

function linkFault(list: string[], args: Args, config: ClusterConfiguration): Fault {
  const kind = list[0] as 'cut' | 'heal' | 'delay';
  const usage = `fault ${kind} NET FROM [TO]`;
  const ends = [...config.servers.map(({ name }) => name), 'control', ...outsideOf(config)];
  const link = {
    net: known(
      need(list, 1, 'the net (lan0, mdc400, bmc, control …)', usage),
      [...netsOf(config), 'control'],
      'net',
    ),
    from: known(need(list, 2, 'the server', usage), ends, 'server'),
    ...(list[3] === undefined ? {} : { to: known(list[3], ends, 'server') }),
    oneWay: args.oneWay === true,
  };
  if (kind !== 'delay') return { kind, ...link };
  if (typeof args.ms === 'number' && args.ms >= 0) return { kind, ...link, ms: args.ms };
  throw badInput('a delay needs --ms', {
    code: 'usage',
    remedy: `write \`drydock lab ${usage} --ms 50\``,
  });
}

export function faultFrom(list: string[], args: Args, config: ClusterConfiguration): Fault {
  const kind = need(list, 0, 'the fault', 'fault KIND …');
  if (LINK_FAULTS.includes(kind)) return linkFault(list, args, config);
  if (!KINDS.includes(kind)) {
    throw badInput(`there is no fault '${kind}'`, {
      code: 'usage',
      remedy: suggestion(kind, KINDS),
    });
  }
  const servers = config.servers.map(({ name }) => name);
  const server = known(need(list, 1, 'the server', `fault ${kind} SERVER`), servers, 'server');
  const onServer = SERVER_FAULTS[kind];
  if (onServer) return { kind: onServer, server };
  const onProcess = PROCESS_FAULTS[kind];
  if (onProcess) {
    const word = need(list, 2, 'the program', `fault ${kind} ${server} daemon`);
    const part = PROCESS_WORDS.get(word);
    if (part !== undefined) return { kind: onProcess, server, part };
    const names = [...PROCESS_WORDS.keys()];
    throw badInput(`there is no program '${word}'`, {
      code: 'usage',
      remedy: suggestion(word, names),
    });
  }
  const device = need(list, 2, 'the disk', `fault ${kind} ${server} /dev/sdb`);
  return { kind: kind === 'fail-disk' ? 'failDisk' : 'healDisk', server, device };
}
