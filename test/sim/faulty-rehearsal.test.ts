/** Rehearsals in which one thing goes wrong: what the matrix says is what the twin did. */
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import type { SweepOrder } from '../../src/cli/run/sweeping.ts';
import { sweepApart } from '../../src/cli/run/sweeping.ts';
import { operatorOn } from '../../src/cli/run/twin-person.ts';
import type { PlannedStep } from '../../src/core/plan.ts';
import { type FaultOutcome, rehearseFault } from '../../src/sim/faulty-rehearsal.ts';
import { faultName, faultsFor, readFaults, type StepFault } from '../../src/sim/step-faults.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { CASES, configNow, liveTwin, rehearsed } from '../support/twin-worlds.ts';

test.before(() => buildPrograms());

async function orderFor(id: string, faults: string): Promise<SweepOrder> {
  const made = CASES.find((one) => one.id === id)!;
  const live = await liveTwin(made);
  const from = await live.status();
  const { plan } = await rehearsed(live, made);
  return {
    ...{ configText: configNow(live), seed: 'seed', from, plan, secrets: [], who: 'ann' },
    faults: readFaults(faults, plan.steps, live.config),
    options: {},
  };
}

/** Each from its beginning. */
async function replay(
  { configText, seed, from, plan, who, options }: SweepOrder,
  faults: readonly StepFault[],
  rejoins = false,
): Promise<FaultOutcome[]> {
  const cells: FaultOutcome[] = [];
  for (const fault of faults) {
    const twin = await buildTwin({ configText, seed, from });
    const run = { plan, twin, operator: operatorOn(twin), who, options };
    cells.push(await rehearseFault(run, fault, rejoins));
  }
  return cells;
}

async function cellsOf(faults: string): Promise<FaultOutcome[]> {
  const order = await orderFor('v3-11.10.4', faults);
  return replay(order, order.faults);
}

for (const id of ['v3-11.10.4', 'x5-2.13-monitor-suspend']) {
  test(`${id}: a history that parts goes on as one that is played from its beginning`, async (t) => {
    const order = await orderFor(id, 'sweep');
    const begun: number[] = [];
    const swept = await sweepApart(order, (index) => begun.push(index));
    if (swept === null) {
      t.log('skipped: a process cannot be copied on this system');
      t.pass();
      return;
    }
    t.is(swept.length, order.faults.length);
    t.deepEqual(
      swept.filter(({ violations }) => violations.length > 0),
      [],
    );
    // Every fault of the runner, the command and the person, and of the others one in five.
    const chosen = swept.filter(({ target }, at) => target === null || at % 5 === 0);
    const faults = chosen.map(({ step, kind, target }) => ({ step, kind, target }));
    t.deepEqual(chosen, await replay(order, faults, true));
    const unstruck = swept.filter(({ end }) => end === 'nothing');
    t.is(new Set(begun).size + unstruck.length, order.faults.length);
  });
}

test('a runner that dies before, during or after any act is resumed to the end', async (t) => {
  const order = await orderFor('v3-11.10.4', 'sweep');
  const kills = order.faults.filter(({ kind }) => kind.startsWith('kill-'));
  const cells = await replay(order, kills);
  t.deepEqual([...new Set(cells.map(({ end }) => end))], ['resumed']);
  t.deepEqual(
    cells.flatMap(({ violations }) => violations),
    [],
  );
});

test('a runner that dies while a person switches a server on waits for it when resumed', async (t) => {
  const order = await orderFor('v3-11.7.1', 'replace/power-on:kill-during');
  const [cell] = await replay(order, order.faults);
  t.like(cell, { end: 'resumed', outcome: 'done', violations: [] }, cell?.words);
});

test('a disk that fails as the recovery begins fails the step, by the command’s own words', async (t) => {
  const [cell] = await cellsOf('recover:fail-disk@server2');
  t.like(cell, { end: 'stuck', outcome: 'failed', exit: 1 });
  t.regex(cell?.words ?? '', /step recover: clpmdctrl on server1 ended with 1/);
  t.regex(cell?.next ?? '', /drydock run-log RUN/);
});

test('a server that dies after the last step’s intent makes the run stop', async (t) => {
  const [cell] = await cellsOf('watch/completed:crash@server1');
  t.is(cell?.end, 'stuck');
});

test('a command that fails, hangs or is killed half-way ends as it did', async (t) => {
  const cells = await cellsOf('recover:command');
  const words = cells.map(({ kind, end, words: why }) => `${kind}: ${end}: ${why}`);
  t.is(cells.length, 3);
  t.regex(words[0] ?? '', /command-fails: stuck: .* ended with 1: clpmdctrl: failed/);
  t.regex(words[1] ?? '', /command-hangs: stuck: .* it was killed after .* --confirm recover/);
  t.regex(words[2] ?? '', /command-half: (completed|stuck): /);
});

const step = (id: string, verb: string) => ({ id, action: { verb } }) as PlannedStep;

test('a person who says no parks the run, and one who leaves is followed by another', async (t) => {
  const order = await orderFor('v3-11.9', 'sweep');
  const asked = order.faults.filter(({ kind }) => kind === 'says-no' || kind === 'goes-home');
  const cells = await replay(order, asked.slice(0, 2));
  t.deepEqual(
    cells.map(({ kind, end }) => `${kind}: ${end}`),
    ['says-no: parked', 'goes-home: resumed'],
  );
  t.regex(cells[0]?.next ?? '', /^drydock resume RUN /);
});

test('a fault by a wrong name is refused with the nearest', async (t) => {
  const { config } = await liveTwin(CASES.find(({ id }) => id === 'v3-11.10.4')!);
  const common = [
    ...['crash@server1', 'crash@server2', 'reboot@server1', 'reboot@server2'],
    ...['cut@lan0', 'cut@lan1', 'cut@mdc400', 'cut@control'],
    ...['fail-disk@server1', 'fail-disk@server2'],
  ];
  const names = (verb: 'run' | 'check' | 'operator') => faultsFor({ verb }, config).map(faultName);
  t.deepEqual(names('check'), ['kill-before', 'kill-after', ...common]);
  t.deepEqual(names('run'), [
    ...['kill-before', 'kill-during', 'kill-after'],
    ...['command-fails', 'command-hangs', 'command-half', ...common],
  ]);
  t.deepEqual(names('operator').slice(3, 5), ['says-no', 'goes-home']);
  const steps = [step('a/b@s', 'run'), step('c', 'check')];
  const remedy = (text: string) => t.throws(() => readFaults(text, steps, config));
  t.like(remedy('swep'), { exit: 2, remedy: 'did you mean sweep?; or STEP:KIND' });
  t.like(remedy('d:kill'), { exit: 2, remedy: 'did you mean c?' });
  t.like(remedy('c:crsh'), { exit: 2, remedy: 'did you mean crash?' });
  t.is(readFaults('a/b@s:kill', steps, config).length, 3);
  t.is(readFaults('c:crash', steps, config).length, 2);
});
