/**
 * `npm run mutate [-- --list LIST] [--only WORD,WORD] [--jobs N] [--seed N] [--seeds N] [--most N] [--remember]`: plants
 * each bug of a list in a copy of the source and asks whether anybody notices. The same questions for
 * every bug, the quick ones first; a bug may name the test file that is asked before all others.
 *
 *     bug ─► copy ─► loads? ─► the file it names ─► the stages of its list, in turn ─► missed
 *                      │no          └──── wrong or red: caught, and by what ────┘
 *                      └► broken: a bug that does not even load is an error of the list, no catch
 *
 *     mirror   test/mirror/mutations       storms ─► all tests ─► more storms
 *     engine   test/simulation/mutations   simulated histories alone: `--seeds`, 1,000; those that
 *                                          showed bugs before (`shown-by.json`) first
 *
 * What finds something in the source as it is proves nothing of a bug. So storms and tests are
 * asked of that first, and must pass; how long that took bounds what a bug may take. A history that
 * is wrong is played there, too: if it is wrong as well it is no catch, and nobody is asked it again.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { mutations as mirrorBugs } from '../test/mirror/mutations/index.ts';
import { mutations as engineBugs } from '../test/simulation/mutations/index.ts';
import type { Mutation } from '../test/support/mutation.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PARTS = [
  'src',
  'machines',
  'fixtures',
  'runbooks',
  'test/mirror',
  'test/simulation',
  'test/support',
  'scripts',
  'package.json',
  'tsconfig.json',
];
/** A mutant that takes so many times what the sound source took has come to hang. */
const PATIENCE = 10;
const LEAST_MS = 180_000;
/** All histories; each of them has a bound of its own. */
const HISTORIES_MS = 3_600_000;
const WIDTH = 96;

