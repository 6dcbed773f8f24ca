/** A fresh clone installs with `npm ci`, which refuses a lock file that leaves a package out. */
import { readFileSync } from 'node:fs';
import test from 'ava';

interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };

/** Where Node would look for it, from the innermost folder outwards. */
function isLocked(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

test('the lock file holds every package that one of them names, for other systems too', (t) => {
  const missing = Object.entries(packages).flatMap(([place, locked]) => {
    const { dependencies, optionalDependencies, devDependencies } = locked;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    return names.filter((name) => !isLocked(place, name)).map((name) => `${place}: ${name}`);
  });
  t.deepEqual(missing, []);
});

test('the lock file names no place that packages come from', (t) => {
  t.notRegex(text, /"resolved"/);
});
