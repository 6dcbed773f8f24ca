/**
 * A storm: commands and faults in an order that a seed decides, with the standing oracles asked
 * after each. It ends with everything healed, so that what then serves can be verified.
 */
import { describeError } from '../../src/core/errors.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { type Stage, VERBS } from './scenario-verbs.ts';

const NETS = ['*', 'lan0', 'lan1', 'mdc400', 'control'];

function gusts(random: SeededRandom): string[] {
  const one = random.below(2) === 0 ? 'server1' : 'server2';
  const other = one === 'server1' ? 'server2' : 'server1';
  const net = NETS[random.below(NETS.length)]!;
  const [from, to] = net === 'control' ? ['control', one] : [one, other];
  const way = random.below(3) === 0 ? ' oneway' : '';
  const first = random.below(64);
  return [
    `cut ${net} ${from} ${to}${way}`,
    `heal ${net} ${from} ${to}`,
    'heal * server1 server2',
    `kill ${one}`,
    `power-on ${one}`,
    `power-on ${other}`,
    `freeze ${one}`,
    `thaw ${one}`,
    `kill-process ${one} ${random.below(2) === 0 ? 'daemon' : 'agent'}`,
    `write md1 ${one} ${first} 4`,
    `write md1 ${other} ${first} 4`,
    `write md1 ${one} ${first} 8`,
    `exec ${one} clpgrp -s failover1`,
    `exec ${one} clpgrp -m failover1`,
    `exec ${one} clpgrp -t failover1`,
    `exec ${one} clpmdctrl --recovery md1`,
    `exec ${one} clpmdctrl --break md1`,
    `exec ${one} clpcl -t`,
    `exec ${one} clpcl -s`,
    `exec ${one} reboot`,
    `delay lan0 server1 server2 ${random.below(300)}`,
    `surge ${one} ${first}`,
    `surge ${other} ${first}`,
    `surge ${one} ${first}`,
    'fail-disk server2 /dev/sdb',
    'heal-disk server2 /dev/sdb',
    `advance ${random.below(3000) / 1000}`,
    `advance ${random.below(300)}`,
    `advance ${random.below(8000)}`,
  ];
}

/** Writes that are under way while the next thing happens. */
async function surge({ twin }: Stage, [server = '', first = '0']: string[]): Promise<void> {
  void twin.io.write('md1', server, Number(first), 12);
  await twin.advance(1);
}

export interface Storm {
  /** Every command played, for the person who has to understand what went wrong. */
  played: string[];
  wrong: string[];
}

async function blow(stage: Stage, storm: Storm, command: string): Promise<void> {
  const [verb = '', ...words] = command.split(' ');
  storm.played.push(command);
  try {
    if (verb === 'surge') await surge(stage, words);
    else await VERBS[verb]!(stage, words);
  } catch (error) {
    // Refusals and silence are what a storm is about; a defect is not.
    const words = describeError(error);
    if (!(error instanceof Error && 'code' in error)) storm.wrong.push(`${command}: ${words}`);
  }
  for (const words of await stage.twin.violations()) storm.wrong.push(`${command}: ${words}`);
}

export async function storm(twin: Twin, seed: string, length: number): Promise<Storm> {
  const random = new SeededRandom(`storm ${seed}`);
  const stage: Stage = { twin, logSeen: 0 };
  const weather: Storm = { played: [], wrong: [] };
  for (let step = 0; step < length && weather.wrong.length === 0; step++) {
    const choices = gusts(random);
    await blow(stage, weather, choices[random.below(choices.length)]!);
  }
  const calm = [
    'heal * server1 server2',
    'heal control control server1',
    'heal control control server2',
    'delay lan0 server1 server2 0',
    'heal-disk server2 /dev/sdb',
    'thaw server1',
    'thaw server2',
    'power-on server1',
    'power-on server2',
    'advance 30000',
    'rest',
  ];
  for (const command of calm) await blow(stage, weather, command);
  return weather;
}
