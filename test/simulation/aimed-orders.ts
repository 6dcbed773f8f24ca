/** Aimed moves (aims.ts) about orders that are carried out long after they were given. */
import { type Aim, move, wait } from './mark.ts';

/** Whoever orders reaches the home late: what he saw is over when his order is carried out. */
export const lateOrder: Aim = (dice, mark) => {
  const { group, home, next } = mark;
  const lateMs = dice.of([400, 900]);
  const isStopped = dice.random.next() < 0.6;
  const [first, second] = isStopped ? ['-s', ['-s']] : ['-t', ['-t', '-m']];
  return [
    ...(isStopped ? [`begin exec ${home} clpgrp -t ${group}`, 'advance 4000'] : []),
    `delay lan0 ${home} ${next} ${lateMs}`,
    `begin exec ${next} clpgrp ${first} ${group} -h ${home}`,
    `advance ${Math.round(lateMs * dice.of([1.1, 1.5, 1.9]))}`,
    `begin exec ${isStopped ? next : home} clpgrp ${dice.of(second)} ${group}`,
    'advance 9000',
  ];
};

/** A daemon dies where a command waits for another server: its system goes down late. */
export const diesUnderCommand: Aim = (dice, mark) => [
  move(mark),
  'advance 9000',
  move(mark),
  wait(dice, 1, 100, 400),
  `kill-process ${mark.home} daemon`,
  'advance 9000',
];
