/**
 * Moves that are aimed: at a group on the server where it runs while all is well, and at the one that
 * would have it next. Chance alone seldom strikes both at the moment that matters. Two histories of five
 * are made of them alone, and one of ten of rare ones (aimed-rarely.ts): those are short, and the cluster is
 * whole when they begin.
 */
import { mirrorsOf } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';
import {
  copiesPart,
  copyFails,
  partedAtRest,
  unflushed,
  unheard,
  writtenWhileMoved,
} from './aimed-copies.ts';
import {
  bothStart,
  diesUnderCommand,
  lateOrder,
  runBesideDown,
  sickAtHome,
  twoRuns,
} from './aimed-orders.ts';
import { rareAims } from './aimed-rarely.ts';
import { Dice } from './dice.ts';
import { type Aim, cables, type Mark, move, wait } from './mark.ts';

/** All is whole again by then, mostly. */
const BETWEEN_MS = 14_000;

/**
 * A move, and its target lost, deaf or frozen at its start. Over the LANs alone, or one way, it may be
 * so for long before one of the two loses the other: longer than a request is sent again.
 */
const moveToLost: Aim = (dice, mark) => {
  const { home, next } = mark;
  const pair = `${home} ${next}`;
  const [begin, end] = dice.of([
    [[`cut * ${next} ${home} oneway`], [`heal * ${next} ${home}`]],
    [cables(dice, 'cut', pair, false), ['advance 12000', ...cables(dice, 'heal', pair, false)]],
    [[`kill ${next}`], []],
    [[`freeze ${next}`], [`thaw ${next}`]],
    [cables(dice, 'cut', pair, false), cables(dice, 'heal', pair, false)],
    [cables(dice, 'cut', pair, true), cables(dice, 'heal', pair, true)],
  ]);
  const order = [move(mark), wait(dice, 1, 20, 100, 300)];
  return [...order, ...begin, wait(dice, 900, 2500, 6000, 9000), ...end, 'advance 15000'];
};

/** A home that is back before its silence counts, and lost again while it waits for a third one. */
const lostTwice: Aim = (dice, { home, next }) => {
  const third = dice.config.servers.find(({ name }) => name !== home && name !== next)?.name;
  return [
    ...(third ? [`kill ${third}`, 'advance 3000'] : []),
    `kill ${home}`,
    wait(dice, 5, 300),
    `power-on ${home}`,
    wait(dice, 400, 1000),
    `kill ${home}`,
    'advance 6000',
  ];
};

/** Home and next do not hear each other, or their controllers do not answer either. */
const parted: Aim = (dice, { home, next }) => [
  ...dice.of([[`cut bmc ${home} ${next}`], [`delay bmc ${home} ${next} 1800`], []]),
  `cut * ${home} ${next}`,
  wait(dice, 1700, 8000),
  ...dice.of([[], [`heal * ${home} ${next}`, 'advance 33000']]),
];

/** The home dies while nobody can stop it by force, or only later. */
const unstoppable: Aim = (dice, { home }) => {
  const others = dice.config.servers.filter(({ name }) => name !== home);
  return [...others.map(({ name }) => `cut bmc ${name} ${home}`), `kill ${home}`, 'advance 9000'];
};

/** Gone, and back; the group goes there; then it is lost alive. */
const backAndParted: Aim = (dice, mark) => [
  `kill ${mark.next}`,
  'advance 5000',
  `power-on ${mark.next}`,
  'advance 9000',
  move(mark),
  'advance 6000',
  `cut * ${mark.home} ${mark.next}`,
  wait(dice, 1700, 4000),
];

/** A server boots, and while it waits for a third one it does not hear the group's home any more. */
const partedInWait: Aim = (dice, { home, next }) => {
  const { servers } = dice.config;
  const third = servers.find(({ name }) => name !== home && name !== next)?.name;
  return [
    ...(third ? [`kill ${third}`] : []),
    `kill ${next}`,
    'advance 5000',
    `power-on ${next}`,
    wait(dice, 600, 1500, 3000),
    `cut * ${home} ${next}`,
    'advance 9000',
  ];
};

/** The home is suspended; the next one starts beside it, or it is resumed after a while. */
const suspended: Aim = (dice, { home, next }) => [
  `begin exec ${home} clpcl --suspend`,
  'advance 2500',
  ...dice.of([[`kill ${next}`, 'advance 100', `power-on ${next}`, 'advance 9000'], []]),
  `begin exec ${home} clpcl --resume`,
  'advance 4000',
];

/** An application that does not stop, and a daemon that should. */
const unstopped: Aim = (dice, { home, exec = '' }) => [
  `script ${home} ${exec}/stop.sh 1`,
  `begin exec ${home} ${dice.of(['clpcl -t', 'clpdown'])}`,
  'advance 9000',
];

