/** A page as Markdown (CommonMark), with its picture in a file beside it. */
import { inOneLine } from '../../core/visible.ts';
import type { Line, Page, Part, Span } from './page.ts';

/** What would be read as markup is said to be none. */
export function markdownText(text: string): string {
  return inOneLine(text).replaceAll(/[\\`*_{}[\]<>#|~&!]/g, (char) => `\\${char}`);
}

/** Backticks around it, more of them than stand in it. */
function codeSpan(text: string): string {
  const line = inOneLine(text);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}

function spanText(span: Span): string {
  if (typeof span === 'string') return markdownText(span);
  return 'code' in span ? codeSpan(span.code) : `**${markdownText(span.strong)}**`;
}

/** A line that begins as an item of a list would be one. */
function lineText(line: Line): string {
  const text = line.map(spanText).join('').trim();
  return text.replace(/^([-+])(?=\s)/, '\\$1').replace(/^(\d+)([.)])(?=\s)/, '$1\\$2');
}

function partText(part: Part, picture: string): string {
  if ('drawing' in part) return `![the steps and their conditions](${picture})`;
  if ('lines' in part) return part.lines.map(lineText).join('\n\n');
  return part.terms
    .map(({ term, lines }) => {
      const items = lines.map((line) => `- ${lineText(line)}`);
      return [lineText(term), items.join('\n')].filter(Boolean).join('\n\n');
    })
    .join('\n\n');
}

/** `picture`: the file of its drawing, as seen from the page. */
export function markdownOf(page: Page, picture: string): string {
  const sections = page.sections.map(({ title, parts }) =>
    [`## ${title}`, ...parts.map((part) => partText(part, picture))].join('\n\n'),
  );
  return `${[`# ${markdownText(`${page.id}: ${page.title}`)}`, ...sections].join('\n\n')}\n`;
}
