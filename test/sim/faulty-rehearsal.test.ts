/** Rehearsals in which one thing goes wrong: what the matrix says is what the twin did. */
import test from 'ava';
import { type FaultOutcome, rehearseFault } from '../../src/sim/faulty-rehearsal.ts';
import { faultName, faultsFor, readFaults } from '../../src/sim/step-faults.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { CASES, liveTwin, rehearsed } from '../support/twin-worlds.ts';

const made = CASES.find(({ id }) => id === 'v3-11.10.4')!;

async function cellsOf(faults: string): Promise<FaultOutcome[]> {
  const live = await liveTwin(made);
  const from = await live.status();
  const { plan } = await rehearsed(live, made);
  const steps = plan.steps.map(({ id }) => id);
  const cells: FaultOutcome[] = [];
  for (const fault of readFaults(faults, steps, live.config)) {
    const twin = await buildTwin({ configText: live.configText, seed: 3, from });
    const operator = twin.operator();
    cells.push(await rehearseFault({ plan, fault, twin, operator, who: 'ann', options: {} }));
  }
  return cells;
}

test('every fault at every step of a recovery leaves the cluster sound', async (t) => {
  const cells = await cellsOf('sweep');
  t.is(cells.length, 3 * 6);
  t.deepEqual(
    cells.filter(({ violations }) => violations.length > 0),
    [],
  );
  const killed = cells.filter(({ kind }) => kind === 'kill');
  t.deepEqual(
    killed.map(({ outcome }) => outcome),
    ['done', 'done', 'done'],
  );
});

test('a disk that fails as the recovery begins fails the step, by the command’s own words', async (t) => {
  const [cell] = await cellsOf('recover:fail-disk@server2');
  t.is(cell?.outcome, 'failed');
  t.is(cell?.exit, 1);
  t.regex(cell?.words ?? '', /step recover: clpmdctrl on server1 ended with 1/);
});

test('a server that dies after the last step’s intent makes the run stop', async (t) => {
  const [cell] = await cellsOf('watch/completed:kill-server@server1');
  t.not(cell?.outcome, 'done');
  t.not(cell?.outcome, 'none');
});

test('a fault by a wrong name is refused with the nearest', async (t) => {
  const { config } = await liveTwin(made);
  t.deepEqual(faultsFor(config).map(faultName), [
    'kill',
    'cut-mirror',
    'fail-disk@server1',
    'fail-disk@server2',
    'kill-server@server1',
    'kill-server@server2',
  ]);
  const remedy = (text: string) => t.throws(() => readFaults(text, ['a/b@s', 'c'], config));
  t.like(remedy('swep'), { exit: 2, remedy: 'did you mean sweep?; or STEP:KIND' });
  t.like(remedy('d:kill'), { exit: 2, remedy: 'did you mean c?' });
  t.like(remedy('c:kil'), { exit: 2, remedy: 'did you mean kill?' });
  t.is(readFaults('a/b@s:kill', ['a/b@s', 'c'], config).length, 1);
  t.is(readFaults('c:kill-server', ['a/b@s', 'c'], config).length, 2);
});
