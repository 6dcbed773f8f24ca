/** The command line against a live cluster: what a run does when people and programs interfere. */
import { join } from 'node:path';
import test from 'ava';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { documentOf, type Ended, makePlace, type Place, start } from './support.ts';

let place: Place;
test.before(async () => {
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
});
test.after.always(async () => {
  await place?.run('lab', 'down');
  place?.remove();
});

/** Looks, waits as long as told, looks again; it may be parked after the first look. */
function slowRunbook(wait: string): string {
  return place.file(
    'slow.runbook.yaml',
    `
id: slow
title: Look, wait and look again
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
steps:
  - { id: look, title: Look, on: server1, run: clpstat, undo: none, safe: true, added: a test }
  - { id: wait, title: Wait, wait: { for: ${wait} }, timeout: 5m, undo: none, added: a test }
  - { id: again, title: Look again, on: server1, run: clpstat -n, undo: none, added: a test }
`,
  );
}

/** A run that is in the middle of its wait: the intent to wait is on record, no commit is open. */
async function waiting(wait: string) {
  const live = place.start('run', slowRunbook(wait), '--yes');
  await live.shows('1/3 done');
  const run = /^run (\S+)$/m.exec(live.said())?.[1] as string;
  for (;;) {
    const { entries } = documentOf(await place.run('run-log', run, '--json')) as {
      entries: { type: string }[];
    };
    if (entries.filter(({ type }) => type === 'step.intended').length === 2) return live;
  }
}

function runIn({ err, out }: Ended): string {
  return (/^run (\S+)$/m.exec(err)?.[1] ?? out.trim().split('\n').at(-1)) as string;
}

const LINES = /exposed now: .*\nin flight: .*\nnext: .*\nby when: .*\n$/;

test.serial('documents, words and exit codes of what only looks', async (t) => {
  const asked = [
    ['status', '--json'],
    ['preflight', 'v3-5.1', '--json'],
    ['rehearse', 'v3-5.1', '--json'],
    ['debts', '--json'],
    ['lab', 'status', '--json'],
    ['lab', 'path', 'server1', '--json'],
    ['lab', 'exec', 'server1', 'clpstat', '--json'],
    ['clp', 'clpstat', '--json'],
    ['cluster', 'list', '--json'],
    ['cluster', 'check', '--json'],
  ];
  for (const words of asked) {
    const ended = await place.run(...words);
    t.is(ended.exit, 0, `${words.join(' ')}: ${ended.err}`);
    t.regex(String(documentOf(ended).schema), /^drydock\.[\w-]+\/[12]$/);
  }
});

test.serial('a lab has every name that it is given: its own, an entry, its folder', async (t) => {
  const folder = join(place.home, 'lab', 'default');
  const add = ['cluster', 'add', 'training', '--kind', 'lab', '--set', `folder=${folder}`];
  t.is((await place.run(...add)).exit, 0);
  const names = [[], ['--cluster', 'default'], ['--cluster', 'training'], ['--cluster', folder]];
  for (const named of names) {
    const { exit, out, err } = await place.run('clp', 'clpstat', ...named);
    t.is(exit, 0, err);
    t.regex(out, /Cluster : harbour/);
  }
  const checked = await place.run('cluster', 'check', 'training');
  t.is(checked.exit, 0);
  t.true(checked.out.startsWith(`training: harbour (lab, ${folder})\n`), checked.out);
  t.is((await place.run('lab', 'exec', 'server1', 'clpstat', '--cluster', 'training')).exit, 0);
});

test.serial('the options of a command on a server are its own', async (t) => {
  const groupmap = /GROUPMAP INFORMATION/;
  t.regex((await place.run('clp', 'clpstat', '-g')).out, groupmap);
  t.regex((await place.run('clp', 'clpstat', '--server', 'server2', '--', '-g')).out, groupmap);
  t.regex((await place.run('lab', 'exec', 'server2', 'clpstat', '-g')).out, groupmap);
});

