/** A cluster that demands windows, by its real programs: refused outside, let through inside. */

import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { loginOfProcess } from '../../src/adapters/login.ts';
import { documentOf } from '../../src/change/documents.ts';
import { canonicalText } from '../../src/change/text.ts';
import { topologyHash, topologyOf } from '../../src/change/topology.ts';
import type { Plan } from '../../src/core/plan.ts';
import { type Lab, openLab } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { loadRunbook, loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import type { ApprovedPlan } from '../../src/schema/generated/window-document.ts';
import { hash, KEYS, POLICY } from '../support/signed-papers.ts';
import { makePlace, type Place } from './support.ts';

const MINUTE_MS = 60_000;
const SUSPEND = ['-s', '-m', 'userw'];

let place: Place;
let lab: Lab;
let who: string;
let runbook: string;

test.before(async () => {
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
  lab = openLab(join(place.home, 'lab', 'default'));
  who = (await loginOfProcess()).real.name;
  runbook = place.file('suspend.runbook.yaml', runbookText('Suspend'));
});

test.after.always(async () => {
  lab?.close();
  await place?.run('lab', 'down');
  place?.remove();
});

function runbookText(title: string): string {
  return `
id: suspend
title: ${title}
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
steps:
  - id: suspend
    title: Suspend a monitor
    on: server1
    run: clpmonctrl ${SUSPEND.join(' ')}
    undo: { run: clpmonctrl -r -m userw }
    added: a test
`;
}

function signed(document: object, by: string, namespace: string): SignedDocument {
  const key = KEYS[by];
  if (!key) throw new Error(`nobody is called ${by}`);
  return documentOf(document as never, by, key.sign(canonicalText(document), namespace));
}

function windowPaper(kind: string, by: string, at: number, body: object): SignedDocument {
  const document = { schema: 'drydock.window-paper/1', window: 'W-1', kind, by, body };
  return signed({ ...document, at: new Date(at).toISOString() }, by, 'drydock.window');
}

function policy(version: number): SignedDocument {
  const at = new Date(lab.clock.now() - 86_400_000).toISOString();
  const people = POLICY.people.map((one) =>
    one.principal === 'ines' ? { ...one, logins: [who] } : one,
  );
  const document = { ...POLICY, people, cluster: lab.config.uuid, version, at };
  return signed(document, 'pia', 'drydock.policy');
}

async function planned(): Promise<Plan> {
  const library = loadRunbooks();
  const found = loadRunbook(runbookText('Suspend'), runbook);
  const status = await lab.status();
  return makePlan({
    runbook: found,
    library,
    parameters: {},
    status,
    topology: topologyOf(lab.config),
  });
}

function approved(plan: Plan): ApprovedPlan {
  const { id, title, hash: runbookHash } = plan.runbook;
  return {
    runbook: { id, title, hash: runbookHash },
    called: plan.called,
    parameters: plan.parameters,
    cluster: plan.cluster.uuid,
    servers: ['server1'],
    commands: [['clpmonctrl', ...SUSPEND]],
    rehearsal: { outcome: 'done', steps: 1, durationMs: 1, transcript: '', unknowns: [] },
  };
}

async function openWindow(): Promise<void> {
  const now = lab.clock.now();
  const { uuid, name } = lab.config;
  const request = {
    ...{ title: 'Suspend a monitor', ticket: 'CHG-7', reason: 'a test', type: 'normal' },
    ...{ risk: 'low', impact: 'none', backout: 'resume it', reserveMs: 0, approvals: 2 },
    plans: [approved(await planned())],
    clusters: [{ name, uuid, topology: topologyHash(lab.config), versions: {} }],
    servers: ['server1'],
    start: new Date(now - 10 * MINUTE_MS).toISOString(),
    end: new Date(now + 60 * MINUTE_MS).toISOString(),
    implementer: { principal: 'ines', login: who },
  };
  const asked = windowPaper('request', 'rita', now - 40 * MINUTE_MS, request);
  const of = hash(asked);
  const yes = ['alf', 'amy'].map((by) => windowPaper('approval', by, now - 30 * MINUTE_MS, { of }));
  const body = { of, approvals: yes.map(hash), differences: [], emergency: null };
  const opening = windowPaper('opening', 'ines', now - 5 * MINUTE_MS, body);
  for (const paper of [asked, ...yes, opening]) await lab.door().documents.put(paper);
}

function typed(name: string, args: string[]) {
  return execa(join(lab.path('server1'), name), args, { reject: false, stdin: 'ignore' });
}

async function recorded(type: string): Promise<object[]> {
  const { out } = await place.run('audit', 'show', '--json');
  const lines = out.trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { type: string; body: object });
  return entries.filter((entry) => entry.type === type).map(({ body }) => body);
}

test.serial('outside a window changes are refused on every way, and looking is not', async (t) => {
  await lab.door().documents.put(policy(1));
  const byHand = await typed('clpmonctrl', SUSPEND);
  t.is(byHand.exitCode, 1);
  t.regex(String(byHand.stderr), /^clpmonctrl: refused \(window\.none\): .* none is open/);
  t.is((await typed('clpstat', [])).exitCode, 0);

  const clp = await place.run('clp', 'clpmonctrl', '--', ...SUSPEND);
  t.is(clp.exit, 4, clp.err);
  t.is((await place.run('clp', 'clpstat')).exit, 0);
  t.is((await place.run('lab', 'exec', 'server1', '--', 'clpmonctrl', ...SUSPEND)).exit, 4);

  const run = await place.run('run', runbook, '--yes');
  t.is(run.exit, 4);
  t.regex(run.err, /demands a change window, and none is open/);
  const preflight = await place.run('preflight', runbook);
  t.is(preflight.exit, 4);
  t.regex(preflight.out, /NO +window +.*none is open/);
  const { monitors } = viewOf(await lab.status());
  t.not(monitors.userw?.servers.server1?.state, 'Suspend');
  t.like((await recorded('run.refused'))[0], { code: 'window.none', exit: 4 });
  t.is((await recorded('command.refused')).length, 2);
});

