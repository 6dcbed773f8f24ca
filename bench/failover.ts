/**
 * Failover in the lab with a heartbeat timeout of one second: from the fault to the first write,
 * sent after it, that a copy acknowledges and returns when read. And the planned move.
 */

import type { Fault } from '../src/host/faults.ts';
import type { Lab } from '../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../src/runbook/language/expressions/expresscluster.ts';
import type { ClusterConfiguration } from '../src/schema/generated/cluster-configuration.ts';
import { apply, becomeWhole, cables, SERVERS, verify } from './faults.ts';
import { type Benchmark, type Figure, median, timed } from './figures.ts';
import { inWords, logs, quick, withLab } from './lab.ts';

const ROUNDS = Number(process.env.DRYDOCK_BENCH_ROUNDS ?? 5);
const WRITTEN_BLOCKS = 20;
/** The first write after a fault goes past those of the record. */
const PROBE_OFFSET = 4096 * 100;
const PATIENCE_MS = 15_000;

/** Resolves with the server that first acknowledges and returns what is written from now on. */
async function firstWrite(lab: Lab, servers: string[], mark: number): Promise<string> {
  const limit = performance.now() + PATIENCE_MS;
  const data = Buffer.alloc(4096, mark).toString('base64');
  const tries = servers.map(async (server) => {
    while (performance.now() < limit) {
      try {
        const to = { server, part: 'agent' as const };
        const left = () => Math.max(1, limit - performance.now());
        await lab
          .wire()
          .request(to, { do: 'write', mirror: 'md1', offset: PROBE_OFFSET, data }, left());
        const back = await lab
          .wire()
          .request(to, { do: 'read', mirror: 'md1', offset: PROBE_OFFSET, length: 4096 }, left());
        if ((back as { data: string }).data === data) return server;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    throw new Error(`${server} accepted no write in ${PATIENCE_MS} ms`);
  });
  try {
    return await Promise.any(tries);
  } catch (error) {
    const seen = `${inWords(viewOf(await lab.status()))}\n${logs(lab.folder)}`;
    throw new Error(`nobody accepts a write\n${seen}`, { cause: error });
  }
}

async function moveHome(lab: Lab): Promise<void> {
  const { groups } = await becomeWhole(lab);
  for (const { name, current } of Object.values(groups)) {
    if (current !== 'server1') await move(lab, name, 'server1');
  }
  await becomeWhole(lab);
}

async function move(lab: Lab, group: string, to: string): Promise<void> {
  const { exitCode, stderr } = await lab.exec('server2', ['clpgrp', '-m', group, '-a', to]);
  if (exitCode !== 0) throw new Error(`the move failed: ${stderr}`);
}

const cases: { name: string; faults: Fault[]; writers: string[] }[] = [
  {
    name: 'SIGKILL of the active server',
    faults: [{ kind: 'kill', server: 'server1' }],
    writers: ['server2'],
  },
  {
    name: 'SIGSTOP of the active server',
    faults: [{ kind: 'freeze', server: 'server1' }],
    // Its watchdog resets it, and a lab boots so fast that it may be back before the other has taken over.
    writers: SERVERS,
  },
  { name: 'all links between the servers cut', faults: cables('cut'), writers: SERVERS },
];

/** The cluster without exec resources and what watches them: a move of it runs no script. */
function withoutScripts(config: ClusterConfiguration): ClusterConfiguration {
  const isScript = new Map(config.resources.map(({ name, type }) => [name, type === 'exec']));
  const isLeft = (name: string) => isScript.get(name) !== true;
  return {
    ...quick(config),
    resources: config.resources.filter(({ name }) => isLeft(name)),
    groups: config.groups.map((group) => ({
      ...group,
      resources: group.resources.filter(isLeft),
    })),
    monitors: config.monitors.filter(({ type }) => type !== 'genw' && type !== 'pidw'),
  };
}

async function plannedMoves(lab: Lab, say: (words: string) => void): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await moveHome(lab);
    const ms = await timed(() => move(lab, 'failover1', 'server2'));
    say(`planned move: ${ms.toFixed(0)} ms`);
    took.push(ms);
  }
  return took;
}

async function plannedMove(say: (words: string) => void, whole: number[]): Promise<Figure> {
  const bare = await withLab(
    { fixture: 'x5mirror', change: withoutScripts, autoRecovery: true },
    (lab) => plannedMoves(lab, say),
  );
  return {
    name: 'planned move of a group with a mirror, its command included, no scripts',
    value: median(bare) / 1000,
    unit: 's',
    goal: 0.3,
    peer: null,
    note: `with its scripts ${(median(whole) / 1000).toFixed(2)} s; Pacemaker 1.05 s (measured elsewhere)`,
  };
}

export const failover: Benchmark = {
  name: 'failover',
  run: async (say) => {
    const moves: number[] = [];
    const figures = await withLab(
      { fixture: 'x5mirror', change: quick, autoRecovery: true },
      async (lab) => {
        const figures: Figure[] = [];
        for (const { name, faults, writers } of cases) {
          const took: number[] = [];
          for (let round = 0; round < ROUNDS; round += 1) {
            await moveHome(lab);
            await lab.io.write('md1', { blocks: WRITTEN_BLOCKS });
            const from = performance.now();
            await apply(lab, faults);
            const server = await firstWrite(lab, writers, 1 + round);
            took.push(performance.now() - from);
            say(`${name}: ${took.at(-1)?.toFixed(0)} ms, on ${server}`);
            await apply(lab, cables('heal'));
            await becomeWhole(lab);
            await verify(lab);
          }
          figures.push({
            name: `failover, ${name}`,
            value: median(took) / 1000,
            unit: 's',
            goal: 1.5,
            peer: null,
            note: `worst of ${ROUNDS}: ${(Math.max(...took) / 1000).toFixed(2)} s; Pacemaker 4.1 s (measured elsewhere)`,
          });
        }
        moves.push(...(await plannedMoves(lab, say)));
        return figures;
      },
    );
    return [...figures, await plannedMove(say, moves)];
  },
};
