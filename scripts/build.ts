/**
 * Bundles the programs into dist/: one file per program plus what they share, loaded when needed.
 * Does nothing when nothing changed since the last build (dist/.built is newer than every source).
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { build } from 'esbuild';

const STALE_AFTER_MS = 3_600_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const built = join(dist, '.built');
const sources = ['src', 'machines', 'scripts', 'package-lock.json'];

const programs = {
  drydock: 'src/cli/main.ts',
  sweep: 'src/cli/sweep-main.ts',
  switchd: 'src/lab/switchd-main.ts',
  hostd: 'src/lab/hostd-main.ts',
  clusterd: 'src/lab/clusterd-main.ts',
  mirrord: 'src/lab/mirrord-main.ts',
  command: 'src/lab/command-main.ts',
};

/** One file that needs nothing beside it, under any Node.js from 18 on: dist/drydock-verify.mjs. */
const verifier = 'src/cli/verify-main.ts';

/** What CommonJS packages expect to find, and an ES module lacks. */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

function newest(path: string): number {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isBuilt(): boolean {
  if (!existsSync(built)) return false;
  const at = statSync(built).mtimeMs;
  return sources.every((path) => newest(join(root, path)) <= at);
}

/** Resolves true when it built, false when dist/ was up to date. */
export async function buildPrograms(): Promise<boolean> {
  if (isBuilt()) return false;
  const started = new Date();
  mkdirSync(dist, { recursive: true });
  const present = Object.entries(programs).filter(([, path]) => existsSync(join(root, path)));
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(present.map(([name, path]) => [name, join(root, path)])),
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    banner: { js: banner },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    alias: { 'string-width': './scripts/string-width.ts' },
    // Node keeps the text of what it loads, and in twice the room where a comment has a character beyond Latin-1.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    write: false,
    logLevel: 'warning',
    absWorkingDir: root,
  });
  for (const { path, contents } of [...outputFiles, ...(await bundleVerifier())]) {
    place(path, contents);
  }
  removeStale(new Set(outputFiles.map(({ path }) => path)));
  // Sources changed while this ran must still count as newer.
  writeFileSync(built, `${started.toISOString()}\n`);
  utimesSync(built, started, started);
  return true;
}

async function bundleVerifier() {
  const { outputFiles } = await build({
    entryPoints: [join(root, verifier)],
    outfile: join(dist, 'drydock-verify.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    banner: { js: '// Verifies a record of Drydock. Apache-2.0. Needs nothing but Node.js 18.' },
    write: false,
    logLevel: 'warning',
    absWorkingDir: root,
  });
  return outputFiles;
}

/** Whole or not at all: a program may be starting from dist/ at this very moment. */
function place(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  // Test files of one process build too, each in a thread of its own.
  const beside = `${path}.${process.pid}-${threadId}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}

/** Parts of former builds that nothing names any more; young ones a running program may load. */
function removeStale(outputs: Set<string>): void {
  const parts = join(dist, 'parts');
  if (!existsSync(parts)) return;
  for (const name of readdirSync(parts)) {
    const path = join(parts, name);
    const isYoung = Date.now() - statSync(path).mtimeMs < STALE_AFTER_MS;
    if (!outputs.has(path) && !isYoung) rmSync(path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPrograms();
