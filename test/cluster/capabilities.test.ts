import test from 'ava';
import { heldIfAble, requireAble } from '../../src/cluster/index.ts';
import type { Capabilities } from '../../src/ports/cluster.ts';
import { withHeld } from '../../src/service/window/workspace.ts';
import { fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { POLICY, policyPaper } from '../support/signed-papers.ts';

function cluster(lacks: Partial<Capabilities>) {
  const { door, papers } = fakeCluster(jumpingClock());
  papers.push(policyPaper(POLICY));
  return { ...door, capabilities: () => ({ ...door.capabilities(), ...lacks }) };
}

const ctx = { clock: jumpingClock() };
const WHY = 'its servers run no gate';
const DESK = {
  folder: 'papers',
  papers: [],
  held: [],
  odd: [],
  now: 0,
  aheadMs: 0,
  receipts: { held: {}, unheldAt: null },
};

test('what a kind of cluster cannot do is refused by name, with what to do instead', (t) => {
  t.notThrows(() => requireAble(cluster({}), 'lease', 'a run'));
  const refused = t.throws(() => requireAble(cluster({ lease: WHY }), 'lease', 'a run'));
  t.like(refused, { message: `a run: ${WHY}`, code: 'capability.lease', exit: 4 });
  t.regex(String((refused as unknown as { remedy: string }).remedy), /by hand/);
});

test('a cluster that holds no documents is judged by none', async (t) => {
  t.is((await heldIfAble(cluster({}))).papers.length, 1);
  const held = await heldIfAble(cluster({ documents: WHY }));
  t.deepEqual(held, { papers: [], servers: {}, clocks: {}, receipts: {} });
});

test('a window on a cluster that cannot hold its papers is refused before anything is signed', async (t) => {
  t.is((await withHeld(ctx, DESK, cluster({}))).papers.length, 1);
  await t.throwsAsync(withHeld(ctx, DESK, cluster({ documents: WHY })), {
    message: `a window needs servers that hold its documents: ${WHY}`,
  });
});
