/**
 * Servers that hold nothing which can be believed, by the real programs: every way to the cluster
 * is refused and says the way out, and once the glass is broken every way is through, loudly.
 */

import { hostname } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loginOfProcess } from '../../src/adapters/login.ts';
import { type Lab, openLab } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { POLICY, policyPaper } from '../support/signed-papers.ts';
import { makePlace, type Place } from './support.ts';

const SUSPEND = ['clpmonctrl', '-s', '-m', 'userw'];
const REASON = 'papers of a cluster that is gone';
const RUNBOOK = `
id: suspend
title: Suspend a monitor
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
steps:
  - id: suspend
    title: Suspend a monitor
    on: server1
    run: ${SUSPEND.join(' ')}
    undo: { run: clpmonctrl -r -m userw }
    added: a test
`;

let place: Place;
let lab: Lab;
let runbook: string;

test.before(async () => {
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
  lab = openLab(join(place.home, 'lab', 'default'));
  runbook = place.file('suspend.runbook.yaml', RUNBOOK);
  await lab.door().documents.put(policyPaper({ ...POLICY, cluster: 'uuid-2' }));
});

test.after.always(async () => {
  lab?.close();
  await place?.run('lab', 'down');
  place?.remove();
});

const ways = () => [
  ['run', runbook, '--yes'],
  ['clp', '--server', 'server1', SUSPEND[0] as string, '--', ...SUSPEND.slice(1)],
  ['lab', 'exec', 'server1', '--', ...SUSPEND],
];

test.serial('without it every way is refused, and says the way out', async (t) => {
  for (const words of ways()) {
    const { exit, err } = await place.run(...words);
    t.is(exit, 4, words.join(' '));
    t.regex(err, /cannot be believed/);
    t.regex(err, /window policy push.*if it cannot wait: .*window emergency --without-documents/s);
  }
  const preflight = await place.run('preflight', runbook);
  t.is(preflight.exit, 4);
  t.regex(preflight.out, /window emergency --without-documents/);
});

test.serial('broken on one server it lets nothing through that needs another', async (t) => {
  const { real, effective } = await loginOfProcess();
  const login = { real: { ...real }, effective: { ...effective } };
  const glass = { do: 'glass', op: 'break', who: 'bob@desk', reason: REASON, login };
  const to = { server: 'server2', part: 'host' as const };
  const told = (await lab.wire().request(to, glass, 5_000)) as { glass: { who: string } };
  t.is(told.glass.who, `${real.name}@${hostname()}`, 'by the kernel’s word');
  for (const words of ways()) t.is((await place.run(...words)).exit, 4, words.join(' '));
});

test.serial('broken everywhere, every way is through, and says so', async (t) => {
  const words = ['window', 'emergency', '--without-documents', '--reason', REASON, '--yes'];
  const broken = await place.run(...words);
  t.is(broken.exit, 0, broken.out + broken.err);
  t.regex(broken.err, /^BREAK-GLASS without documents by .*, for an hour, on server1, server2$/m);
  for (const way of ways()) {
    const { exit, out, err } = await place.run(...way);
    t.is(exit, 0, err);
    t.regex(out + err, /BREAK-GLASS.*papers of a cluster that is gone/);
  }
  t.is(viewOf(await lab.status()).monitors.userw?.servers.server1?.state, 'Suspend');
});
