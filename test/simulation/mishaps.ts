/**
 * Several moves of a simulated history that belong together: a fault at the moment at which it
 * hurts, a server that is lost again, an order to a cluster that cannot follow it.
 */
import type { Dice } from './dice.ts';

/** A short cut: healed before, or just when, a heartbeat is lost. */
export function flap(dice: Dice): string[] {
  const pair = dice.pair();
  const ms = dice.of([50, 200, 600, 1200, 1490, 1700, 3000]);
  return [`cut * ${pair}`, `advance ${ms}`, `heal * ${pair}`];
}

/** A server loses its power, and has it again before, or after, its silence counts. */
export function blink(dice: Dice): string[] {
  const server = dice.server();
  const ms = dice.of([5, 300, 900, 1400, 3000]);
  return [`kill ${server}`, `advance ${ms}`, `power-on ${server}`];
}

/** All lose their power and have it again one after the other; one of them not for long. */
export function blackout(dice: Dice): string[] {
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
export function deafBoot(dice: Dice): string[] {
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

/** A server comes back before its silence counts, and is lost again while it waits for a third one. */
export function stumble(dice: Dice): string[] {
  const [server = '', third = ''] = dice.pair().split(' ');
  const isWaiting = dice.config.servers.length > 2;
  return [
    ...(isWaiting ? [`kill ${third}`, `advance ${dice.of([5, 3000])}`] : []),
    `kill ${server}`,
    `advance ${dice.of([5, 300, 900])}`,
    `power-on ${server}`,
    `advance ${dice.of([310, 350, 400, 700, 1100, 4000])}`,
    `kill ${server}`,
  ];
}

/** All start anew, one after the other; one that others waited for is lost at its start. */
export function staggered(dice: Dice): string[] {
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
export function stuck(dice: Dice): string[] {
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
export function sick(dice: Dice): string[] {
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
export function apart(dice: Dice): string[] {
  const pair = dice.pair();
  return [`cut bmc ${pair}`, `cut * ${pair}`, `advance ${dice.of([1500, 4000, 8000])}`];
}

/** What makes a group go elsewhere, and a fault while it goes. */
export function crossed(dice: Dice): string[] {
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

/** By their networks alone: what else carries heartbeats goes on. */
function onLans(dice: Dice, verb: 'cut' | 'heal', pair: string): string[] {
  const lans = dice.nets.filter((net) => /^(lan|mdc)/.test(net));
  return lans.map((net) => `${verb} ${net} ${pair}`);
}

/** A group goes to a server that is lost a moment before or after; it is back a moment later, or not. */
export function toTheLost(dice: Dice): string[] {
  const pair = dice.pair();
  const [lost = '', server = ''] = pair.split(' ');
  const [begin, end] = dice.of([
    [[`kill ${lost}`], [`power-on ${lost}`]],
    [[`kill-process ${lost} daemon`], [`power-on ${lost}`]],
    [[`freeze ${lost}`], [`thaw ${lost}`]],
    [[`cut * ${pair}`], [`heal * ${pair}`]],
    [onLans(dice, 'cut', pair), onLans(dice, 'heal', pair)],
  ] as const);
  const orders = [
    ['clpgrp', '-m', dice.group()],
    ['clpgrp', '-m', dice.group()],
    ['clpcl', '-t'],
  ];
  const order = [`begin exec ${server} ${dice.of([...orders, ['clpdown']]).join(' ')}`];
  const wait = [`advance ${dice.of([1, 5, 21, 100, 250, 330, 700, 1300, 1480])}`];
  const first =
    dice.random.next() < 0.3 ? [...begin, ...wait, ...order] : [...order, ...wait, ...begin];
  const back = dice.random.next() < 0.6 ? end : [];
  return [...first, `advance ${dice.of([50, 300, 1000, 3000, 6000])}`, ...back];
}

/** A suspended server, another one that boots beside it, and sometimes its resumption. */
export function suspension(dice: Dice): string[] {
  const [server = '', other = ''] = dice.pair().split(' ');
  return [
    `begin exec ${server} clpcl --suspend`,
    `advance ${dice.of([300, 2000])}`,
    ...(dice.random.next() < 0.5 ? [`kill ${other}`, `power-on ${other}`, 'advance 8000'] : []),
    ...(dice.random.next() < 0.7 ? [`begin exec ${server} clpcl --resume`] : []),
  ];
}

/** An application that starts on no server any more. */
export function broken(dice: Dice): string[] {
  const exec = dice.config.resources.filter(({ type }) => type === 'exec');
  const { name } = dice.of(exec);
  const scripts = dice.config.servers.map((one) => `script ${one.name} ${name}/start.sh 1`);
  return [...scripts, `kill ${dice.server()}`];
}
