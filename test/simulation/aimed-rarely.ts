/**
 * Aimed moves (aims.ts) at moments that need several things at once, and so come about in no other
 * history: each hundredth one or so has one of them.
 */
import type { Dice } from './dice.ts';
import { type Aim, move, nets, wait } from './mark.ts';

/** A server takes so long from its power to its first heartbeat. */
const BOOT_MS = 300;

/**
 * The home starts later than the next one, which does not wait for it and leaves it the group; it dies in
 * its wait. Over slow networks that one lasts longer than the other's.
 */
const diesInItsWait: Aim = (dice, { home, next }) => [
  ...dice.config.servers.map(({ name }) => `kill ${name}`),
  `power-on ${next}`,
  'advance 2000',
  ...nets(dice, 'delay', `${home} ${next}`, /./).map((line) => `${line} 400`),
  `power-on ${home}`,
  `advance ${BOOT_MS + 400 + dice.of([50, 150, 250])}`,
  `begin exec ${next} clpbwctrl -c`,
  'advance 20',
  `kill ${home}`,
  'advance 9000',
];

/** Whoever should have a group is suspended as its home ends in order. */
const leftToTheSuspended: Aim = (dice, { home, next }) => [
  `begin exec ${next} clpcl --suspend`,
  'advance 2500',
  `begin exec ${home} ${dice.of(['clpcl -t', 'clpdown'])}`,
  'advance 9000',
  `begin exec ${next} clpcl --resume`,
  'advance 9000',
];

/**
 * All are suspended. One is resumed alone, is heard by the other for a while, and falls silent, for so long
 * that it would count as lost; then that other one is resumed, too.
 */
const silentWhileSuspended: Aim = (dice, { home, next }) => {
  const [first, second] = dice.of([
    [home, next],
    [next, home],
  ] as const);
  return [
    `begin exec ${first} clpcl --suspend`,
    'advance 2500',
    ...dice.config.servers
      .filter(({ name }) => name !== first)
      .map(({ name }) => `cut * ${first} ${name}`),
    `begin exec ${first} clpcl --resume`,
    'advance 4000',
    `heal * ${first} ${second}`,
    'advance 1000',
    dice.of([`kill ${first}`, `freeze ${first}`, `cut * ${first} ${second}`]),
    'advance 4000',
    `begin exec ${second} clpcl --resume`,
    'advance 9000',
  ];
};

/** A server boots beside others that are suspended, and run what it is the first one for. */
const bootsBesideSuspended: Aim = (dice, mark) => [
  ...dice.of([[], [move(mark), 'advance 6000']]),
  `begin exec ${mark.home} clpcl --suspend`,
  'advance 2500',
  ...[mark.home, mark.next].map((server) => dice.of([`kill ${server}`, `power-on ${server}`])),
  'advance 100',
  `power-on ${mark.home}`,
  `power-on ${mark.next}`,
  'advance 9000',
];

/** The controller says that the home is on, and hears no more of the order to cut its power. */
const orderLost: Aim = (dice, { home, next }) => {
  const pair = `${home} ${next}`;
  return [
    `delay bmc ${pair} 240`,
    ...nets(dice, 'cut', pair, /./),
    wait(dice, 1650, 1750, 1850, 1950, 2050, 2150),
    `cut bmc ${pair}`,
    'advance 9000',
  ];
};

/** Home and next do not hear each other, and their controllers refuse to be asked. */
const controllersRefuse: Aim = (dice, { home, next }) => [
  `refuse bmc ${home} ${next}`,
  ...nets(dice, 'cut', `${home} ${next}`, /./),
  wait(dice, 1700, 4000, 9000),
  ...dice.of([[], [`heal * ${home} ${next}`, 'advance 9000']]),
];

/** A command whose answer was lost is asked for again. */
const askedTwice: Aim = (dice, mark) => {
  const order = dice.of([move(mark), `begin exec ${mark.home} clpcl -t`]);
  return [order.replace('begin exec', 'begin exec-twice'), 'advance 9000'];
};

export function rareAims({ config }: Dice): Aim[] {
  const forced = config.forceStop === null ? [] : [orderLost, orderLost, controllersRefuse];
  const suspended = [leftToTheSuspended, silentWhileSuspended, bootsBesideSuspended];
  return [diesInItsWait, ...suspended, askedTwice, ...forced];
}
