import { readFileSync } from 'node:fs';
import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import { describeError } from '../../src/core/errors.ts';
import { readCatalogue } from '../../src/runbook/language/catalogue.ts';
import { FUNCTIONS, RESERVED, ROOTS } from '../../src/runbook/language/expressions/declarations.ts';
import { lintShipped } from '../../src/runbook/language/lint/lint.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { breakMirror, handMadeConfig, handMadeStatus, silence } from './hand-made-status.ts';

const FIRST = [
  'v3-5.1',
  'v3-5.2.deactivate',
  'v3-5.2.activate',
  'v3-6.1.4',
  'v3-6.7.2',
  'v3-9.1.1',
  'v3-11.8.1',
  'v3-11.8.2',
  'v3-11.10.1',
  'v3-11.10.2',
  'v3-11.10.3',
  'v3-11.10.4',
  'v3-11.10.5',
  'v3-11.10.6',
  'x5-2.18',
  'x5-2.18-backup',
  'x5-2.19.1',
  'x5-2.19.3',
  'x5-2.19.4',
  'x5-2.20.2',
  'x5-2.20.3-active',
  'x5-2.20.3-standby',
  'x5-2.13-timeout-adjust',
  'x5-2.13-timeout-release',
  'x5-2.13-monitor-suspend',
  'x5-2.13-monitor-resume',
];

const library = loadRunbooks();
const catalogue = readCatalogue();

test('the first runbooks are all there', (t) => {
  t.deepEqual(
    FIRST.filter((id) => !library.has(id)),
    [],
  );
});

test('no runbook has anything for lint to say', (t) => {
  t.deepEqual(lintShipped().map(describeError), []);
});

test('the catalogue is whole', (t) => {
  t.is(catalogue.size, 128);
  t.deepEqual(catalogue.get('v3-1.1.1')?.labels, [['1', '2']]);
  t.deepEqual(catalogue.get('v3-6.3.3')?.labels, []);
});

/** What a person has to name in each, because no cluster can tell. */
const given: Record<string, Record<string, string>> = {
  'v3-5.2.deactivate': { server: 'server2' },
  'v3-5.2.activate': { server: 'server2' },
  'v3-11.8.2': { latest: 'server1' },
  'v3-11.10.6': { survivor: 'server2' },
  'x5-2.18': { image: 'weekly', monitor: 'userw1' },
  'x5-2.18-backup': { image: 'monthly', monitor: 'userw1' },
  'x5-2.19.3': { image: 'monthly', monitor: 'userw1' },
  'x5-2.19.1': { image: 'monthly' },
  'x5-2.19.4': { image: 'monthly' },
  'x5-2.20.2': { image: 'monthly', latest: 'server1' },
  'x5-2.20.3-active': { image: 'monthly', server: 'server1' },
  'x5-2.20.3-standby': { image: 'monthly', target: 'server2', monitor: 'userw1' },
};

for (const id of FIRST) {
  test(`${id} can be planned from a status and a configuration`, (t) => {
    const loaded = library.get(id)!;
    const manual = loaded.runbook.source!.manual;
    const status = handMadeStatus(() => {}, manual);
    const parameters = given[id] ?? {};
    const topology = topologyOf(handMadeConfig(manual));
    const plan = makePlan({ runbook: loaded, library, parameters, status, topology });
    t.true(plan.steps.length > 0);
    t.is(new Set(plan.steps.map((step) => step.id)).size, plan.steps.length);
    const again = makePlan({ runbook: loaded, library, parameters, status, topology });
    t.is(again.hash, plan.hash);
    for (const step of plan.steps) {
      t.false(JSON.stringify(step.action).includes('{'.concat('md}')), step.id);
    }
  });
}

test('with the other server silent, 11.10.6 is still planned, and its force asks for the power first', (t) => {
  const status = handMadeStatus((cluster) => {
    breakMirror(cluster);
    silence(cluster, 'server1', null);
  });
  const runbook = library.get('v3-11.10.6')!;
  const plan = makePlan({ runbook, library, parameters: { survivor: 'server2' }, status });
  t.deepEqual(
    plan.steps.map(({ id, server }) => [id, server]),
    [
      ['fence', 'server1'],
      ['accept-loss', null],
      ['force', 'server2'],
      ['activate', 'server2'],
    ],
  );
  t.deepEqual(plan.steps[2]?.requires[0]?.that, "server(lost).power == 'off'");
  t.like(plan.steps[1]?.action, { verb: 'confirm', typeName: 'server1' });
});

test('11.10.4 over a copy that was forced out asks for the name of the server whose copy dies', (t) => {
  const status = handMadeStatus((cluster) => {
    breakMirror(cluster);
    cluster.mirrors.md1!.servers.server1!.autoRecoveryHeld = true;
  });
  const plan = makePlan({ runbook: library.get('v3-11.10.4')!, library, parameters: {}, status });
  t.deepEqual(plan.steps.map(({ id }) => id).slice(0, 2), ['accept-loss', 'recover-over-held']);
  t.like(plan.steps[0]?.action, { verb: 'confirm', typeName: 'server2' });
  t.is(plan.leftOut[0]?.id, 'recover');
});

test('the page on writing runbooks knows every word of the expressions', (t) => {
  const page = readFileSync(new URL('../../runbooks/README.md', import.meta.url), 'utf8');
  const words = [...FUNCTIONS.keys(), ...Object.keys(ROOTS), ...RESERVED];
  t.deepEqual(
    words.filter((word) => !new RegExp(`\`${word}\\b`).test(page)),
    [],
  );
});