const { values } = parseArgs({
  options: {
    list: { type: 'string', default: 'mirror' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    most: { type: 'string', default: 'Infinity' },
    remember: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});
const seed = Number(values.seed);

interface Verdict {
  mutation: Mutation;
  is: 'caught' | 'missed' | 'broken';
  /** Who was asked last. */
  stage: string;
  by: string;
  seconds: number;
}

interface Stage {
  name: string;
  args: string[];
  /** Finds in what was printed what went wrong. */
  why: RegExp;
  /** Asks again what one seed of it showed; null: the stage is asked as a whole. */
  replay: ((seed: string) => string[]) | null;
}

const storms = (name: string, first: number, cycles: number): Stage => ({
  name,
  args: ['scripts/prove.ts', '--cycles', `${cycles}`, '--seed', `${first}`, '--wrong', '1'],
  why: /seed \d+: .*/,
  replay: null,
});
const tests = (name: string, files: string[]): Stage => ({
  name,
  args: ['node_modules/.bin/ava', '--fail-fast', '--concurrency', '1', ...files],
  why: /✘.*/,
  replay: null,
});
const histories = (name: string, first: number, count: number): Stage => ({
  name,
  args: [
    'scripts/simulate.ts',
    ...['--first', `${first}`, '--seeds', `${count}`],
    ...['--wrong', '1', '--no-shrink', '--jobs', '1', '--cheap-first', '--most', values.most],
  ],
  why: /seed \d+: .*/,
  replay: (one) => ['scripts/simulate.ts', '--seed', one],
});

interface List {
  mutations: Mutation[];
  /** Plays nothing, but loads everything that the stages play; null: they say so themselves. */
  loads: Stage | null;
  stages: Stage[];
  /** The least share of them that has to be caught. */
  fewest: number;
}

const LISTS: Record<string, List> = {
  mirror: {
    mutations: mirrorBugs,
    loads: { ...storms('loads', 1, 0), why: /\w*Error: .*/ },
    stages: [
      storms('storms', seed, 60),
      tests('tests', ['test/mirror/*.test.ts']),
      storms('more storms', seed + 60, 300),
    ],
    fewest: 38 / 40,
  },
  engine: {
    mutations: engineBugs,
    loads: null,
    stages: [histories('histories', seed, Number(values.seeds))],
    fewest: 57 / 60,
  },
};

function listOf(name: string): List {
  const list = LISTS[name];
  if (list) return list;
  throw new Error(`no list ${name}; give --list ${Object.keys(LISTS).join(' or ')}`);
}

const HOME = mkdtempSync(join(tmpdir(), 'drydock-mutants-'));
const env = { NODE_COMPILE_CACHE: join(HOME, 'compiled') };
const { mutations, loads, stages, fewest } = listOf(values.list);
const limitsMs = new Map<Stage, number>();
/** By bug a seed that showed it in an earlier run; of a world that changed since it may not. */
const SHOWN_BY = join(root, 'test/simulation/mutations/shown-by.json');
const shownBy = JSON.parse(readFileSync(SHOWN_BY, 'utf8')) as Record<string, number>;
/** Seeds whose histories are wrong in the source as it is. */
const unsound = new Set<string>();

/** A folder under a name that comes again keeps what Node compiled of all that is not changed. */
function copyOf(from: string, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  for (const part of PARTS) cpSync(join(from, part), join(folder, part), { recursive: true });
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

/** What went wrong there, or null. */
async function ask(folder: string, stage: Stage, timeout: number): Promise<string | null> {
  const options = { cwd: folder, env, timeout, reject: false, all: true } as const;
  const { exitCode, timedOut, all } = await execa(process.execPath, stage.args, options);
  if (timedOut) return 'hangs';
  if (exitCode === 0) return null;
  const lost = /(Reference|Syntax)Error.*|is not defined/.exec(all);
  if (lost) throw new Error(lost[0]);
  return (stage.why.exec(all)?.[0] ?? all.trim().split('\n').at(-1) ?? 'red').slice(0, WIDTH);
}

/** The same of histories: a wrong one that is sound in the source as it is, or null. */
async function askHistories(
  folder: string,
  sound: string,
  stage: Stage,
  before: number | undefined,
): Promise<string | null> {
  for (;;) {
    const args = [...stage.args, '--skip', [...unsound].join(','), '--try', `${before ?? ''}`];
    const by = await ask(folder, { ...stage, args }, HISTORIES_MS);
    const found = by === null ? null : /^seed (\d+): /.exec(by)?.[1];
    if (!stage.replay || !found || unsound.has(found)) return by;
    const asItIs = { ...stage, args: stage.replay(found) };
    if ((await ask(sound, asItIs, LEAST_MS)) === null) return by;
    unsound.add(found);
    process.stdout.write(`as it is: seed ${found} is wrong, too\n`);
  }
}

async function judge(
  folder: string,
  sound: string,
  mutation: Mutation,
): Promise<Pick<Verdict, 'is' | 'by' | 'stage'>> {
  plant(folder, mutation);
  const fails = loads === null ? null : await ask(folder, loads, LEAST_MS);
  if (fails !== null) return { is: 'broken', by: fails, stage: 'loads' };
  const named = mutation.test ? [tests('its test', [mutation.test])] : [];
  for (const stage of [...named, ...stages]) {
    const by = stage.replay
      ? await askHistories(folder, sound, stage, shownBy[mutation.name])
      : await ask(folder, stage, limitsMs.get(stage) ?? LEAST_MS);
    if (by !== null) return { is: 'caught', by, stage: stage.name };
  }
  return { is: 'missed', by: '', stage: '' };
}

/** What finds something in the source as it is proves nothing of a planted bug. */
async function isSound(folder: string): Promise<boolean> {
  for (const stage of stages.filter(({ replay }) => replay === null)) {
    const started = performance.now();
    const by = await ask(folder, stage, 10 * LEAST_MS);
    const tookMs = performance.now() - started;
    limitsMs.set(stage, Math.max(LEAST_MS, Math.ceil(PATIENCE * tookMs)));
    process.stdout.write(
      `as it is: ${stage.name}, ${(tookMs / 1000).toFixed(0)} s: ${by ?? 'passed'}\n`,
    );
    if (by !== null) return false;
  }
  return true;
}

/** Notes which seed showed the bug. */
function remember({ name }: Mutation, by: string): void {
  const seed = /^seed (\d+): /.exec(by)?.[1];
  if (!values.remember || seed === undefined) return;
  shownBy[name] = Number(seed);
  const known = mutations.flatMap((one) => {
    const shown = shownBy[one.name];
    return shown === undefined ? [] : [[one.name, shown]];
  });
  writeFileSync(SHOWN_BY, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}

async function examine(sound: string, lane: string, mutation: Mutation): Promise<Verdict> {
  const started = performance.now();
  const folder = copyOf(sound, lane);
  try {
    const said = await judge(folder, sound, mutation).catch((error: Error) => {
      return { is: 'broken', by: error.message, stage: '' } as const;
    });
    const seconds = Math.round((performance.now() - started) / 1000);
    const head = `${said.is.padEnd(6)} ${String(seconds).padStart(4)} s  ${mutation.name}`;
    process.stdout.write(`${head}: ${said.by}\n`);
    remember(mutation, said.by);
    return { mutation, ...said, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function table(verdicts: Verdict[]): string {
  const rows = mutations
    .flatMap(({ name }) => verdicts.filter(({ mutation }) => mutation.name === name))
    .map(({ mutation, is, by, stage }) => {
      const what = is === 'missed' ? mutation.what : `${stage}: ${by}`;
      return `${is.padEnd(7)} ${mutation.name.padEnd(44)} ${what}`;
    });
  return `\n${rows.join('\n')}\n\n`;
}

async function examineAll(sound: string, wanted: Mutation[]): Promise<Verdict[]> {
  // Time may run out: those that no history showed before are asked first.
  const queue = wanted.toSorted((a, b) => Number(a.name in shownBy) - Number(b.name in shownBy));
  const verdicts: Verdict[] = [];
  const lanes = Array.from({ length: Number(values.jobs) }, async (_, at) => {
    const lane = join(HOME, `lane${at}`);
    for (let next = queue.shift(); next; next = queue.shift()) {
      verdicts.push(await examine(sound, lane, next));
    }
  });
  await Promise.all(lanes);
  return verdicts;
}

const words = values.only.split(',');
const wanted = mutations.filter(({ name, file }) =>
  words.some((word) => `${name} ${file}`.includes(word)),
);
// One copy of the source for all: somebody may be working on it meanwhile.
const sound = copyOf(root, join(HOME, 'sound'));
const started = performance.now();
try {
  if (!(await isSound(sound))) throw new Error('the source as it is does not pass');
  const verdicts = await examineAll(sound, wanted);
  const count = (is: Verdict['is']) => verdicts.filter((verdict) => verdict.is === is).length;
  process.stdout.write(table(verdicts));
  const minutes = ((performance.now() - started) / 60_000).toFixed(0);
  process.stdout.write(
    `${wanted.length} planted, ${count('caught')} caught, ${count('missed')} missed, ` +
      `${count('broken')} broken; seed ${seed}, ${minutes} min\n`,
  );
  const isEnough = count('caught') >= Math.floor(wanted.length * fewest);
  process.exitCode = count('broken') === 0 && isEnough ? 0 : 1;
} finally {
  rmSync(HOME, { recursive: true, force: true });
}
