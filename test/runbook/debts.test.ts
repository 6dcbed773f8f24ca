import test from 'ava';
import { type Debt, debtsOf } from '../../src/runbook/afterwards/debts.ts';
import { headOf } from '../../src/runbook/run/heads.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { fakeStatus } from '../support/fake-cluster.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

test('a cluster in order owes nothing', (t) => {
  t.deepEqual(debtsOf(upgradeStatus(fakeStatus()), null), { debts: [], unknown: [] });
});

const LEFT: [Debt['kind'], (status: Status) => void, RegExp][] = [
  [
    'monitor suspended',
    (s) => (s.monitors.mdw1!.servers.server1!.state = 'Suspend'),
    /mdw1.*server1/,
  ],
  [
    'timeout stretched',
    (s) => Object.assign(s.cluster, { timeoutRatio: 3, timeoutRatioUntil: 5000 }),
    /3 times/,
  ],
  [
    'service disabled',
    (s) => (s.servers.server2!.services!.clusterpro!.enabled = false),
    /clusterpro.*server2/,
  ],
  ['configuration not distributed', (s) => (s.cluster.configHashes.server2 = 'x'), /different/],
  [
    'automatic recovery held',
    (s) => (s.mirrors.md1!.servers.server1!.autoRecoveryHeld = true),
    /md1.*server1/,
  ],
  ['lease left', (s) => (s.leases.server1!.holder = 'run-1'), /run-1/],
  ['medium left', (s) => (s.servers.server1!.medium = 'floppy'), /floppy/],
  ['daemon stopped', (s) => (s.servers.server2!.daemon = 'stopped'), /server2/],
];

for (const [kind, leave, words] of LEFT) {
  test(`a debt is seen from the status: ${kind}`, (t) => {
    const status = fakeStatus();
    leave(status);
    const { debts } = debtsOf(upgradeStatus(status), null);
    t.is(debts.length, 1);
    t.is(debts[0]!.kind, kind);
    t.regex(debts[0]!.words, words);
    t.is(debts[0]!.until, kind === 'timeout stretched' ? 5000 : null);
  });
}

test('the record says which run left it', (t) => {
  const status = fakeStatus();
  status.cluster.timeoutRatio = 3;
  const body = { step: 'stretch', changes: [{ key: 'cluster.timeoutRatio', from: 1, to: 3 }] };
  const entry = {
    seq: 3,
    run: 'r1',
    type: 'step.ended',
    at: 'then',
    body,
  } as unknown as JournalEntry;
  t.deepEqual(debtsOf(upgradeStatus(status), null, [headOf('r1', [entry])]).debts[0]!.by, {
    run: 'r1',
    step: 'stretch',
    at: 'then',
  });
});

test('what cannot be seen is listed as unknown, not as paid', (t) => {
  const status = fakeStatus();
  const server = status.servers.server2!;
  server.observed = { by: null, at: null, unknown: 'no answer' };
  server.daemon = null;
  t.deepEqual(debtsOf(upgradeStatus(status), null).unknown, [
    'server2: services, medium and lease are not known: no answer',
    'server2: whether its daemon runs is not known',
  ]);
});
