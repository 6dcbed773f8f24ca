/** What a program loads as it starts: nothing that only some of its uses want. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const PROGRAMS = ['drydock', 'switchd', 'hostd', 'clusterd', 'mirrord', 'command'];
const SELDOM = ['iconv-lite', 'rrule', 'ical.js', 'windows-iana'];

/** The packages in a file and in all that it imports before it runs. */
function packagesIn(file: string): Set<string> {
  const [found, seen, left] = [new Set<string>(), new Set<string>(), [file]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const text = readFileSync(next, 'utf8');
    const imports = text.matchAll(
      /(?:^|[;}])(?:import|export)(?:[^'"()]*?from)?\s*["'](\.[^"']+)["']/gm,
    );
    for (const [, path] of imports) left.push(resolve(dirname(next), path!));
    const { sources } = JSON.parse(readFileSync(`${next}.map`, 'utf8')) as { sources: string[] };
    for (const source of sources) {
      const [, name] = /node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//.exec(source) ?? [];
      if (name) found.add(name);
    }
  }
  return found;
}

test('no program loads at its start what only some of its uses want', async (t) => {
  await buildPrograms();
  for (const [program, name] of [
    ['command', 'fast-xml-parser'],
    ['drydock', 'yargs'],
  ]) {
    t.true(packagesIn(join(dist, `${program}.js`)).has(name!), 'the walk finds packages');
  }
  for (const program of PROGRAMS) {
    const found = packagesIn(join(dist, `${program}.js`));
    t.deepEqual(
      SELDOM.filter((name) => found.has(name)),
      [],
      program,
    );
  }
});
