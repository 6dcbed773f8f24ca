/**
 * What happens to a simulated cluster, as lines of a scenario: crashes, freezes, cut, slow and
 * lossy cables, failing disks and scripts, clocks that are set, operators' commands, data written.
 * A move is text, so that a history can be read, replayed, cut down and kept.
 */
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';
import { RUNBOOKS } from '../support/scenario-runs.ts';
import { Dice, type Made } from './dice.ts';
import {
  apart,
  blackout,
  blink,
  broken,
  crossed,
  deafBoot,
  flap,
  sick,
  staggered,
  stuck,
  stumble,
  suspension,
  toTheLost,
} from './mishaps.ts';

const PAUSES_MS = [0, 1, 5, 20, 50, 150, 300, 700, 1000, 1500, 2000, 2500, 4000, 8000];
const SHORT_MS = [0, 1, 5, 20, 50, 150, 300];

/** Every cable between one server and all others. */
function isolate(dice: Dice, verb: 'cut' | 'heal'): string[] {
  const alone = dice.server();
  const way = verb === 'cut' && dice.random.next() < 0.3 ? ' oneway' : '';
  return dice.config.servers
    .filter(({ name }) => name !== alone)
    .map(({ name }) => `${verb} * ${alone} ${name}${way}`);
}

function healAll(dice: Dice): string[] {
  const { servers } = dice.config;
  return servers.flatMap(({ name }, at) =>
    servers.slice(at + 1).map((other) => `heal * ${name} ${other.name}`),
  );
}

/** Two halves that do not hear each other. */
function split(dice: Dice): string[] {
  const { servers } = dice.config;
  const at = 1 + dice.random.below(servers.length - 1);
  return servers
    .slice(0, at)
    .flatMap(({ name }) => servers.slice(at).map((other) => `cut * ${name} ${other.name}`));
}

function disk(dice: Dice): string[] {
  const mirror = dice.mirror();
  if (!mirror) return [];
  const verb = dice.of(['fail-disk', 'fail-disk', 'heal-disk']);
  return [`${verb} ${dice.server()} ${mirror.disk}`];
}

function write(dice: Dice): string[] {
  const mirror = dice.mirror();
  if (!mirror) return [];
  const first = dice.random.below(24);
  const flushed = dice.random.next() < 0.8 ? '' : ' unflushed';
  return [`begin write ${mirror.name} active ${first} ${1 + dice.random.below(8)}${flushed}`];
}

function mirrorCommand(dice: Dice): string[] {
  const mirror = dice.mirror();
  if (!mirror) return [];
  const op = dice.of(['--recovery', '--break', '--cancel', '--activate']);
  return dice.exec(mirror.control, op, mirror.name);
}

function script(dice: Dice): string[] {
  const exec = dice.config.resources.filter(({ type }) => type === 'exec');
  const { name } = dice.of(exec);
  const how = dice.of(['1', 'hangs', 'ok', 'ok']);
  return [`script ${dice.server()} ${name}/${dice.of(['start.sh', 'stop.sh'])} ${how}`];
}

/** A runbook, and sometimes a runner that dies on the way. */
function run(dice: Dice): string[] {
  const id = dice.of(RUNBOOKS[dice.config.manual === 'v3' ? 'v3le' : 'x5mirror']);
  const dies = dice.random.next() < 0.4 ? ` dies=${1 + dice.random.below(12)}` : '';
  return [`begin run ${id}${dies}`];
}

/** By their networks alone: shared disks and management controllers are still reached. */
function apartOnLans(dice: Dice, verb: 'cut' | 'heal'): string[] {
  const names = dice.config.servers.map(({ name }) => name);
  const at = 1 + dice.random.below(names.length - 1);
  const isAlone = dice.random.next() < 0.5;
  const alone = dice.server();
  const [here, there] = isAlone
    ? [[alone], names.filter((name) => name !== alone)]
    : [names.slice(0, at), names.slice(at)];
  const nets = dice.nets.filter((net) => !net.startsWith('disk'));
  return here.flatMap((one) =>
    there.flatMap((other) => nets.map((net) => `${verb} ${net} ${one} ${other}`)),
  );
}

/** A server and what stands outside: what is pinged, a shared disk. */
function fromOutside(dice: Dice): string[] {
  const nets = dice.nets.filter((net) => net.startsWith('disk') || net.startsWith('lan'));
  return [`${dice.of(['cut', 'heal'])} ${dice.of(nets)} ${dice.server()} outside`];
}

/** How quickly the management controllers of two answer each other. */
function controllers(dice: Dice): string[] {
  const pair = dice.pair();
  return [
    dice.of([`delay bmc ${pair} ${dice.of([0, 900, 1800, 6000])}`, `cut bmc ${pair}`]),
    `advance ${dice.of([300, 1500])}`,
    `kill ${pair.split(' ')[0]}`,
  ];
}

