/** `advise`, and which runbooks apply: whole outputs, and the documents by their schemas. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { misfitsOf } from '../support/report-schemas.ts';
import { documentOf, makePlace, type Place } from './support.ts';

let place: Place;
let manual: string;

test.before(async () => {
  place = await makePlace();
  const fixture = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
  const text = readFileSync(fixture, 'utf8').replace('autorecovery>1<', 'autorecovery>0<');
  manual = place.file('manual.conf', text);
});
test.after.always(() => place?.remove());

const given = (...lines: string[]) => lines.flatMap((line) => ['--given', line]);

const BEHIND = given(
  'write md1 server1 0 8',
  'cut mdc400 server1 server2',
  'write md1 server1 4 8',
  "wait mirror('md1').state == 'Abnormal'",
  'heal mdc400 server1 server2',
  "wait servers.all(s, mirror('md1').on(s.name).connected)",
);

/** How long it takes depends on chance. */
const timeless = (text: string) => text.replaceAll(/in about [\d.]+ m?s/g, 'in about a while');

test.serial(
  'a copy that is behind: what to do, what it costs and leaves, what not to do',
  async (t) => {
    const { exit, out } = await place.run('advise', '--config', manual, ...BEHIND);
    t.is(exit, 0);
    t.is(
      timeless(out),
      `cluster harbour (v3 LE)
  1  redundancy lost  a copy of md1 is behind, and its sides see each other
  2  watch weakened   monitor mdw1 reports an error
procedures
1. v3-11.10.4  Recover a mirror with a command
   for 1; in about a while, no group is down meanwhile
   then servers in the cluster 2 of 2, copies of md1 in order 2 of 2
   1 step cannot be undone
   drydock run v3-11.10.4 --set md=md1
2. v3-11.10.9  Recover a mirror by Web Manager
   for 1; in about a while, no group is down meanwhile
   then servers in the cluster 2 of 2, copies of md1 in order 2 of 2
   1 step cannot be undone
   drydock run v3-11.10.9 --set md=md1
3. v3-11.10.2  Show the mirror break status with a command
   for 1; not rehearsed
   drydock run v3-11.10.2 --set md=md1
4. v3-11.10.7  Show the mirror break status by Web Manager
   for 1; not rehearsed
   drydock run v3-11.10.7 --set md=md1
5. v3-11.3  Diagnose: monitor resource error
   for 2; in about a while, no group is down meanwhile
   then servers in the cluster 2 of 2, copies of md1 in order 1 of 2
   drydock run v3-11.3
not these, although they look right
   v3-11.10.5  Forcible mirror recovery with a command
      a copy is in order (v3-11.10.4), or a server is missing (v3-11.10.6); nothing is to be forced here
   v3-11.10.10  Forcible mirror recovery by Web Manager
      a copy is in order (v3-11.10.9), or a server is missing (v3-11.10.11); nothing is to be forced here
   v3-11.10.6  Forcible mirror recovery with a command on one server only
      the copy of server1 is not RED; there is nothing to force
   v3-11.10.11  Forcible mirror recovery by Web Manager on one server only
      the copy of server1 is not RED; there is nothing to force
   v3-6.7.1  Replace a mirroring disk that failed on the active server
      the failover is not over: wait until server2 serves; where the disk of the standby failed, use v3-6.7.2
   v3-11.10.3  Show the mirror recovery progress with a command
      it is for a mirror that is being recovered
   v3-11.10.8  Show the mirror recovery progress by Web Manager
      it is for a mirror that is being recovered
`,
    );
  },
);

test.serial('a disk that failed, and a server that is off, as documents', async (t) => {
  const disk = given(
    'write md1 server1 0 8',
    'fail-disk server2 /dev/sdb',
    'write md1 server1 4 8',
  );
  const failed = documentOf(await place.run('advise', '--json', '--config', manual, ...disk));
  t.deepEqual(misfitsOf(failed), []);
  const [first] = failed.procedures as Record<string, unknown>[];
  t.is(first?.runbook, 'v3-6.7.2');
  t.deepEqual(first?.parameters, { md: 'md1', failed: 'server2' });
  t.like(first?.cost, { acts: 2, outages: [] });

  const off = given('kill server2', 'rest');
  const lost = documentOf(await place.run('advise', '--json', '--config', 'v3se', ...off));
  t.deepEqual(misfitsOf(lost), []);
  const [replace] = lost.procedures as Record<string, unknown>[];
  t.like(replace, {
    runbook: 'v3-11.6',
    condition: 'its machine is defective',
    giveUp: ['server2'],
    command: 'drydock run v3-11.6 --set failed=server2 --give-up server2',
  });
});

test.serial('nothing is wrong: a wish leads to its procedure, and no wish to none', async (t) => {
  const calm = await place.run('advise', '--config', 'v3le');
  t.is(calm.out, 'cluster harbour (v3 LE): nothing is wrong that can be seen\n');
  const wish = ['save', 'the', 'data', 'while', 'it', 'is', 'served'];
  const wished = documentOf(await place.run('advise', ...wish, '--json', '--config', 'v3le'));
  t.deepEqual(misfitsOf(wished), []);
  t.is((wished.procedures as Record<string, unknown>[])[0]?.runbook, 'v3-9.1.1');
});

test.serial('list says which runbooks apply to a cluster, and why others do not', async (t) => {
  const words = await place.run('list', '--search', 'mirror recovery', '--config', 'v3le');
  t.regex(words.out, /^ID .*\nv3-11\.10\.1 .*\nv3-11\.10\.3 /);
  t.regex(words.out, /\nThese do not apply to harbour as it is:\n {2}v3-11\.10\.5 .* a copy is in/);
  const listed = documentOf(await place.run('list', '--json', '--config', 'x5hybrid'));
  t.deepEqual(misfitsOf(listed), []);
  const found = listed.runbooks as { id: string; applies: { here: boolean; why: string | null } }[];
  const at = (id: string) => found.find((one) => one.id === id)?.applies;
  t.deepEqual(at('x5-2.10'), { here: true, why: null, wants: [] });
  t.like(at('x5-2.20.3-active'), { here: false, why: 'it needs a cluster of two servers' });
  t.like(at('v3-5.1'), { here: false, why: "'v3-5.1' is for v3 SE, XE, LE; this cluster is x5 X" });
  const none = documentOf(await place.run('list', '--json'));
  t.deepEqual(misfitsOf(none), []);
  t.is(none.cluster, null);
});

test.serial('run without a runbook says which there are, and does nothing', async (t) => {
  const { exit, out, err } = await place.run('run');
  t.is(exit, 2);
  t.regex(out, /^ID /);
  t.regex(err, /name a runbook: drydock run ID; `drydock advise` says which/);
});