test.serial('wrong names are refused, and nothing is done', async (t) => {
  const refused: [string[], RegExp][] = [
    [['run', 'v3-11.10.6', '--yes'], /parameter 'survivor' must be given/],
    [['run', 'v3-11.10.6', '--set', 'survivor=serverr1'], /did you mean 'server1'\?/],
    [['run', 'v3-11.10.6', '--set', 'surviver=server1'], /no parameter 'surviver'; did you mean/],
    [['run', 'v3-5.1', '--set', 'server'], /--set server is not NAME=VALUE/],
    [['run', 'v3-5.1', '--stop-after', 'nope'], /the plan has no step 'nope'/],
    [['clp', 'clpstat', '--server', 'server3'], /no server server3/],
    [['lab', 'fault', 'cut', 'mdc4', 'server1'], /no net 'mdc4' .* did you mean 'mdc400'\?/],
    [['lab', 'fault', 'fail-disk', 'server1', '/dev/sdz'], /no disk \/dev\/sdz/],
    [['lab', 'fault', 'kil', 'server1'], /there is no fault 'kil'; did you mean 'kill'\?/],
    [['rehearse', 'v3-5.1', '--faults', 'swep'], /did you mean sweep\?/],
    [['status', '--wait', 'mirror('], /expression:1:7: /],
  ];
  for (const [words, expected] of refused) {
    const { exit, err } = await place.run(...words);
    t.is(exit, 2, err);
    t.regex(err, expected);
  }
  t.deepEqual(documentOf(await place.run('runs', '--json')).runs, []);
});

test.serial('nobody to say "go on" parks before anything is done', async (t) => {
  const { exit, err } = await place.run('run', 'v3-5.1');
  t.is(exit, 3);
  t.regex(err, LINES);
  t.deepEqual(documentOf(await place.run('runs', '--json')).runs, []);
});

test.serial(
  'Ctrl-C once parks at the next safe point; the run is resumed to its end',
  async (t) => {
    const live = await waiting('2s');
    live.interrupt();
    await live.shows('stopping at the next safe point');
    const parked = await live.ended;
    t.is(parked.exit, 3, parked.err);
    t.regex(parked.err, /2\/3 done/);
    t.notRegex(parked.err, /3\/3/);
    t.regex(parked.err, LINES);
    t.regex(parked.err, new RegExp(`next: +drydock resume ${runIn(parked)}`));
    const resumed = await place.run('resume', runIn(parked));
    t.is(resumed.exit, 0, resumed.err);
    t.regex(resumed.err, /3\/3 done/);
  },
);

test.serial('Ctrl-C twice stops now; the run is resumed to its end', async (t) => {
  const live = await waiting('3s');
  live.interrupt();
  await live.shows('stopping at the next safe point');
  live.interrupt();
  const stopped = await live.ended;
  t.is(stopped.exit, 130, stopped.err);
  t.notRegex(stopped.err, /2\/3 done/);
  const resumed = await place.run('resume', runIn(stopped));
  t.is(resumed.exit, 0, resumed.err);
});

test.serial('a second run is kept away: here, and from another control host', async (t) => {
  const other = await makePlace();
  const lab = join(place.home, 'lab', 'default');
  const live = await waiting('6s');
  t.teardown(live.kill);
  live.freeze();
  try {
    const here = await place.run('run', 'v3-11.10.2', '--yes');
    t.is(here.exit, 5, here.err);
    const there = await other.run('run', 'v3-11.10.2', '--yes', '--cluster', lab);
    t.is(there.exit, 5, there.err);
    t.regex(there.out, /held by run slow-/);
  } finally {
    live.kill();
    await live.ended;
    other.remove();
  }
  const killed = await live.ended;
  t.is(killed.exit, 137);
  const resumed = await place.run('resume', runIn(killed));
  t.is(resumed.exit, 0, resumed.err);
});

test.serial('a live run is aborted from another terminal, at its next safe point', async (t) => {
  const live = await waiting('6s');
  t.teardown(live.kill);
  live.freeze();
  // Of all runs of that name only one can still be aborted.
  const aborted = await place.run('abort', 'slow');
  t.is(aborted.exit, 0, aborted.err);
  t.regex(aborted.err, /stops at its next safe point/);
  live.thaw();
  const ended = await live.ended;
  t.is(ended.exit, 1, ended.err);
  t.regex(ended.err, /aborted: stopped as asked, before step again/);
  t.notRegex(ended.err, /3\/3/);
  t.is((await place.run('resume', runIn(ended))).exit, 2);
  t.deepEqual(documentOf(await place.run('debts', '--json')).debts, []);
});