/** What operators type less often. */
function order(dice: Dice): string[] {
  const other = dice.server();
  const { name: resource } = dice.of(dice.config.resources);
  const { name: monitor } = dice.of(dice.config.monitors);
  const orders = [
    ['clpstdn', ...dice.of([[], ['-r']])],
    ['clpcl', dice.of(['-t', '-s', '-r']), '-h', other],
    ['clpcl', '--suspend', '--force'],
    ['clpdown', '-h', other, ...dice.of([[], ['-r']])],
    ['clpgrp', dice.of(['-s', '-t', '-m'])],
    ['clpgrp', '-s', dice.group(), '-h', other],
    ['clpgrp', '-m', dice.group(), '-a', other],
    ['clprsc', dice.of(['-s', '-t']), resource],
    ['clpbwctrl', '-c'],
    ['clprexec', '--failover', dice.group(), '-h', dice.address(other)],
    ['clpmonctrl', dice.of(['-s', '-r']), '-m', monitor, '-h', other],
    ['clpsvcctrl.sh', dice.of(['--enable', '--disable']), 'core'],
    ['clptoratio', '-i'],
    ['clpstat', '-i'],
  ];
  return dice.exec(...dice.of(orders));
}

/** Besides, in the clusters that have more (wider.ts). */
const WIDER: [number, Made][] = [
  [8, (dice) => [...apartOnLans(dice, 'cut'), `advance ${dice.of([300, 1700, 4000, 12_000])}`]],
  [4, (dice) => apartOnLans(dice, 'heal')],
  [4, fromOutside],
  [4, controllers],
  [3, (dice) => dice.exec('clpcl', '-t', '-a')],
  [12, order],
];

/** How often each, against the others. */
const MOVES: [number, Made][] = [
  [7, (dice) => [`kill ${dice.server()}`]],
  [9, (dice) => [`power-on ${dice.server()}`]],
  [2, (dice) => [`freeze ${dice.server()}`]],
  [3, (dice) => [`thaw ${dice.server()}`]],
  [5, (dice) => [`kill-process ${dice.server()} ${dice.of(['daemon', 'agent'])}`]],
  [6, (dice) => [`cut ${dice.of(dice.nets)} ${dice.pair()}`]],
  [3, (dice) => [`cut ${dice.of(dice.nets)} ${dice.pair()} oneway`]],
  [3, (dice) => [`cut * ${dice.pair()}`]],
  [2, split],
  [3, (dice) => isolate(dice, 'cut')],
  [3, (dice) => isolate(dice, 'heal')],
  [5, healAll],
  [4, flap],
  [1, (dice) => [`cut bmc ${dice.pair()}`]],
  [2, (dice) => [`heal * ${dice.pair()}`]],
  [2, (dice) => [`delay ${dice.of(dice.nets)} ${dice.pair()} ${dice.of([5, 100, 900, 2000])}`]],
  [1, (dice) => [`delay * ${dice.pair()} 0`]],
  [2, (dice) => [`lose ${dice.of(dice.nets)} ${dice.pair()} ${dice.of(['0.1', '0.5', '0.9'])}`]],
  [3, disk],
  [1, (dice) => [`skew ${dice.server()} ${dice.of([-3_600_000, -2000, 500, 86_400_000])}`]],
  [2, script],
  [8, write],
  [3, mirrorCommand],
  [4, (dice) => dice.exec('clpgrp', '-m', dice.group())],
  [2, (dice) => dice.exec('clpgrp', '-s', dice.group())],
  [2, (dice) => dice.exec('clpgrp', '-t', dice.group())],
  [3, (dice) => dice.exec('clpcl', '-t')],
  [3, (dice) => dice.exec('clpcl', '-s')],
  [1, (dice) => dice.exec('clpcl', dice.of(['-t', '-s', '-r']), '-a')],
  [1, (dice) => dice.exec('clpcl', dice.of(['--suspend', '--resume']))],
  [3, (dice) => dice.exec('clpdown', ...dice.of([[], ['-r']]))],
  [1, (dice) => dice.exec('clpmonctrl', dice.of(['-s', '-r']))],
  [1, (dice) => dice.exec('clptoratio', '-r', '3', '-t', '1m')],
  [1, (dice) => dice.exec('clpstat')],
  [3, run],
  [1, (dice) => [...run(dice), ...run(dice)]],
  [3, blink],
  [1, blackout],
  [2, deafBoot],
  [2, apart],
  [6, crossed],
  [2, suspension],
  [1, broken],
  [5, toTheLost],
  [3, stumble],
  [3, staggered],
  [2, stuck],
  [2, sick],
];
function drawn(dice: Dice, moves: readonly [number, Made][]): string[] {
  let left = dice.random.next() * moves.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, made] of moves) {
    left -= weight;
    if (left < 0) return made(dice);
  }
  return [];
}

/** A history: bursts of moves close together, with quiet between. */
export function randomMoves(
  random: SeededRandom,
  config: ClusterConfiguration,
  nets: readonly string[],
  isWider = false,
): string[] {
  const kinds = isWider ? [...MOVES, ...WIDER] : MOVES;
  const dice = new Dice(random, config, nets);
  const lines: string[] = [];
  const bursts = 1 + random.below(6);
  for (let burst = 0; burst < bursts; burst++) {
    const moves = 1 + random.below(6);
    for (let at = 0; at < moves; at++) {
      lines.push(...drawn(dice, kinds));
      lines.push(`advance ${dice.of(random.next() < 0.6 ? SHORT_MS : PAUSES_MS)}`);
    }
    lines.push(`advance ${dice.of(PAUSES_MS) + dice.of(PAUSES_MS)}`);
  }
  return lines.filter((line) => line !== 'advance 0');
}
