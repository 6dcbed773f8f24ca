/**
 * What happens to a simulated cluster, as lines of a scenario: crashes, freezes, cut, slow and
 * lossy cables, failing disks and scripts, clocks that are set, operators' commands, data written.
 * A move is text, so that a history can be read, replayed, cut down and kept.
 */
import { mirrorsOf } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';
import { RUNBOOKS } from '../support/scenario-runs.ts';

type Made = (dice: Dice) => string[];

const PAUSES_MS = [0, 1, 5, 20, 50, 150, 300, 700, 1000, 1500, 2000, 2500, 4000, 8000];
const SHORT_MS = [0, 1, 5, 20, 50, 150, 300];

/** Chance, with the names that there are. */
class Dice {
  readonly random: SeededRandom;
  readonly config: ClusterConfiguration;
  readonly nets: readonly string[];

  constructor(random: SeededRandom, config: ClusterConfiguration, nets: readonly string[]) {
    this.random = random;
    this.config = config;
    this.nets = nets.filter((net) => net !== 'bmc');
  }

  of<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)] as T;
  }

  server(): string {
    return this.of(this.config.servers).name;
  }

  /** Two different servers. */
  pair(): string {
    const { servers } = this.config;
    const at = this.random.below(servers.length);
    const by = 1 + this.random.below(servers.length - 1);
    return `${servers[at]?.name} ${servers[(at + by) % servers.length]?.name}`;
  }

  group(): string {
    return this.of(this.config.groups).name;
  }

  address(server: string): string {
    const found = this.config.servers.find(({ name }) => name === server);
    return found?.devices.find(({ kind }) => kind === 'lan')?.info ?? '';
  }

  mirror(): { name: string; control: string; disk: string } | null {
    const mirrors = mirrorsOf(this.config);
    if (mirrors.length === 0) return null;
    const { name, type, parameters } = this.of(mirrors);
    const control = type === 'hd' ? 'clphdctrl' : 'clpmdctrl';
    return { name, control, disk: String(parameters['diskdev/dppath']).replace(/\d+$/, '') };
  }

  exec(...argv: string[]): string[] {
    return [`begin exec ${this.server()} ${argv.join(' ')}`];
  }
}

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

