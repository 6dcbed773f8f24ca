/**
 * `npm run mutate [-- --only WORD] [--cycles N] [--jobs N]`: plants each bug of
 * test/mirror/mutations in a copy of the source and asks whether anybody notices: first the proof
 * (some cycles of faults), then the mirror's tests.
 *
 *     bug ─► copy ─► proof ──wrong──► caught          A copy that does not even load, or fails
 *                      └──ok──► tests ──red──► caught on a name that is not there, is a bad bug:
 *                                  └──green──► missed an error of this list, not a catch.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { type Mutation, mutations } from '../test/mirror/mutations/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['src', 'machines', 'test/mirror', 'scripts', 'package.json', 'tsconfig.json'];
const PROOF_MS = 600_000;
const TESTS_MS = 600_000;
const FEWEST_CAUGHT = 38 / 40;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    cycles: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});

interface Verdict {
  mutation: Mutation;
  is: 'caught' | 'missed' | 'broken';
  by: string;
  seconds: number;
}

function copyOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-mutant-'));
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function plant(folder: string, { name, file, find, replace }: Mutation): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`“${name}” does not fit ${file} any more`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
}

async function program(folder: string, timeout: number, args: string[]) {
  const env = { DRYDOCK_MODEL_RUNS: '100' };
  const options = { cwd: folder, timeout, env, reject: false, all: true } as const;
  return await execa(process.execPath, args, options);
}

function firstLine(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0].slice(0, 110) ?? 'red';
}

async function judge(folder: string): Promise<Pick<Verdict, 'is' | 'by'>> {
  const { cycles, seed } = values;
  const loads = await program(folder, PROOF_MS, ['scripts/prove.ts', '--cycles', '0']);
  if (loads.exitCode !== 0) return { is: 'broken', by: firstLine(loads.all, /\w*Error: .*/) };
  const asked = ['scripts/prove.ts', '--cycles', cycles, '--seed', seed, '--wrong', '1'];
  const proof = await program(folder, PROOF_MS, asked);
  if (/ReferenceError|SyntaxError/.test(proof.all)) {
    return { is: 'broken', by: firstLine(proof.all, /(Reference|Syntax)Error.*/) };
  }
  if (proof.timedOut) return { is: 'caught', by: 'proof: hangs' };
  if (proof.exitCode !== 0) return { is: 'caught', by: firstLine(proof.all, /seed \d+: .*/) };
  const ava = ['node_modules/.bin/ava', '--fail-fast', 'test/mirror/*.test.ts'];
  const tests = await program(folder, TESTS_MS, ava);
  if (tests.timedOut) return { is: 'caught', by: 'tests: hang' };
  if (tests.exitCode !== 0) return { is: 'caught', by: `test: ${firstLine(tests.all, /✘.*/)}` };
  return { is: 'missed', by: '' };
}

/** What finds something in the source as it is proves nothing of a planted bug. */
async function checkSound(): Promise<void> {
  const folder = copyOf();
  try {
    const { is, by } = await judge(folder);
    if (is === 'missed') return;
    process.stdout.write(`the source as it is: ${is}: ${by}\n`);
    process.exit(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function examine(mutation: Mutation): Promise<Verdict> {
  const started = performance.now();
  const folder = copyOf();
  try {
    plant(folder, mutation);
    const { is, by } = await judge(folder);
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stdout.write(
      `${is.padEnd(7)} ${String(seconds).padStart(4)} s  ${mutation.name}: ${by}\n`,
    );
    return { mutation, is, by, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await checkSound();
const wanted = mutations.filter(({ name, file }) => `${name} ${file}`.includes(values.only));
const queue = [...wanted];
const verdicts: Verdict[] = [];
const lanes = Array.from({ length: Number(values.jobs) }, async () => {
  for (let next = queue.shift(); next; next = queue.shift()) verdicts.push(await examine(next));
});
await Promise.all(lanes);
const count = (is: Verdict['is']) => verdicts.filter((verdict) => verdict.is === is).length;
for (const { mutation, is } of verdicts) {
  if (is !== 'caught') process.stdout.write(`${is}: ${mutation.name}. ${mutation.what}\n`);
}
process.stdout.write(
  `${wanted.length} planted, ${count('caught')} caught, ${count('missed')} missed, ${count('broken')} broken\n`,
);
const isEnough =
  count('broken') === 0 && count('caught') >= Math.floor(wanted.length * FEWEST_CAUGHT);
process.exitCode = isEnough ? 0 : 1;
