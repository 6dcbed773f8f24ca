/** A page as a manual page (man(7)), for groff and mandoc alike. */
import { inOneLine } from '../../core/visible.ts';
import type { Line, Page, Part, Span } from './page.ts';

/** What is no ASCII is written by its number, so that no reader has to guess the character set. */
function letters(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll(/[^\n\u0020-\u007e]/gu, (char) => {
      return `\\[u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}

/** A line of text: one that begins with a point would be an order. */
function textLine(text: string): string {
  return text.replace(/^(?=[.\s])/, '\\&');
}

function spanText(span: Span): string {
  if (typeof span === 'string') return letters(inOneLine(span));
  return 'code' in span
    ? `\\fB${letters(inOneLine(span.code))}\\fR`
    : `\\fB${letters(inOneLine(span.strong))}\\fR`;
}

const lineText = (line: Line) => textLine(line.map(spanText).join('').trim());

/** An argument of an order, in quotes. */
const quoted = (text: string) => `"${letters(inOneLine(text)).replaceAll('"', '\\(dq')}"`;

function partLines(part: Part): string[] {
  if ('drawing' in part) {
    const lines = part.drawing.trimEnd().split('\n');
    return ['.nf', ...lines.map((line) => (line === '' ? '\\&' : textLine(letters(line)))), '.fi'];
  }
  if ('lines' in part) {
    return part.lines.flatMap((line, at) =>
      at === 0 ? [lineText(line)] : ['.PP', lineText(line)],
    );
  }
  return part.terms.flatMap(({ term, lines }) => [
    '.TP',
    lineText(term),
    ...lines.flatMap((line, at) => (at === 0 ? [lineText(line)] : ['.br', lineText(line)])),
    ...(lines.length === 0 ? ['\\&'] : []),
  ]);
}

export interface PageOrigin {
  /** The program and its version. */
  program: string;
}

export function roffOf(page: Page, { program }: PageOrigin): string {
  const name = `drydock\\-${letters(page.id)}`;
  const lines = [
    `.TH ${quoted(`drydock-${page.id}`)} 7 "" ${quoted(program)} "Runbooks"`,
    // Lines that end where they end: nothing long is stretched.
    '.ad l',
    '.SH NAME',
    `${name} \\- ${letters(inOneLine(page.title))}`,
  ];
  for (const { title, parts } of page.sections) {
    lines.push(`.SH ${quoted(title.toUpperCase())}`, ...parts.flatMap(partLines));
  }
  return `${lines.join('\n')}\n`;
}