/** A short cut: healed before, or just when, a heartbeat is lost. */
function flap(dice: Dice): string[] {
  const pair = dice.pair();
  const ms = dice.of([50, 200, 600, 1200, 1490, 1700, 3000]);
  return [`cut * ${pair}`, `advance ${ms}`, `heal * ${pair}`];
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
  return [`begin write ${mirror.name} active ${first} ${1 + dice.random.below(8)}`];
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

/** A server loses its power, and has it again before, or after, its silence counts. */
function blink(dice: Dice): string[] {
  const server = dice.server();
  const ms = dice.of([5, 300, 900, 1400, 3000]);
  return [`kill ${server}`, `advance ${ms}`, `power-on ${server}`];
}

/** All lose their power and have it again one after the other; one of them not for long. */
function blackout(dice: Dice): string[] {
  const names = dice.config.servers.map(({ name }) => name);
  const back = names.flatMap((name) => [
    `power-on ${name}`,
    `advance ${dice.of([0, 1, 300, 2000])}`,
  ]);
  return [
    ...names.map((name) => `kill ${name}`),
    ...(dice.random.next() < 0.3 ? [`cut bmc ${dice.pair()}`] : []),
    ...back,
    ...(dice.random.next() < 0.6
      ? [`advance ${dice.of([300, 4000])}`, `kill ${dice.server()}`]
      : []),
  ];
}

/** A server boots where it hears nobody; then, sometimes, the others lose their power. */
function deafBoot(dice: Dice): string[] {
  const alone = dice.server();
  const others = dice.config.servers.map(({ name }) => name).filter((name) => name !== alone);
  const cuts = others.map((name) => `cut * ${alone} ${name}`);
  const lost = dice.random.next() < 0.4 ? others.map((name) => `kill ${name}`) : [];
  return [
    `kill ${alone}`,
    ...cuts,
    `power-on ${alone}`,
    `advance ${dice.of([4000, 8000])}`,
    ...lost,
  ];
}

/** A server comes back before its silence counts, and is lost again before it has settled. */
function stumble(dice: Dice): string[] {
  const server = dice.server();
  return [
    `kill ${server}`,
    `advance ${dice.of([5, 300, 900])}`,
    `power-on ${server}`,
    `advance ${dice.of([310, 350, 400, 700, 1100, 4000])}`,
    `kill ${server}`,
  ];
}

/** All start anew, one after the other; one that others waited for is lost at its start. */
function staggered(dice: Dice): string[] {
  const { servers } = dice.config;
  const [first = '', second = ''] = dice.pair().split(' ');
  return [
    ...servers.map(({ name }) => `kill ${name}`),
    `power-on ${first}`,
    `advance ${dice.of([500, 2000, 4000])}`,
    `power-on ${second}`,
    `advance ${dice.of([300, 1200, 3200, 4800])}`,
    ...(dice.random.next() < 0.3 ? dice.exec('clpbwctrl', '-c') : []),
    `advance ${dice.of([5, 50, 300, 1600])}`,
    `kill ${second}`,
  ];
}

/** An application that stops on no server any more, and what wants it stopped. */
function stuck(dice: Dice): string[] {
  const exec = dice.config.resources.filter(({ type }) => type === 'exec');
  const { name } = dice.of(exec);
  const group = dice.config.groups.find(({ resources }) => resources.includes(name))?.name ?? '';
  const how = dice.of(['1', 'hangs']);
  const orders = [
    ['clpgrp', '-t', group],
    ['clpgrp', '-m', group],
    ['clpcl', '-t'],
    ['clpcl', '-t', '-a'],
    ['clpdown'],
  ];
  const order = dice.of(orders);
  return [
    ...dice.config.servers.map((one) => `script ${one.name} ${name}/stop.sh ${how}`),
    ...dice.exec(...order),
  ];
}

/** A monitor's script fails for a while, or on one server for ever: its target restarts, then goes. */
function sick(dice: Dice): string[] {
  const monitors = dice.config.monitors.filter(({ type }) => type === 'genw');
  if (monitors.length === 0) return [];
  const { name } = dice.of(monitors);
  const { servers } = dice.config;
  const isOne = dice.random.next() < 0.5;
  const where = isOne ? [dice.of(servers)] : servers;
  const set = (how: string) =>
    where.map((one) => `script ${one.name} monitor.s/${name}/genw.sh ${how}`);
  const long = `advance ${dice.of([2500, 6000, 12_000])}`;
  return [...set('1'), long, ...(isOne ? [] : set('ok'))];
}

/** Two servers that neither hear each other nor can be stopped by force. */
function apart(dice: Dice): string[] {
  const pair = dice.pair();
  return [`cut bmc ${pair}`, `cut * ${pair}`, `advance ${dice.of([1500, 4000, 8000])}`];
}

/** What makes a group go elsewhere, and a fault while it goes. */
function crossed(dice: Dice): string[] {
  const orders = [
    () => dice.exec('clpgrp', '-m', dice.group()),
    () => dice.exec('clpcl', '-t'),
    () => dice.exec('clpdown'),
    () => [`kill ${dice.server()}`, `advance ${dice.of([1000, 1400, 1500, 1600])}`],
  ];
  const faults = [
    () => flap(dice),
    () => [`kill ${dice.server()}`],
    () => blink(dice),
    () => [`delay * ${dice.pair()} ${dice.of([100, 900, 2000])}`],
  ];
  const ordered = dice.of(orders)();
  const fault = dice.of(faults)();
  const wait = `advance ${dice.of([1, 5, 20, 30, 50, 100])}`;
  return dice.random.next() < 0.7 ? [...ordered, wait, ...fault] : [...fault, wait, ...ordered];
}

/** A group goes to a server that was lost a moment ago, and is back, or not, a moment later. */
function toTheLost(dice: Dice): string[] {
  const [lost = '', server = ''] = dice.pair().split(' ');
  const [begin, end] = dice.of([
    [`kill ${lost}`, `power-on ${lost}`],
    [`kill-process ${lost} daemon`, `power-on ${lost}`],
    [`freeze ${lost}`, `thaw ${lost}`],
    [`cut * ${lost} ${server}`, `heal * ${lost} ${server}`],
  ] as const);
  const orders = [['clpgrp', '-m', dice.group()], ['clpcl', '-t'], ['clpdown']];
  return [
    begin,
    `advance ${dice.of([1, 5, 100, 700, 1300, 1480])}`,
    `begin exec ${server} ${dice.of(orders).join(' ')}`,
    `advance ${dice.of([20, 50, 300, 1000, 3000])}`,
    ...(dice.random.next() < 0.6 ? [end] : []),
  ];
}

/** A suspended server, another one that boots beside it, and sometimes its resumption. */
function suspension(dice: Dice): string[] {
  const [server = '', other = ''] = dice.pair().split(' ');
  return [
    `begin exec ${server} clpcl --suspend`,
    `advance ${dice.of([300, 2000])}`,
    ...(dice.random.next() < 0.5 ? [`kill ${other}`, `power-on ${other}`, 'advance 8000'] : []),
    ...(dice.random.next() < 0.7 ? [`begin exec ${server} clpcl --resume`] : []),
  ];
}

/** An application that starts on no server any more. */
function broken(dice: Dice): string[] {
  const exec = dice.config.resources.filter(({ type }) => type === 'exec');
  const { name } = dice.of(exec);
  const scripts = dice.config.servers.map((one) => `script ${one.name} ${name}/start.sh 1`);
  return [...scripts, `kill ${dice.server()}`];
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
  [1, deafBoot],
  [2, apart],
  [6, crossed],
  [2, suspension],
  [1, broken],
  [3, toTheLost],
  [2, stumble],
  [1, staggered],
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
