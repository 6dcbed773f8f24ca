/**
 * `npm run lab-runs -- [--only TEXT] [--jobs N] [--messages] [--list]`: every runbook in every situation that it
 * names, rehearsed on a twin of a live lab and then run there (test/support/lab-cases.ts). It says
 * where the two differ. `--only` takes those whose title holds the text.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { liveCase, whyTwinOnly } from '../test/support/lab-cases.ts';
import { CASES } from '../test/support/twin-worlds.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    messages: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const titleOf = ({ title, id }: (typeof CASES)[number]) => title ?? id;
const chosen = CASES.filter((made) => titleOf(made).includes(values.only));
const cases = chosen.filter((made) => whyTwinOnly(made) === null);
const say = (text: string) => void process.stdout.write(`${text}\n`);

for (const made of chosen) {
  const why = whyTwinOnly(made);
  if (why !== null) say(`twin only  ${titleOf(made)}: ${why}`);
}
if (values.list) {
  for (const made of cases) say(titleOf(made));
  process.exit(0);
}

const parent = mkdtempSync(join(tmpdir(), 'drydock-runs-'));
const left = [...cases.entries()];
let differing = 0;

/** Order and number of messages depend on the moment; which there are at all, mostly not. */
function messagesIn(silent: string[], unforetold: string[]): string {
  const parts = [
    ...silent.map((name) => `foretold and never said: ${name}`),
    ...unforetold.map((name) => `said and not foretold: ${name}`),
  ];
  return parts.map((part) => `\n        ${part}`).join('');
}

async function work(): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) {
    const [index, made] = next;
    const began = performance.now();
    let words: string;
    try {
      const { differs, lived, silent, unforetold } = await liveCase(join(parent, `${index}`), made);
      if (differs !== null) differing += 1;
      words = differs === null ? `${lived}, as foretold` : `DIFFERS: ${differs}`;
      if (values.messages) words += messagesIn(silent, unforetold);
    } catch (error) {
      differing += 1;
      words = `DIFFERS: ${error instanceof Error ? error.message : String(error)}`;
    }
    say(
      `${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${titleOf(made)}: ${words}`,
    );
  }
}

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
rmSync(parent, { recursive: true, force: true });
say(`${cases.length} cases live: ${cases.length - differing} as foretold, ${differing} differ`);
process.exitCode = differing > 0 ? 1 : 0;
