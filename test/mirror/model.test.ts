/**
 * A model against the agents: random writes, cuts, kills, power losses, activations with honest
 * evidence, recoveries, and an operator who gives up the copy of a server that is away. Whoever is
 * activated without force serves every acknowledged write of the copy that was not given up; never
 * two sides are active; two GREEN copies in step are equal.
 */
import test from 'ava';
import fc from 'fast-check';
import { BLOCK, World } from './harness.ts';
import { type Move, moves } from './model-moves.ts';
import { attempt, type Counts, NAMES, type Name, otherOf, Player } from './model-player.ts';

async function play(player: Player, move: Move, counts: Counts): Promise<void> {
  const { world } = player;
  switch (move.do) {
    case 'write':
      return player.write(move.slot, move.durable);
    case 'flush':
      return player.flush();
    case 'activate':
      return await player.activate(move.name, move.evidence);
    case 'kill':
      return world.kill(move.name);
    case 'power':
      return player.powerOff(move.name);
    case 'start':
      if (!world.at(move.name).agent) await world.start(move.name);
      return;
    case 'close':
      if (await attempt(world, move.name, { do: 'close' })) world.kill(move.name);
      return;
    case 'force':
      return await player.force(move.name);
    case 'giveUp':
      return await giveUp(player, move);
    case 'recoverFully':
      await attempt(world, move.name, { do: 'recover', full: true });
      return;
    case 'recover':
      if (await attempt(world, move.name, { do: 'recover' })) counts.recoveries++;
      return;
    case 'break':
    case 'deactivate':
      await attempt(world, move.name, { do: move.do });
      return;
    case 'crashAt':
      return strikeAt(player, move.name, move.count);
    case 'cut':
      return world.cutMirror(move.how);
    case 'allUp':
      return await allUp(world);
    case 'takeover':
      if (move.how === 'kill') world.kill(otherOf(move.name));
      else player.powerOff(otherOf(move.name));
      return await player.activate(move.name, true);
    case 'heal':
      return world.heal();
    case 'lan':
      world.lan = 'cut';
      return;
    case 'mdc':
      world.mdc = 'up';
      return;
    case 'pass':
      return await world.pass(move.ms);
  }
}

async function allUp(world: World): Promise<void> {
  world.heal();
  for (const each of NAMES) {
    for (const part of [world.at(each).cp, world.at(each).dp]) part.onOperation = () => {};
    if (!world.at(each).agent) await world.start(each);
  }
  await world.pass(5000);
}

/** One server dies, the other copy is forced and serves, and the first one comes back and may not. */
async function giveUp(player: Player, move: Extract<Move, { do: 'giveUp' }>): Promise<void> {
  const { world } = player;
  const other = otherOf(move.name);
  player.powerOff(other);
  await world.pass(3000);
  await player.force(move.name);
  await player.activate(move.name, false);
  player.write(move.slot, true);
  await world.pass(60);
  if (move.cut !== 'none') world.cutMirror();
  if (move.cut === 'all') world.lan = 'cut';
  if (move.dies) player.powerOff(move.name);
  if (!world.at(other).agent) await world.start(other);
  await player.activate(other, false);
}

function strikeAt(player: Player, name: Name, count: number): void {
  const { world } = player;
  const server = world.at(name);
  let left = count;
  const strike = (): void => {
    if (left-- !== 0) return;
    server.cp.onOperation = () => {};
    server.dp.onOperation = () => {};
    if (server.agent) player.powerOff(name);
  };
  server.cp.onOperation = strike;
  server.dp.onOperation = strike;
}

const FORMS = [
  { fencing: false, mode: 'synchronous' },
  { fencing: true, mode: 'synchronous' },
  { fencing: true, mode: 'asynchronous' },
] as const;

for (const { fencing, mode } of FORMS) {
  test(`${mode}, whoever serves ${fencing ? 'with' : 'without'} fencing has every acknowledged write`, async (t) => {
    const counts: Counts = {
      activations: 0,
      takeovers: 0,
      recoveries: 0,
      flushes: 0,
      acknowledged: 0,
      forced: 0,
    };
    const runs = Number(process.env.DRYDOCK_MODEL_RUNS ?? 150);
    await fc.assert(
      fc.asyncProperty(
        fc.array(moves, { minLength: 20, maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.boolean(),
        fc.constantFrom(0, 1),
        fc.constantFrom(1, 2, 1024),
        async (list, seed, autoRecovery, latencyMs, extents) => {
          const parameters = { 'mddriver/syncmode': mode === 'asynchronous' ? 1 : 0 };
          const options = { dataBytes: 8 * BLOCK, seed, autoRecovery, fencing, parameters };
          const world = new World(options);
          await world.up();
          for (const each of NAMES) world.at(each).agent!.disks[0]!.writes.limitExtents(extents);
          world.latencyMs = latencyMs;
          const player = new Player(world, counts);
          await player.activate('server1', false);
          for (const move of list) {
            await play(player, move, counts);
            player.check();
          }
          world.heal();
          await world.pass(10_000);
          player.check();
        },
      ),
      { numRuns: runs, includeErrorInReport: true },
    );
    t.true(counts.takeovers > 8, JSON.stringify(counts));
    t.true(counts.recoveries > 5, JSON.stringify(counts));
    t.true(counts.flushes > 20, JSON.stringify(counts));
    t.true(counts.acknowledged > 200, JSON.stringify(counts));
    t.true(counts.forced > 5, JSON.stringify(counts));
    t.log(JSON.stringify(counts));
  });
}
