/** The planted bugs of `npm run mutate` still fit the source they are planted in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { mutations as mirrorBugs } from '../mirror/mutations/index.ts';
import { mutations as engineBugs } from '../simulation/mutations/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

for (const [list, mutations, least] of [
  ['mirror', mirrorBugs, 40],
  ['engine', engineBugs, 60],
] as const) {
  test(`${list}: there are at least ${least} planted bugs, each with a name of its own`, (t) => {
    t.true(mutations.length >= least);
    t.is(new Set(mutations.map(({ name }) => name)).size, mutations.length);
  });

  for (const { name, file, find, replace } of mutations) {
    test(`${list}: the planted bug “${name}” is one change to ${file}`, (t) => {
      const text = readFileSync(`${root}/${file}`, 'utf8');
      t.is(text.split(find).length - 1, 1);
      t.not(find, replace);
    });
  }
}
