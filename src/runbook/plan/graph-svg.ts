/**
 * SVG of a runbook: steps below one another, in order; steps under a condition in a frame that says
 * it, and frames of which one is taken within a bracket. Texts are broken into lines, and nothing of
 * them is cut. No program draws it for us.
 */
import type { Block } from './graph-blocks.ts';
import { branchWords, type GraphModel, LEGEND, type StepView } from './graph-model.ts';
import { marksOf, wrapped } from './graph-text.ts';

const WIDTH = 660;
const LEFT = 24;
const GAP = 22;
const PAD = 12;
const LINE = 16;
/** So wide a letter is at most, on average. */
const LETTER = 7.4;
const SMALL_LETTER = 6.9;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1b2530 }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 11px; fill: #52606d }
  .code { font: 11px ui-monospace, monospace; fill: #334155 }
  .when { font-style: italic; fill: #1d4ed8 }
  .box { fill: #f8fafc; stroke: #64748b }
  .person { fill: #fef9c3; stroke: #a16207 }
  .danger { stroke: #b91c1c; stroke-width: 2 }
  .frame { fill: none; stroke: #1d4ed8; stroke-dasharray: 4 3 }
  .bracket { fill: none; stroke: #1d4ed8 }
  .point { fill: #1b2530 }
  .edge { fill: none; stroke: #64748b }
`;

const COLOURS = 'yellow: done or decided by a person; red: dangerous';

const BY_A_PERSON = new Set(['operator', 'confirm', 'choose']);

/** Text that can stand in XML; characters that no XML may hold are dropped. */
export function xmlText(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return [...text]
    .filter((char) => /[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(char))
    .map((char) => entities[char] ?? char)
    .join('');
}

interface Drawn {
  svg: string[];
  /** Where it ends. */
  y: number;
}

interface Area {
  x: number;
  y: number;
  width: number;
}

/** Lines of text from `y` on, each of that class. */
function textLines(text: string, style: string, { x, y, width }: Area): Drawn {
  const letter = style === 'small' || style === 'code' ? SMALL_LETTER : LETTER;
  const lines = wrapped(text, Math.max(8, Math.floor(width / letter)));
  const svg = lines.map(
    (line, at) =>
      `<text class="${style}" x="${x}" y="${y + 12 + at * LINE}">${xmlText(line)}</text>`,
  );
  return { svg, y: y + lines.length * LINE };
}

function drawStep(step: StepView, { x, y, width }: Area): Drawn {
  const inner = { x: x + PAD, width: width - 2 * PAD };
  const head = textLines(`${marksOf(step)} ${step.title}`, 'plain', { ...inner, y: y + 8 });
  const about = [step.id, step.kind, step.server ?? '', step.safe ? 'may be parked after' : ''];
  const small = textLines(about.filter(Boolean).join(' · '), 'small', { ...inner, y: head.y });
  const code = step.detail
    ? textLines(step.detail, 'code', { ...inner, y: small.y })
    : { svg: [], y: small.y };
  const style = `${BY_A_PERSON.has(step.kind) ? 'person' : 'box'}${step.danger ? ' danger' : ''}`;
  const end = code.y + 8;
  const box = `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${end - y}" rx="6"/>`;
  return { svg: [box, ...head.svg, ...small.svg, ...code.svg], y: end };
}

/** What stands within lines that say what it stands under. */
function framed(
  style: string,
  head: string,
  { x, y, width }: Area,
  content: (area: Area) => Drawn,
): Drawn {
  const inside = { x: x + PAD, width: width - 2 * PAD };
  const words = textLines(head, 'when', { ...inside, y: y + 6 });
  const body = content({ ...inside, y: words.y + 8 });
  const end = body.y + PAD;
  const frame = `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${end - y}" rx="6"/>`;
  return { svg: [frame, ...words.svg, ...body.svg], y: end };
}

function drawBlock(block: Block<StepView>, area: Area): Drawn {
  if ('step' in block) return drawStep(block.step, area);
  const { branches, isWhole } = block;
  const [only] = branches;
  if (branches.length === 1 && only) {
    const head = `only if ${branchWords(only.when)}`;
    return framed('frame', head, area, (within) => drawBlocks(only.blocks, within));
  }
  const head = isWhole ? 'one of these' : 'at most one of these';
  return framed('bracket', head, area, ({ x, y, width }) => {
    const svg: string[] = [];
    let at = y;
    for (const [index, branch] of branches.entries()) {
      const words = `if ${branchWords(branch.when)}`;
      const from = { x, y: index === 0 ? at : at + 10, width };
      const drawn = framed('frame', words, from, (within) => drawBlocks(branch.blocks, within));
      svg.push(...drawn.svg);
      at = drawn.y;
    }
    return { svg, y: at };
  });
}

function arrow(x: number, from: number): string {
  return `<path class="edge" d="M ${x} ${from} V ${from + GAP - 2}" marker-end="url(#tip)"/>`;
}

function drawBlocks(blocks: readonly Block<StepView>[], { x, y, width }: Area): Drawn {
  const svg: string[] = [];
  let at = y;
  for (const [index, block] of blocks.entries()) {
    if (index > 0) {
      svg.push(arrow(x + width / 2, at));
      at += GAP;
    }
    const drawn = drawBlock(block, { x, y: at, width });
    svg.push(...drawn.svg);
    at = drawn.y;
  }
  return { svg, y: at };
}

function drawPoint(title: string, y: number): Drawn {
  const x = LEFT + WIDTH / 2;
  return {
    svg: [
      `<circle class="point" cx="${x}" cy="${y + 8}" r="7"/>`,
      `<text x="${x + 14}" y="${y + 13}">${xmlText(title)}</text>`,
    ],
    y: y + 16,
  };
}

export function svgOf({ title, blocks }: GraphModel): string {
  const area = { x: LEFT, width: WIDTH };
  const head = textLines(title, 'title', { ...area, y: 16 });
  const start = drawPoint('start', head.y + 10);
  const body = drawBlocks(blocks, { ...area, y: start.y + GAP });
  const done = drawPoint('done', body.y + GAP);
  const middle = LEFT + WIDTH / 2;
  const legend: string[] = [];
  let y = done.y + GAP;
  for (const line of [...LEGEND, COLOURS]) {
    const drawn = textLines(line, 'small', { ...area, y });
    legend.push(...drawn.svg);
    y = drawn.y;
  }
  const [width, height] = [2 * LEFT + WIDTH, y + PAD];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(title)}</title><style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" ' +
      'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>',
    ...head.svg,
    ...start.svg,
    arrow(middle, start.y),
    ...body.svg,
    arrow(middle, body.y),
    ...done.svg,
    ...legend,
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}
