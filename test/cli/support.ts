/** The built program as a person or a script runs it, with a state folder of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { buildPrograms } from '../../scripts/build.ts';

export const program = fileURLToPath(new URL('../../dist/drydock.js', import.meta.url));

export interface Ended {
  /** Exit code; 128+n when a signal ended it. */
  exit: number;
  out: string;
  err: string;
}

export interface Live {
  /** Resolves when stderr has shown the text; rejects when the program ends without it. */
  shows(text: string): Promise<void>;
  /** What stderr has shown so far. */
  said(): string;
  interrupt(): void;
  kill(): void;
  /** SIGSTOP: it does nothing more, and lets go of nothing. */
  freeze(): void;
  thaw(): void;
  ended: Promise<Ended>;
}

export interface Place {
  home: string;
  start(...words: string[]): Live;
  run(...words: string[]): Promise<Ended>;
  /** Writes a file there and tells its name. */
  file(name: string, text: string | Uint8Array): string;
  remove(): void;
}

const SIGNALS: Record<string, number> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** `input`: its standard input; else it has none. */
export function start(
  home: string,
  words: string[],
  env: Record<string, string> = {},
  input?: string,
): Live {
  const child = execa(process.execPath, [program, ...words], {
    env: { DRYDOCK_HOME: home, DRYDOCK_CLUSTER: '', ...env },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    reject: false,
    stripFinalNewline: false,
  });
  let err = '';
  let hasEnded = false;
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    tell();
  });
  const ended = child.then((result) => {
    hasEnded = true;
    tell();
    const exit = result.exitCode ?? 128 + (SIGNALS[result.signal ?? ''] ?? 0);
    return { exit, out: String(result.stdout), err: String(result.stderr) };
  });
  return {
    ended,
    said: () => err,
    interrupt: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (err.includes(text)) resolve();
          else if (hasEnded) reject(new Error(`it ended without showing "${text}":\n${err}`));
          else return;
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
  };
}

export async function makePlace(): Promise<Place> {
  await buildPrograms();
  const home = mkdtempSync(join(tmpdir(), 'drydock-cli-'));
  return {
    home,
    start: (...words) => start(home, words),
    run: (...words) => start(home, words).ended,
    file(name, text) {
      writeFileSync(join(home, name), text);
      return join(home, name);
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The document on stdout; throws when it is not exactly one. */
export function documentOf({ out }: Ended): Record<string, unknown> {
  const document = JSON.parse(out);
  if (typeof document.schema !== 'string') throw new Error(`no schema in ${out}`);
  return document;
}
