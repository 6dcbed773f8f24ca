/**
 * A simulated history from its first line to the end. The same lines give the same history, so a
 * seed, or the text that it stands for, shows again what was found.
 */

import { buildTwin } from '../../src/sim/twin.ts';
import { type Stage, VERBS } from '../support/scenario-verbs.ts';
import { aimedMoves, kindOf } from './aims.ts';
import { calm, excusedBy } from './calm.ts';
import { LogOrder } from './log-order.ts';
import { randomMoves } from './moves.ts';
import { Watch } from './watch.ts';
import { controllersOf, isWider } from './wider.ts';
import { headOf, randomOf, twinOptionsOf, worldFrom, worldOf } from './worlds.ts';

/** So long after a cluster has come back a command of before may still wait. */
const ANSWER_MS = 60_000;

export interface History {
  /** `cluster …`, then one move a line. */
  lines: string[];
}

export interface Played {
  /** What the operator had to do in the end, and what was found wrong. */
  outcome: string;
  /** The first thing that no history may show; null: nothing was. */
  violation: string | null;
  virtualMs: number;
}

/** The history that a seed stands for. */
export async function historyOf(seed: number): Promise<History> {
  const random = randomOf(seed);
  const world = worldOf(seed);
  const twin = await buildTwin(twinOptionsOf(world));
  const { nets } = twin.network.cables;
  const chance = random.fork('moves');
  const kind = kindOf(random);
  const moves =
    kind === 'random'
      ? randomMoves(chance, twin.config, nets, isWider(world))
      : aimedMoves(chance, twin.config, nets, kind);
  return { lines: [headOf(world), 'up', ...controllersOf(world, twin.config), ...moves] };
}

async function playLine(stage: Stage, line: string): Promise<string> {
  const [verb = '', ...words] = line.split(' ');
  const act = VERBS[verb];
  if (!act) throw new Error(`a history knows no verb ${verb}: ${line}`);
  // A fault that has nothing to strike (a server that is off) is none.
  return Promise.resolve(act(stage, words)).catch((error: unknown) => {
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    return '';
  });
}

export async function playHistory({ lines }: History): Promise<Played> {
  const [head = '', ...moves] = lines;
  const world = worldFrom(head);
  const twin = await buildTwin(twinOptionsOf(world));
  twin.scripts.durationMs = world.scriptMs;
  const stage: Stage = { twin, logSeen: 0 };
  const watch = new Watch(twin);
  const order = new LogOrder(twin.config);
  const from = twin.clock.now();
  /** Commands that were begun and have not ended. What waits for a server that dies may wait long. */
  const open = new Map<string, string>();
  const boots = () => twin.servers.map((one) => `${one.isUp()}${one.state().bootId}`).join(' ');
  let outcome = '';
  try {
    for (const line of moves) {
      const before = stage.begun?.length ?? 0;
      await playLine(stage, line);
      if (line.startsWith('begin exec')) {
        open.set(line, boots());
        void Promise.all(stage.begun?.slice(before) ?? []).then(() => open.delete(line));
      }
      const found = [...watch.found.splice(0), ...order.judge(twin.log)];
      found.push(...(stage.defects ?? []), ...(await twin.violations()));
      for (const words of found) {
        outcome += `VIOLATION: after '${line}': ${words}\n`;
      }
      if (outcome !== '') break;
    }
    if (outcome === '') outcome = await calm(stage, excusedBy(moves, twin, watch.suspended));
    if (!outcome.includes('VIOLATION')) {
      if (open.size > 0) await twin.advance(ANSWER_MS);
      for (const [line, boot] of open) {
        if (boot === boots()) outcome += `VIOLATION: '${line}' never ends\n`;
      }
    }
    const late = [...watch.found, ...order.judge(twin.log), ...(stage.defects ?? [])];
    if (!outcome.includes('VIOLATION')) late.push(...order.open());
    for (const words of late) outcome += `VIOLATION: ${words}\n`;
  } catch (error) {
    outcome += `VIOLATION: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`;
  }
  watch.stop();
  const [, violation = null] = /^VIOLATION: (.*)$/m.exec(outcome) ?? [];
  return { outcome, violation, virtualMs: twin.clock.now() - from };
}
