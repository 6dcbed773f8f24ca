/** What every verb gets: where to print, how, and for whom. Only this room prints and exits. */
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Login } from '../ports/authority.ts';

type Style = Parameters<typeof styleText>[0];

export interface Cli {
  /** One JSON document (or NDJSON) on stdout instead of words. */
  json: boolean;
  /** False: never ask. */
  input: boolean;
  /** A person looks at stderr: progress may move. */
  live: boolean;
  /** State folder: $DRYDOCK_HOME, else the XDG state folder. */
  home: string;
  /** Who acts, for the record: login@host; whoever logged in, also behind su and sudo. */
  who: string;
  login: Login;
  /** Data. */
  out(text: string): void;
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

/** Our own colours: what paint() makes, and nothing that hides or moves anything. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is meant
const COLORS = /(\u001b\[(?:0|1|2|22|3[1236]|39)m)/;

/** Control characters of file names, command output or peers never reach a terminal. */
export function printable(text: string, keepColors = false): string {
  if (keepColors) {
    const parts = text.split(COLORS);
    return parts.map((part, index) => (index % 2 ? part : printable(part))).join('');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is removed
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
}

function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}

function painter(isColored: boolean): Cli['paint'] {
  return (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text);
}

export interface GlobalOptions {
  json?: boolean;
  input?: boolean;
  login: Login;
}

export function openContext(options: GlobalOptions): Cli {
  const { stdout, stderr, stdin, env } = process;
  const colored = wantsColor(stderr, env);
  const stopping = new AbortController();
  const stopNow = new AbortController();
  const onInterrupt = () => {
    if (stopping.signal.aborted) return stopNow.abort();
    stderr.write('\nstopping at the next safe point; Ctrl-C again stops now\n');
    stopping.abort();
  };
  const { login } = options;
  return {
    json: options.json ?? false,
    input: (options.input ?? true) && Boolean(stdin.isTTY),
    live: Boolean(stderr.isTTY) && env.TERM !== 'dumb' && !options.json,
    home: stateFolder(env, userInfo().homedir),
    who: `${login.real.name}@${hostname()}`,
    login,
    out: (text) => void stdout.write(stdout.isTTY ? printable(text, true) : text),
    say: (text) => void stderr.write(`${printable(text, colored)}\n`),
    paint: painter(colored),
    paintData: painter(wantsColor(stdout, env) && !options.json),
    heedInterrupts: () => {
      if (!process.listeners('SIGINT').includes(onInterrupt)) process.on('SIGINT', onInterrupt);
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

/** Rows in columns; the last one is not padded. */
export function table(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
