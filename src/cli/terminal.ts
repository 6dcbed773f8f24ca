/**
 * The one place that writes to stdout and stderr. Whatever comes through is made visible first
 * (src/core/visible.ts): no text from outside moves a cursor, hides a line or colours itself.
 * Line feeds of a layout stay; texts that have to stand in one line are put into one where the
 * line is made (`inOneLine`).
 *
 * Our own colours come through as marks that hold a word drawn when the program starts: nobody
 * who wrote a text beforehand can know it.
 */
import { styleText } from 'node:util';
import { systemRandom } from '../adapters/system-random.ts';
import { inOneLine, visible } from '../core/visible.ts';

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

export function writeOut(text: string): void {
  stdout.write(shown(text));
}

export function writeErr(text: string): void {
  stderr.write(shown(text));
}

/** Data whose bytes are hashed elsewhere: to a file or a program as they are. */
export function writeExactly(text: string): void {
  stdout.write(stdout.isTTY ? shown(text) : text);
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

/** Whoever reads our output may leave before its end. */
export function endWithReader(): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
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
