/** Aimed moves (aims.ts) about orders that are carried out late, or at the same time as others. */
import { RUNBOOKS } from '../support/scenario-runs.ts';
import { type Aim, move, wait } from './mark.ts';

/** Whoever orders reaches the home late: what he saw is over when his order is carried out. */
export const lateOrder: Aim = (dice, mark) => {
  const { group, home, next } = mark;
  // Twice as much is still an answer in time for whoever looks before he orders.
  const lateMs = dice.of([250, 480, 480]);
  const isStopped = dice.random.next() < 0.6;
  const [first, second] = isStopped ? ['-s', ['-s']] : ['-t', ['-t', '-m']];
  return [
    ...(isStopped ? [`begin exec ${home} clpgrp -t ${group}`, 'advance 4000'] : []),
    `delay lan0 ${home} ${next} ${lateMs}`,
    `begin exec ${next} clpgrp ${first} ${group} -h ${home}`,
    `advance ${Math.round(lateMs * dice.of([1.1, 1.6, 1.9]))}`,
    `begin exec ${isStopped ? next : home} clpgrp ${dice.of(second)} ${group}`,
    'advance 9000',
  ];
};

/** Two servers are told to start one group, neither of which can know of the other one's order. */
export const bothStart: Aim = (dice, { group, home, next }) => [
  `begin exec ${home} clpgrp -t ${group}`,
  'advance 4000',
  `begin exec ${home} clpgrp -s ${group}`,
  wait(dice, 0, 0, 1),
  `begin exec ${next} clpgrp -s ${group}`,
  'advance 9000',
];

/** A daemon dies where a command waits for another server: its system goes down late. */
export const diesUnderCommand: Aim = (dice, mark) => {
  const { group, home, next } = mark;
  const isFit = (servers: readonly string[]) => servers.includes(home) && servers.includes(next);
  const other = dice.config.groups.find(({ name, servers }) => name !== group && isFit(servers));
  const away = { ...mark, group: other?.name ?? group };
  return [
    `${move(away)} -a ${next}`,
    'advance 6000',
    `${move(away)} -a ${home}`,
    wait(dice, 1, 20, 200),
    `kill-process ${home} daemon`,
    'advance 9000',
  ];
};

/** Two runners at once, one of them deaf to another server. */
export const twoRuns: Aim = (dice, { home, next }) => {
  const id = dice.of(RUNBOOKS[dice.config.manual === 'v3' ? 'v3le' : 'x5mirror']);
  return [
    ...dice.of([[], [`cut lan0 ${home} ${next}`]]),
    `begin run ${id}`,
    wait(dice, 0, 0, 5, 300, 1200),
    ...dice.of([[], [`kill ${next}`]]),
    `begin run ${id}`,
    'advance 9000',
  ];
};

/** A runner begins while a server is down, or on its way up. */
export const runBesideDown: Aim = (dice, { home, next }) => [
  `kill ${dice.of([home, next])}`,
  wait(dice, 5, 2500),
  ...dice.of([[], [`power-on ${next}`, 'advance 100']]),
  `begin run ${dice.of(RUNBOOKS[dice.config.manual === 'v3' ? 'v3le' : 'x5mirror'])}`,
  'advance 9000',
];

/** A monitor's script fails where its group runs, for a while or for ever. */
export const sickAtHome: Aim = (dice, { home }) => {
  const monitors = dice.config.monitors.filter(({ type }) => type === 'genw');
  if (monitors.length === 0) return [];
  const path = `monitor.s/${dice.of(monitors).name}/genw.sh`;
  const where = dice.of([[home], dice.config.servers.map(({ name }) => name)]);
  return [
    ...where.map((name) => `script ${name} ${path} 1`),
    wait(dice, 4500, 7000, 12_000),
    ...dice.of([[], where.map((name) => `script ${name} ${path} ok`)]),
    'advance 9000',
  ];
};