test.serial('what is left is rehearsed anew when the cluster has moved', async (t) => {
  const parked = await place.run('run', slowRunbook('1s'), '--yes', '--stop-after', 'look');
  t.is(parked.exit, 3, parked.err);
  t.is((await place.run('clp', 'clpgrp', '-t', 'failover2')).exit, 0);
  const resumed = await place.run('resume', runIn(parked));
  t.is(resumed.exit, 0, resumed.err);
  t.regex(resumed.err, /the cluster has moved/);
  t.regex(resumed.err, /group\.failover2\.state: predicted Online, observed Offline/);
  t.regex(resumed.err, /rehearsed anew: 2 steps/);
  t.is((await place.run('clp', 'clpgrp', '-s', 'failover2')).exit, 0);
});

test.serial('the fault matrix says how a run would end', async (t) => {
  const file = slowRunbook('1s');
  const swept = await place.run('rehearse', file, '--faults', 'sweep', '--json');
  t.is(swept.exit, 0, swept.err);
  const { cells, verdict } = documentOf(swept) as {
    cells: { step: string; kind: string; end: string; violations: string[] }[];
    verdict: string;
  };
  t.regex(verdict, /^SAFE: none of \d+ faults at 3 steps breaks an invariant; /);
  t.true(cells.length >= 3 * 12, `${cells.length}`);
  const killed = cells.filter(({ kind }) => kind.startsWith('kill-'));
  t.true(killed.every(({ end }) => end === 'resumed' || end === 'nothing'));
  t.deepEqual(
    cells.flatMap(({ violations }) => violations),
    [],
  );
  const one = await place.run('rehearse', file, '--faults', 'again:crash@server1');
  t.is(one.exit, 6, one.err);
  t.regex(one.out, /STEP +crash@server1\nagain +stuck\n/);
});

test.serial('a named confirmation is never given by --yes', async (t) => {
  const words = ['v3-11.10.6', '--set', 'survivor=server2'];
  await place.run('lab', 'fault', 'cut', 'mdc400', 'server1', 'server2');
  await place.run('lab', 'io', 'write', 'md1', '--count', '4');
  const broken = "mirror('md1').on('server2').color == 'RED'";
  t.is((await place.run('status', '--wait', broken)).exit, 0);
  const asked = await place.run('run', ...words, '--yes', '--no-input');
  t.is(asked.exit, 3, asked.err);
  t.regex(asked.err, /it needs the words "server1"/);
  t.regex(asked.err, /next: .*--answer accept-loss='server1'/);
  const run = runIn(asked);
  const wrong = await place.run('resume', run, '--answer', 'accept-loss=server2');
  t.is(wrong.exit, 3, wrong.err);
  const right = await place.run('resume', run, '--answer', 'accept-loss=server1');
  t.is(right.exit, 0, right.err);
});

test.serial('a run against a server that is off says so before step 1', async (t) => {
  const { exit, out, err } = await place.run(
    'run',
    'v3-5.2.deactivate',
    '--set',
    'server=server1',
    '--yes',
  );
  t.true([4, 6].includes(exit), `${exit}: ${err}`);
  t.regex(out + err, /server1/);
  const { exit: off, err: words } = await place.run('clp', 'clpstat', '--server', 'server1');
  t.is(off, 255);
  t.regex(words, /server1: its operating system is not up/);
});

test.serial('one damaged run does not hide the others', async (t) => {
  const file = join(place.home, 'journal.sqlite');
  const journal = openSqliteJournal({ file, clock: systemClock(), who: 'test' });
  await journal.append([{ run: 'odd-1', type: 'run.finished', body: {} }]);
  await journal.close();
  const listed = await place.run('runs');
  t.is(listed.exit, 0, listed.err);
  t.regex(listed.out, /odd-1 +damaged/);
  t.regex(listed.out, /slow-\w+ +(done|aborted)/);
  t.regex(listed.err, /run odd-1 is damaged: /);
  t.is((await place.run('audit', 'verify')).exit, 0);
  t.is((await start(place.home, ['run-log', 'odd-1']).ended).exit, 7);
});

test.serial(
  'an exported record verifies by itself, and does not once a word is changed',
  async (t) => {
    const { out } = await place.run('audit', 'export');
    const good = place.file('record.ndjson', out);
    t.is((await place.run('audit', 'verify', '--file', good)).exit, 0);
    const bad = place.file('bad.ndjson', out.replace('run.started', 'run.stopped'));
    t.is((await place.run('audit', 'verify', '--file', bad)).exit, 7);
  },
);
