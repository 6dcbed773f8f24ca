import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { factsFile } from '../../src/lab/facts-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-facts-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('the newest facts are on disk once settled', async (t) => {
  const path = join(folder, 'daemon.json');
  const facts = factsFile(path, (error) => t.fail(error.message));
  t.is(facts.load(), null);
  for (let ratio = 1; ratio <= 50; ratio += 1) facts.save({ ratio });
  await facts.settled();
  t.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { ratio: 50 });
  t.deepEqual(factsFile(path, () => undefined).load(), { ratio: 50 });
});

test('torn facts count as none, and a folder that cannot be written is told', async (t) => {
  const path = join(folder, 'torn.json');
  writeFileSync(path, '{"ratio"');
  t.is(factsFile(path, () => undefined).load(), null);
  const errors: Error[] = [];
  const facts = factsFile(join(folder, 'none', 'daemon.json'), (error) => errors.push(error));
  facts.save({ ratio: 1 });
  await facts.settled();
  t.is(errors.length, 1);
});
