/**
 * SVG of a runbook: steps below one another, in order; what goes around steps runs through lanes
 * on the right, one lane for each such edge that overlaps another. No program draws it for us.
 */
import type { GraphEdge, GraphModel, GraphNode } from './graph.ts';

const BOX_WIDTH = 620;
const BOX_HEIGHT = 58;
const POINT_HEIGHT = 26;
const GAP = 26;
const LEFT = 24;
const TOP = 56;
const LANE = 18;
const MOST_CHARS = 92;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1b2530 }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 11px; fill: #52606d }
  .code { font: 11px ui-monospace, monospace; fill: #334155 }
  .box { fill: #f8fafc; stroke: #64748b }
  .person { fill: #fef9c3; stroke: #a16207 }
  .danger { stroke: #b91c1c; stroke-width: 2 }
  .point { fill: #1b2530 }
  .edge { fill: none; stroke: #64748b }
  .around { stroke-dasharray: 4 3 }
`;

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

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1)}…` : line;
}

interface Placed extends GraphNode {
  y: number;
  height: number;
  index: number;
}

function place(nodes: GraphNode[]): Placed[] {
  let y = TOP;
  return nodes.map((node, index) => {
    const height = node.kind === 'point' ? POINT_HEIGHT : BOX_HEIGHT;
    const placed = { ...node, y, height, index };
    y += height + GAP;
    return placed;
  });
}

function drawNode(node: Placed): string {
  if (node.kind === 'point') {
    const x = LEFT + BOX_WIDTH / 2;
    const middle = node.y + node.height / 2;
    return (
      `<circle class="point" cx="${x}" cy="${middle}" r="7"/>` +
      `<text x="${x + 14}" y="${middle + 5}">${xmlText(node.title)}</text>`
    );
  }
  const style = `${BY_A_PERSON.has(node.kind) ? 'person' : 'box'}${node.danger ? ' danger' : ''}`;
  const labels = node.labels.length ? `(${node.labels.join(', ')}) ` : '+ ';
  const where = node.server ? ` · ${node.server}` : '';
  const safe = node.safe ? ' · may be parked after' : '';
  const head = short(`${labels}${node.title}`);
  return (
    `<rect class="${style}" x="${LEFT}" y="${node.y}" width="${BOX_WIDTH}" height="${node.height}" rx="6"/>` +
    `<text x="${LEFT + 12}" y="${node.y + 19}">${xmlText(head)}</text>` +
    `<text class="small" x="${LEFT + 12}" y="${node.y + 35}">` +
    `${xmlText(short(`${node.id} · ${node.kind}${where}${safe}`))}</text>` +
    `<text class="code" x="${LEFT + 12}" y="${node.y + 50}">${xmlText(short(node.detail))}</text>`
  );
}

/** A lane per edge that goes around, so that overlapping ones do not lie on one another. */
function lanes(edges: { from: Placed; to: Placed }[]): Map<object, number> {
  const ends: number[] = [];
  const chosen = new Map<object, number>();
  for (const edge of edges.toSorted((a, b) => a.from.index - b.from.index)) {
    let lane = ends.findIndex((end) => end <= edge.from.index);
    if (lane < 0) lane = ends.length;
    ends[lane] = edge.to.index;
    chosen.set(edge, lane);
  }
  return chosen;
}

function drawStraight(from: Placed, to: Placed, label: string): string {
  const x = LEFT + BOX_WIDTH / 2;
  const text = label
    ? `<text class="small" x="${x + 8}" y="${to.y - 9}">${xmlText(short(label))}</text>`
    : '';
  const path = `M ${x} ${from.y + from.height} V ${to.y - 2}`;
  return `<path class="edge" d="${path}" marker-end="url(#tip)"/>${text}`;
}

function drawAround(from: Placed, to: Placed, lane: number, label: string): string {
  const isPoint = (node: Placed) => node.kind === 'point';
  const startX = isPoint(from) ? LEFT + BOX_WIDTH / 2 + 7 : LEFT + BOX_WIDTH;
  const endX = isPoint(to) ? LEFT + BOX_WIDTH / 2 + 60 : LEFT + BOX_WIDTH;
  const x = LEFT + BOX_WIDTH + 20 + lane * LANE;
  const startY = from.y + from.height - (isPoint(from) ? from.height / 2 : 10);
  const endY = to.y + (isPoint(to) ? to.height / 2 : 10);
  const path = `M ${startX} ${startY} H ${x} V ${endY} H ${endX + 2}`;
  const tip = label ? `<title>${xmlText(label)}</title>` : '';
  return `<path class="edge around" d="${path}" marker-end="url(#tip)">${tip}</path>`;
}

export function svgOf({ title, nodes, edges }: GraphModel): string {
  const placed = place(nodes);
  const at = new Map(placed.map((node) => [node.id, node]));
  const drawn = edges.flatMap((edge: GraphEdge) => {
    const from = at.get(edge.from);
    const to = at.get(edge.to);
    return from && to ? [{ from, to, label: edge.label }] : [];
  });
  const around = drawn.filter(({ from, to }) => to.index !== from.index + 1);
  const lane = lanes(around);
  const laneCount = Math.max(0, ...lane.values()) + 1;
  const last = placed.at(-1);
  const width = LEFT * 2 + BOX_WIDTH + 20 + laneCount * LANE;
  const height = (last ? last.y + last.height : TOP) + GAP;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(title)}</title><style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" ' +
      'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>',
    `<text class="title" x="${LEFT}" y="32">${xmlText(title)}</text>`,
    ...drawn.map(({ from, to, label }, index) =>
      to.index === from.index + 1
        ? drawStraight(from, to, label)
        : drawAround(from, to, lane.get(drawn[index]!) ?? 0, label),
    ),
    ...placed.map(drawNode),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}