test.serial('inside it the approved run and the approved command pass, and no other', async (t) => {
  await openWindow();
  const byHand = await typed('clpmonctrl', SUSPEND);
  t.is(byHand.exitCode, 0, String(byHand.stderr));
  const other = await typed('clpmonctrl', ['-s']);
  t.regex(String(other.stderr), /refused \(window\.command\)/);

  const run = await place.run('run', runbook, '--yes');
  t.is(run.exit, 0, run.err);
  t.regex(run.err, /^window {3}W-1, CHG-7: Suspend a monitor$/m);
  t.is((await place.run('run', runbook, '--yes', '--window', 'W-9')).exit, 4);

  place.file('suspend.runbook.yaml', runbookText('Suspend all the same'));
  const edited = await place.run('run', runbook, '--yes');
  t.is(edited.exit, 4);
  t.regex(edited.err, /runbook suspend has changed since it was approved/);
});

test.serial('who gives an order is whom the kernel knows, whatever is claimed', async (t) => {
  const claimed = { who: 'bob@desk', window: 'W-1', run: null, plan: null };
  const record = await lab.exec('server1', ['clpmonctrl', ...SUSPEND], { authority: claimed });
  t.is(record.authority?.who, `${who}@${hostname()}`);
  t.is(record.exitCode, 0, record.stderr);
});

test.serial('the server keeps notes of what was typed, and by whom', async (t) => {
  const notes = await lab.door().commands.typed('server1');
  t.deepEqual(
    notes.map(({ argv, window, refused, exitCode }) => [argv, window ?? refused, exitCode]),
    [
      [['clpmonctrl', ...SUSPEND], 'window.none', null],
      [['clpmonctrl', ...SUSPEND], 'W-1', 0],
      [['clpmonctrl', '-s'], 'window.command', null],
    ],
  );
  t.true(notes.every(({ login }) => login.real.name === who));
});

test.serial('a server without the newest policy is named, and asks the others', async (t) => {
  await lab
    .wire()
    .request(
      { server: 'server1', part: 'host' },
      { do: 'paper', op: 'put', paper: { ...policy(2) } },
      5_000,
    );
  const { out } = await place.run('status');
  t.regex(out, /^documents\n {2}server2 holds policy 1 and lacks policy 2$/m);
});

test.serial(
  'a failover goes on outside windows, and so do the scripts that belong to it',
  async (t) => {
    const path = '/opt/nec/clusterpro/scripts/failover2/exec2/start.sh';
    const text = `#!/bin/bash\nclpmonctrl ${SUSPEND.join(' ').replace('-s', '-r')}\nexit $?\n`;
    const wire = lab.wire();
    await wire.request(
      { server: 'server2', part: 'host' },
      { do: 'files', op: 'write', path, text },
      5_000,
    );
    const { groups } = await lab.status();
    const from = String(groups.failover2?.current);
    const move = { do: 'group', op: 'move', group: 'failover2', target: 'server2' };
    await wire.request({ server: from, part: 'daemon' }, move, 120_000);
    t.like((await lab.status()).groups.failover2, { state: 'started', current: 'server2' });
    const notes = await lab.door().commands.typed('server2');
    t.like(notes.at(-1), { byCluster: true, refused: null, exitCode: 0 });
    t.is((await place.run('audit', 'collect')).exit, 0);
    const seen = (await recorded('command.seen')) as { note: string; byCluster?: boolean }[];
    t.deepEqual(
      seen.filter(({ byCluster }) => byCluster).map(({ note }) => note),
      [notes.at(-1)?.id],
    );
  },
);

test.serial('no environment passes for the cluster, nor for an operation', async (t) => {
  await lab.door().documents.put(policy(3));
  const { id } = lab.file;
  const marks = { DRYDOCK_LAB: id, DRYDOCK_SERVER: 'server1', DRYDOCK_PART: 'daemon' };
  const program = join(lab.path('server1'), 'clpgrp');
  const shell = async (env: Record<string, string>) =>
    execa('sh', ['-c', '"$0" -t failover1; exit $?', program], { reject: false, env });
  const before = (await lab.status()).groups.failover1;
  for (const more of [{}, { DRYDOCK_OPERATION: 'lab/1' }, { DRYDOCK_BOOT_ID: 'boot' }]) {
    const typed = await shell({ ...marks, ...more });
    t.is(typed.exitCode, 1, String(typed.stdout));
    t.regex(String(typed.stderr), /^clpgrp: refused \(window\.command\)/);
  }
  t.deepEqual((await lab.status()).groups.failover1?.current, before?.current);
  const notes = await lab.door().commands.typed('server1');
  t.deepEqual(
    notes.slice(-3).map(({ byCluster, refused }) => [byCluster ?? false, refused]),
    [1, 2, 3].map(() => [false, 'window.command']),
  );
});