/** An application that starts nowhere any more, moved; then all daemons stop. */
const unstarted: Aim = (dice, mark) => [
  ...dice.config.servers.map(({ name }) => `script ${name} ${mark.exec ?? ''}/start.sh 1`),
  dice.of([move(mark), `kill ${mark.home}`]),
  'advance 9000',
  ...dice.of([[], dice.config.servers.map(({ name }) => `begin exec ${name} clpcl -t`)]),
  'advance 9000',
];

/** Two orders for one group, the second one while the first is carried out. */
const twoOrders: Aim = (dice, mark) => {
  const { group, home, next } = mark;
  const orders = [
    move(mark),
    `begin exec ${next} clpgrp -s ${group}`,
    `begin exec ${home} clpgrp -t ${group}`,
    `begin exec ${home} clpcl -t`,
    `begin exec ${home} clpdown`,
    `begin exec ${next} clpdown`,
  ];
  return [dice.of(orders), wait(dice, 1, 50, 330, 1600), dice.of(orders), 'advance 9000'];
};

/** Just one order, and nothing else. */
const oneOrder: Aim = (dice, mark) => [
  dice.of([move(mark), `begin exec ${mark.next} clpgrp -s ${mark.group}`]),
  'advance 9000',
];

/** A server goes down with a group, is back, has it again, and stops in order. */
const backAndStopped: Aim = (dice, { home, next, group }) => [
  dice.of([`kill ${home}`, `kill-process ${home} daemon`]),
  'advance 9000',
  `power-on ${home}`,
  'advance 9000',
  ...dice.of([[], [`begin exec ${next} clpgrp -m ${group}`, 'advance 6000']]),
  `begin exec ${home} clpcl -t`,
  'advance 6000',
];

/** Of two networks one is slow: what was said before is heard after what was said since. */
const overtaken: Aim = (dice, mark) => [
  `delay lan0 ${mark.home} ${mark.next} ${dice.of([400, 900])}`,
  'advance 3000',
  dice.of([move(mark), `begin exec ${mark.home} clpcl -t`]),
  'advance 6000',
];

/** An agent that dies, and its group ordered there meanwhile. */
const agentLost: Aim = (dice, mark) => [
  `kill-process ${mark.next} agent`,
  wait(dice, 1, 50, 300),
  move(mark),
  'advance 9000',
];

const AIMS: Aim[] = [
  moveToLost,
  moveToLost,
  lostTwice,
  parted,
  unstoppable,
  backAndParted,
  partedInWait,
  suspended,
  unstopped,
  unstarted,
  twoOrders,
  oneOrder,
  backAndStopped,
  overtaken,
  twoRuns,
  twoRuns,
  lateOrder,
  lateOrder,
  bothStart,
  diesUnderCommand,
  diesUnderCommand,
  runBesideDown,
  sickAtHome,
];
const MIRROR_AIMS: Aim[] = [
  copiesPart,
  copiesPart,
  copiesPart,
  partedAtRest,
  unheard,
  unflushed,
  unflushed,
  copyFails,
  writtenWhileMoved,
  agentLost,
];

function markOf(dice: Dice, isMirrored: boolean): Mark {
  const { config } = dice;
  const mirrors = new Set(mirrorsOf(config).map(({ name }) => name));
  const groups = config.groups.filter(({ resources }) => {
    return !isMirrored || resources.some((name) => mirrors.has(name));
  });
  const { name, servers, resources } = dice.of(groups);
  const exec = config.resources.find((one) => one.type === 'exec' && resources.includes(one.name));
  const [home = '', next = ''] = servers;
  return { group: name, home, next, exec: exec?.name };
}

type Kind = 'aimed' | 'rare' | 'random';

/** Of which moves a seed's history is made: of aimed ones, of those that are aimed at rare moments, or of any. */
export function kindOf(random: SeededRandom): Kind {
  const drawn = random.fork('aimed').next();
  if (drawn < 0.4) return 'aimed';
  return drawn < 0.5 ? 'rare' : 'random';
}

export function aimedMoves(
  random: SeededRandom,
  config: ClusterConfiguration,
  nets: readonly string[],
  kind: Exclude<Kind, 'random'>,
): string[] {
  const dice = new Dice(random, config, nets);
  const hasMirrors = mirrorsOf(config).length > 0;
  const lines: string[] = [];
  const count = 1 + random.below(2);
  for (let at = 0; at < count; at++) {
    const isMirrored = hasMirrors && kind === 'aimed' && random.next() < 0.5;
    const aims = kind === 'rare' ? rareAims(dice) : isMirrored ? MIRROR_AIMS : AIMS;
    const aim = dice.of(aims);
    lines.push(...aim(dice, markOf(dice, isMirrored)), `advance ${BETWEEN_MS}`);
  }
  return lines.filter((line) => line !== 'advance 0');
}
