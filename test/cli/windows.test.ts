/**
 * Whole stories of change windows, told as text: who types what, and the whole of what is answered.
 * `REWRITE=1 npx ava test/cli/windows.test.ts` writes the answers anew; commit a difference only if
 * you understand it. Lines with `!` came on stderr.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { testWith } from '../support/tools.ts';
import { documentOf, makePlace, type Place } from './support.ts';
import { openStage, type Stage } from './window-stage.ts';

let place: Place;
test.after.always(async () => {
  await place?.run('lab', 'down');
  place?.remove();
});

/** A block is lines to play, `----`, and what they lead to; comments and empty lines stay. */
async function playAll(t: ExecutionContext, stage: Stage, text: string): Promise<string> {
  const played: string[] = [];
  for (const block of text.split(/\n\n+/)) {
    const [head = ''] = block.split('\n----');
    const lines = head.trimEnd().split('\n');
    if (lines.every((line) => line.startsWith('#') || line === '')) {
      played.push(head.trimEnd());
      continue;
    }
    const answers: string[] = [];
    for (const line of lines) {
      // For each line: a slow machine takes its time.
      t.timeout(240_000);
      if (!line.startsWith('#')) answers.push(...(await stage.play(line)));
    }
    played.push([...lines, '----', ...answers].join('\n'));
  }
  return `${played.join('\n\n').trimEnd()}\n`;
}

testWith(['ssh-keygen'], 'windows from request to evidence, as they are told', async (t) => {
  t.timeout(240_000);
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
  const init = ['window', 'policy', 'init', '--json', '--out', `${place.home}/first.yaml`];
  t.is(documentOf(await place.run(...init)).schema, 'drydock.policy-file/1');
  const first = readFileSync(`${place.home}/first.yaml`, 'utf8');
  const cluster = /^cluster: (\S+)$/m.exec(first)?.[1] as string;
  const who = /principal: (\S+)$/m.exec(first)?.[1] as string;
  const stage = openStage({ home: place.home, cluster, who });
  for (const name of ['shared-folder', 'by-mail']) {
    const file = new URL(`windows/${name}.txt`, import.meta.url);
    const expected = readFileSync(file, 'utf8');
    const actual = await playAll(t, stage, expected);
    if (process.env.REWRITE) writeFileSync(file, actual);
    else t.is(actual, expected, name);
  }
});
