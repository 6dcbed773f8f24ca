/** Rehearsals without a cluster: of a clp.conf, of a saved status, and of what is said to happen. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { buildTwin } from '../../src/sim/twin.ts';
import { documentOf, makePlace, type Place } from './support.ts';

let place: Place;
let saved: string;
let configuration: string;

test.before(async () => {
  place = await makePlace();
  const fixture = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
  const configText = readFileSync(fixture, 'utf8');
  const twin = await buildTwin({ configText, seed: 5, dataBytes: 1024 * 1024 });
  await twin.up();
  configuration = place.file('clp.conf', configText);
  saved = place.file('saved.json', JSON.stringify(await twin.status(), null, 1));
});
test.after.always(() => place?.remove());

test.serial('a clp.conf is enough for a rehearsal', async (t) => {
  const { exit, out } = await place.run('rehearse', 'v3-5.1', '--config', configuration);
  t.is(exit, 0, out);
  t.regex(out, /^Rehearsal of v3-5\.1 on a twin of .*: Stop only the ExpressCluster daemon\n/);
  t.regex(out, /server\.server2\.daemon: running -> stopped/);
});

test.serial('a saved status, and what happens to it, meet the rehearsal', async (t) => {
  const of = ['--status', saved, '--config', configuration, '--json'];
  const fine = documentOf(await place.run('rehearse', 'v3-11.10.4', ...of));
  t.is(fine.outcome, 'done');
  // The same on a cluster whose mirror disk connect is cut: the copy falls behind, and stays so.
  const cut = ['--given', 'cut mdc400 server1 server2', '--given', 'write md1 server1 0 8'];
  const behind = documentOf(await place.run('rehearse', 'v3-11.10.4', ...of, ...cut));
  t.is(behind.outcome, 'failed');
});

const REFUSED: [string[], RegExp][] = [
  [
    ['--config', 'nosuch'],
    /^drydock: cannot read the configuration nosuch; give a clp.conf, or one of .*v3le/,
  ],
  [
    ['--config', 'v3le', '--given', 'cut mdc4 server1'],
    /^drydock: --given: 'cut mdc4 server1': there is no net 'mdc4'/,
  ],
  [['--config', 'v3le', '--status', 'nosuch.json'], /^drydock: cannot read nosuch.json/],
  [['--given', 'kill server1'], /^drydock: no cluster is up/],
];

for (const [words, said] of REFUSED) {
  test.serial(`rehearse ${words.join(' ')} is refused in one line`, async (t) => {
    const { exit, err } = await place.run('rehearse', 'v3-5.1', ...words);
    t.is(exit, 2);
    t.regex(err, said);
    t.is(err.trim().split('\n').length, 1);
  });
}

/** What somebody changed in a saved status, and the line, field and reason that are named. */
const SPOILT: [string, string, RegExp][] = [
  [
    '"schema": "drydock.status/2"',
    '"schema": "drydock.status/1"',
    /:2:\d+: schema: it is a document of drydock.status\/1/,
  ],
  ['"kind": "expresscluster"', '"kind": 7', /:\d+:\d+: kind: /],
  ['"state": "on"', '"state": "off', /: not JSON: /],
  [
    '"software": "running"',
    '"software": "asleep"',
    /:\d+:\d+: servers\.server1\.membership\.software: 'software' is none of the words allowed; save one/,
  ],
  [
    '"server2": {\n   "name"',
    '"server3": {\n   "name"',
    /:\d+:\d+: servers: it lacks 'server2', which the configuration has; give the clp.conf/,
  ],
];

test.serial('a status that was changed is refused with its line and field', async (t) => {
  const text = readFileSync(saved, 'utf8');
  for (const [was, becomes, said] of SPOILT) {
    t.true(text.includes(was), was);
    const file = place.file('spoilt.json', text.replace(was, becomes));
    const of = ['--status', file, '--config', configuration];
    const { exit, err } = await place.run('rehearse', 'v3-5.1', ...of);
    t.is(exit, 2, err);
    t.regex(err, said);
    t.is(err.trim().split('\n').length, 1);
  }
});

test.serial('a status without its clp.conf is refused where no cluster is at hand', async (t) => {
  const { exit, err } = await place.run('rehearse', 'v3-5.1', '--status', saved);
  t.is(exit, 2);
  t.regex(err, /does not hold the configuration, and no cluster is at hand; give its clp.conf/);
});
