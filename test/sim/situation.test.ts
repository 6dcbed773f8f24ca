/** The words of situations: what is wrong with some, before and while they happen. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { describeError } from '../../src/core/errors.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { bringAbout, readSituation } from '../../src/sim/situation/situation.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const file = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
const twinAtRest = async () => {
  const configText = readFileSync(file, 'utf8');
  const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024 });
  await twin.up();
  return twin;
};

const UNREADABLE: [string, string][] = [
  ['explode server1', "there is no word 'explode' for what can happen to a cluster; known: "],
  [
    'wrte md1 server1',
    "there is no word 'wrte' for what can happen to a cluster; did you mean 'write'?",
  ],
  ['write md7 server1', "there is no mirror 'md7' in this cluster; did you mean 'md1'?"],
  [
    'write md1 server1 0 many',
    "the number of blocks must be a number of at most 65536, not 'many'; write `write MIRROR SERVER [FIRST COUNT] [unflushed]`",
  ],
  [
    'write md1 server1 0 1000000',
    "the number of blocks must be a number of at most 65536, not '1000000'; ",
  ],
  ['exec server1', 'a command is missing; write `exec SERVER COMMAND … [<< PROMPT=REPLY]…`'],
  ['begin tomorrow', 'nobody can begin tomorrow; write `begin exec|write …`'],
  [
    'script server1 exec1/start.sh often',
    "a script ends with a code, hangs, or is ok, not 'often'; ",
  ],
  [
    "wait mirror('md1').stat == 'Normal'",
    "MirrorStatus has no field 'stat'; did you mean 'state'?",
  ],
  [
    'advance soon',
    "milliseconds must be a number of at most 2592000000, not 'soon'; write `advance MS`",
  ],
  ['rest now', "'now' is one word too many; write `rest`"],
  [
    'cut mdc400 server1 server3',
    "there is no server 'server3' in this cluster; did you mean 'server1'?",
  ],
];

test('a line that says nothing is refused before anything happens', async (t) => {
  const { config } = await twinAtRest();
  for (const [line, said] of UNREADABLE) {
    const place = { file: 'x.yaml', line: 3 };
    const error = t.throws(() => readSituation(['rest', line], config, () => place));
    const words = describeError(error);
    t.true(words.startsWith(`x.yaml:3: '${line}': ${said}`), words);
  }
  t.throws(() => readSituation(Array(101).fill('rest'), config), { message: /101 lines/ });
});

const IMPOSSIBLE: [string, RegExp][] = [
  ['fail-disk server1 /dev/sdz', /^'fail-disk server1 \/dev\/sdz': .*no disk \/dev\/sdz/],
  ['exec server1 clpgrp -s nosuch', /^'exec server1 clpgrp -s nosuch': .*exit \d+/],
];

test('what cannot happen ends it, with the line', async (t) => {
  for (const [line, said] of IMPOSSIBLE) {
    const twin = await twinAtRest();
    const error = await t.throwsAsync(bringAbout(twin, readSituation([line], twin.config)));
    t.regex(describeError(error), said);
  }
});

test('two opinions of a mirror: neither copy is the newer one, and its group is down', async (t) => {
  const from = await twinAtRest();
  const twin = await bringAbout(from, readSituation(['disagree md1'], from.config));
  const { mirrors, groups } = viewOf(await twin.status());
  t.is(mirrors.md1?.state, 'Abnormal');
  t.deepEqual(
    Object.values(mirrors.md1?.servers ?? {}).map(({ color }) => color),
    ['RED', 'RED'],
  );
  t.is(groups.failover2?.state, 'Online');
  t.not(groups.failover1?.state, 'Online');
});
