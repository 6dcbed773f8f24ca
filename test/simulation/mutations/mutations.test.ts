/** The planted bugs still fit the source they are planted in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { mutations } from './index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('there are at least sixty planted bugs, each with a name of its own', (t) => {
  t.true(mutations.length >= 60);
  t.is(new Set(mutations.map(({ name }) => name)).size, mutations.length);
});

for (const { name, file, find, replace } of mutations) {
  test(`the planted bug “${name}” is one change to ${file}`, (t) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    t.is(text.split(find).length - 1, 1);
    t.not(find, replace);
  });
}
