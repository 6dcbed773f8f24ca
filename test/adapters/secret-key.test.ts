import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { secretVouch } from '../../src/adapters/secret-key.ts';

function folderOf(t: { teardown(fn: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-key-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a key is made once, for its owner alone, and vouches the same ever after', (t) => {
  const folder = folderOf(t);
  const word = secretVouch(folder)('pin 1234');
  t.regex(word, /^[0-9a-f]{16}:[0-9a-f]{64}$/);
  const file = join(folder, 'secrets.key');
  t.is(statSync(file).mode & 0o777, 0o600);
  t.is(secretVouch(folder)('pin 1234'), word);
  const [key, hash] = word.split(':');
  const [sameKey, otherHash] = secretVouch(folder)('pin 1235').split(':');
  t.is(sameKey, key);
  t.not(otherHash, hash);
  const [otherKey] = secretVouch(folderOf(t))('pin 1234').split(':');
  t.not(otherKey, key);
  t.false(word.includes(readFileSync(file, 'utf8').slice(0, 16)));
});

test('no key is made before it is needed, and one that is no key is said to be none', (t) => {
  const folder = folderOf(t);
  const vouch = secretVouch(folder);
  const file = join(folder, 'secrets.key');
  t.throws(() => statSync(file));
  writeFileSync(file, 'hunter2\n', { mode: 0o600 });
  t.like(
    t.throws(() => vouch('x')),
    { code: 'secret.key', exit: 2 },
  );
});

test('a key that others can read is refused', (t) => {
  const folder = folderOf(t);
  secretVouch(folder)('x');
  chmodSync(join(folder, 'secrets.key'), 0o640);
  t.like(
    t.throws(() => secretVouch(folder)('x')),
    { code: 'secret.key', exit: 2 },
  );
});
