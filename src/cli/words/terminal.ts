/**
 * The one place that writes to stdout and stderr. Whatever comes through is made visible first
 * (src/core/visible.ts): no text from outside moves a cursor, hides a line or colours itself.
 * Line feeds of a layout stay; texts that have to stand in one line are put into one where the
 * line is made (`inOneLine`).
 *
 * Our own colours come through as marks that hold a word drawn when the program starts: nobody
 * who wrote a text beforehand can know it.
 */
import { fstatSync } from 'node:fs';
import { styleText } from 'node:util';
import { writeAll } from '../../adapters/durable-file.ts';
import { systemRandom } from '../../adapters/system-random.ts';
import { inOneLine, visible } from '../../core/visible.ts';

export type Style = Parameters<typeof styleText>[0];

const { stdout, stderr } = process;
const WORD = systemRandom().id();
const MARK = new RegExp(`\\ufdd0${WORD}([\\d;]*)\\ufdd1`);
const MARKS = new RegExp(MARK.source, 'g');

/** The text between the marks of a style. */
export function painted(style: Style, text: string): string {
  const [open = '', close = ''] = styleText(style, '|', { validateStream: false }).split('|');
  const mark = (sequence: string) => `\ufdd0${WORD}${sequence.slice(2, -1)}\ufdd1`;
  return `${mark(open)}${text}${mark(close)}`;
}

/** How many columns the text takes, its colours left out. */
export function widthOf(text: string): number {
  return visible(text.replace(MARKS, '')).length;
}

/** What a terminal is given for the text: all of it visible, and our colours. */
export function shown(text: string): string {
  const parts = text.split(MARK);
  return parts.map((part, at) => (at % 2 ? `\u001b[${part}m` : visible(part))).join('');
}

/** The system writes to a file what it has room for, and Node's stream does not look. */
function isOutFile(): boolean {
  try {
    return fstatSync(stdout.fd).isFile();
  } catch {
    return false;
  }
}

const outIsFile = isOutFile();
let hasFailed = false;

/** Nobody's work ends because its output finds no room; whoever reads it learns it from the exit. */
function outFailed(error: Error): void {
  if (hasFailed) return;
  hasFailed = true;
  writeErr(`drydock: the output is not whole: ${inOneLine(error.message)}\n`);
  process.once('exit', (exit) => {
    if (exit === 0) process.exitCode = 1;
  });
}

function put(text: string): void {
  if (hasFailed) return;
  if (!outIsFile) {
    stdout.write(text);
    return;
  }
  try {
    writeAll(stdout.fd, Buffer.from(text));
  } catch (error) {
    outFailed(error as Error);
  }
}

export function writeOut(text: string): void {
  put(shown(text));
}

export function writeErr(text: string): void {
  stderr.write(shown(text));
}

/** Data whose bytes are hashed elsewhere: to a file or a program as they are. */
export function writeExactly(text: string): void {
  put(stdout.isTTY ? shown(text) : text);
}

/** One line, without its end, cut to the width of the terminal. */
export function drawLine(text: string): void {
  const columns = (stderr.columns || 80) - 1;
  stderr.write(visible(inOneLine(text)).slice(0, columns));
}

/** Takes back what drawLine() drew. */
export function clearLine(): void {
  stderr.write('\r\u001b[K');
}

export function columnsOfOut(): number | undefined {
  return stdout.columns;
}

/** Where questions are asked; the question itself goes through shown(). */
export function questionStream(): NodeJS.WritableStream {
  return stderr;
}

const left = new AbortController();
/** Aborted when nobody reads our output any more. */
export const readerLeft = left.signal;

/**
 * Whoever reads our output may leave before its end. Then nothing more is written, without a word;
 * the work goes on, and the exit is that of the work.
 */
export function outliveReader(): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') return outFailed(error);
    hasFailed = true;
    left.abort();
  });
  // Where nobody can be reached, the work goes on all the same.
  stderr.on('error', () => undefined);
}

/** Whether the streams are terminals, and colours wanted there. */
export function streamsOf(env: NodeJS.ProcessEnv): {
  live: boolean;
  coloursOut: boolean;
  coloursErr: boolean;
} {
  const canMove = env.TERM !== 'dumb';
  const colours = !env.NO_COLOR && canMove;
  return {
    live: Boolean(stderr.isTTY) && canMove,
    coloursOut: Boolean(stdout.isTTY) && colours,
    coloursErr: Boolean(stderr.isTTY) && colours,
  };
}
