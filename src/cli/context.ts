/** What every verb gets: where to print, how, and for whom. Only this room prints and exits. */
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { inOneLine } from '../core/visible.ts';
import type { Login } from '../ports/authority.ts';
import {
  painted,
  type Style,
  streamsOf,
  widthOf,
  writeErr,
  writeExactly,
  writeOut,
} from './words/terminal.ts';

export interface Cli {
  /** One JSON document (or NDJSON) on stdout instead of words. */
  json: boolean;
  /** False: never ask. */
  input: boolean;
  /** A person looks at stderr: progress may move. */
  live: boolean;
  /** State folder: $DRYDOCK_HOME, else the XDG state folder. */
  home: string;
  /** The folder of the inventory's files, one a cluster. */
  inventory: string;
  /** Who acts, for the record: login@host; whoever logged in, also behind su and sudo. */
  who: string;
  login: Login;
  /** Data; made visible, in JSON by escapes. */
  out(text: string): void;
  /** Lines of the record, whose bytes are hashed: as they are, but on a terminal. */
  outExactly(text: string): void;
  /** Words. */
  say(text: string): void;
  /** Colours for words (stderr). */
  paint(style: Style, text: string): string;
  /** Colours for data (stdout): none where it goes to a file or a program. */
  paintData(style: Style, text: string): string;
  /**
   * From now on Ctrl-C is a wish: once, stop at the next safe point; twice, stop now. Before, and
   * in verbs that have nothing to bring to an end, it ends the program.
   */
  heedInterrupts(): void;
  /** What is to be done last, when the exit code is known. */
  atEnd(act: (exit: number) => Promise<void>): void;
  /** Does it. */
  end(exit: number): Promise<void>;
  /** The line that moves while a run goes on: hidden while a person is asked something. */
  moving: { hide(): void; show(): void } | null;
  /** Aborted by the first Ctrl-C. */
  stopping: AbortSignal;
  /** Aborted by the second Ctrl-C. */
  stopNow: AbortSignal;
}

/** `$DRYDOCK_HOME`, else `$XDG_STATE_HOME/drydock`, else `~/.local/state/drydock`. */
export function stateFolder(env: NodeJS.ProcessEnv, homeFolder: string): string {
  if (env.DRYDOCK_HOME) return resolve(env.DRYDOCK_HOME);
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, 'drydock');
  return join(homeFolder, '.local', 'state', 'drydock');
}

/**
 * `clusters` in `$DRYDOCK_HOME`, where that is set, so that whoever sets it has a world of their
 * own; else in `$XDG_CONFIG_HOME/drydock` or `~/.config/drydock`.
 */
export function inventoryFolder(env: NodeJS.ProcessEnv, homeFolder: string): string {
  const config = env.XDG_CONFIG_HOME || join(homeFolder, '.config');
  return join(env.DRYDOCK_HOME ? resolve(env.DRYDOCK_HOME) : join(config, 'drydock'), 'clusters');
}

function painter(isColored: boolean): Cli['paint'] {
  return (style, text) => (isColored ? painted(style, text) : text);
}

export interface GlobalOptions {
  json?: boolean;
  input?: boolean;
  login: Login;
}

export function openContext(options: GlobalOptions): Cli {
  const { stdin, env } = process;
  const { live, coloursOut, coloursErr } = streamsOf(env);
  const stopping = new AbortController();
  const stopNow = new AbortController();
  const onInterrupt = () => {
    if (stopping.signal.aborted) return stopNow.abort();
    writeErr('\nstopping at the next safe point; Ctrl-C again stops now\n');
    stopping.abort();
  };
  const lastActs: ((exit: number) => Promise<void>)[] = [];
  const { login } = options;
  return {
    json: options.json ?? false,
    input: (options.input ?? true) && Boolean(stdin.isTTY),
    live: live && !options.json,
    home: stateFolder(env, userInfo().homedir),
    inventory: inventoryFolder(env, userInfo().homedir),
    who: `${login.real.name}@${hostname()}`,
    login,
    out: writeOut,
    outExactly: writeExactly,
    say: (text) => writeErr(`${text}\n`),
    paint: painter(coloursErr),
    paintData: painter(coloursOut && !options.json),
    heedInterrupts: () => {
      if (!process.listeners('SIGINT').includes(onInterrupt)) process.on('SIGINT', onInterrupt);
    },
    atEnd: (act) => lastActs.push(act),
    end: async (exit) => {
      for (const act of lastActs.splice(0)) await act(exit);
    },
    moving: null,
    stopping: stopping.signal,
    stopNow: stopNow.signal,
  };
}

/** Prints a document: JSON as it is, or the words. */
export function print(cli: Cli, document: object, words: () => string): void {
  cli.out(cli.json ? `${JSON.stringify(document)}\n` : words());
}

/** Rows in columns; the last one is not padded. A cell is one line, whatever it holds. */
export function table(rows: string[][]): string {
  const lines = rows.map((row) => row.map(inOneLine));
  const widths: number[] = [];
  for (const row of lines) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  const padded = (cell: string, column: number) =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : padded(cell, column)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
