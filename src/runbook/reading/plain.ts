/** A page for a terminal. */
import { wrapped } from '../plan/graph-text.ts';
import type { Line, Page, Part } from './page.ts';

/** `code`: something typed. */
export type Paint = (style: 'bold' | 'code' | 'danger', text: string) => string;

const WIDTH = 100;
const INDENT = 4;

/** Lines are broken before they are painted, for colours take no room. */
function said(line: Line, indent: number, paint: Paint): string[] {
  const text = line
    .map((span) => (typeof span === 'string' ? span : Object.values(span)[0]))
    .join('');
  const [only] = line;
  const isCode = line.length === 1 && typeof only === 'object' && 'code' in only;
  const begins = typeof only === 'object' && 'strong' in only;
  return wrapped(text, WIDTH - indent).map((one, at) => {
    const pad = ' '.repeat(indent);
    if (isCode) return `${pad}${paint('code', one)}`;
    if (begins && at === 0 && one.startsWith('Danger')) {
      return `${pad}${paint('danger', 'Danger')}${one.slice('Danger'.length)}`;
    }
    return `${pad}${begins && line.length > 2 ? paint('bold', one) : one}`;
  });
}

function partLines(part: Part, paint: Paint): string[] {
  if ('drawing' in part) {
    return part.drawing
      .trimEnd()
      .split('\n')
      .map((line) => `${' '.repeat(INDENT)}${line}`.trimEnd());
  }
  if ('lines' in part) return part.lines.flatMap((line) => said(line, INDENT, paint));
  return part.terms.flatMap(({ term, lines }, at) => [
    ...(at > 0 ? [''] : []),
    ...said(term, INDENT, paint),
    ...lines.flatMap((line) => said(line, 2 * INDENT, paint)),
  ]);
}

export function plainOf(page: Page, paint: Paint): string {
  const lines = [paint('bold', `${page.id}  ${page.title}`)];
  for (const { title, parts } of page.sections) {
    lines.push('', paint('bold', title.toUpperCase()));
    lines.push(...parts.flatMap((part) => partLines(part, paint)));
  }
  return `${lines.join('\n')}\n`;
}
