/** Aimed moves (aims.ts) about the two copies of a mirror: who goes on with which of them. */
import type { Dice } from './dice.ts';
import { type Aim, move, nets, wait } from './mark.ts';

const write = (dice: Dice, count: number) =>
  `begin write ${dice.mirror()?.name ?? ''} active ${dice.random.below(16)} ${count}`;

/** The mirror's two copies part, one is written; then its server dies, or both are joined again. */
export const copiesPart: Aim = (dice, mark) => {
  const { home, next } = mark;
  const pair = `${home} ${next}`;
  // All of their cables, those that carry more than heartbeats, or the mirror's own.
  const way = dice.of([/./, /^(lan|mdc)/, /^mdc/, /^mdc/]);
  const written = write(dice, 4);
  return [
    ...(dice.random.next() < 0.5 ? [written, wait(dice, 0, 1)] : []),
    ...nets(dice, 'cut', pair, way),
    wait(dice, 1, 700, 2500),
    written,
    wait(dice, 1, 50, 1000),
    ...dice.of([
      [`kill ${home}`, 'advance 6000'],
      [`kill ${home}`, 'advance 6000'],
      [`kill ${next}`, 'advance 300', `power-on ${next}`, `kill ${home}`, 'advance 9000'],
      [...nets(dice, 'heal', pair, way), 'advance 6000'],
      [`begin exec ${next} clpmdctrl --activate ${dice.mirror()?.name ?? ''}`, 'advance 4000'],
    ]),
  ];
};

/** While nobody has the mirror its connection is lost; the next one has it and dies. */
export const partedAtRest: Aim = (dice, mark) => {
  const { group, home, next } = mark;
  return [
    `begin exec ${home} clpgrp -t ${group}`,
    'advance 4000',
    ...nets(dice, 'cut', `${home} ${next}`, /^mdc/),
    wait(dice, 300, 2000),
    `begin exec ${next} clpgrp -s ${group}`,
    'advance 4000',
    write(dice, 4),
    wait(dice, 1, 1000),
    `kill ${next}`,
    'advance 9000',
  ];
};

/** The two daemons do not hear each other, and their agents do. */
export const unheard: Aim = (dice, { home, next }) => [
  ...nets(dice, 'cut', `${home} ${next}`, /^(?!mdc)/),
  wait(dice, 4000, 9000),
];

/** A mirror is given up while it is written. */
export const writtenWhileMoved: Aim = (dice, mark) => [
  write(dice, 8),
  move(mark),
  write(dice, 8),
  'advance 9000',
];

/** The disk fails under a copy that is written. */
export const copyFails: Aim = (dice, mark) => {
  const { name = '', disk = '' } = dice.mirror() ?? {};
  return [
    write(dice, 8),
    `fail-disk ${dice.of([mark.home, mark.home, mark.next])} ${disk}`,
    write(dice, 8),
    'advance 9000',
    ...dice.of([[], [`begin exec ${mark.home} clpmdctrl --activate ${name}`]]),
  ];
};

/** Written as a page cache writes, without a flush; then a server is lost, perhaps after a move. */
export const unflushed: Aim = (dice, mark) => {
  const lost = dice.of([mark.home, mark.next]);
  return [
    `${write(dice, 8)} unflushed`,
    wait(dice, 2, 50, 500),
    ...dice.of([[], [move(mark), 'advance 4000']]),
    `kill ${lost}`,
    wait(dice, 300, 3000),
    `power-on ${lost}`,
    'advance 9000',
  ];
};
