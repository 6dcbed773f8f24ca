/** A runbook's picture as text: Mermaid, DOT, and a drawing of letters that any page can hold. */
import type { Block, Branch } from './graph-blocks.ts';
import {
  branchWords,
  type GraphModel,
  type GraphNode,
  LEGEND,
  type StepView,
} from './graph-model.ts';

/** Mermaid reads quotes, brackets and line ends as its own; what it may not see becomes an entity. */
function mermaidText(text: string): string {
  return text
    .replaceAll(/["#;:<>{}[\]|\\`]/g, (char) => `#${char.codePointAt(0)};`)
    .replaceAll(/\s+/g, ' ');
}

/** `(3)`, `(3, 4)`, `+` for what was added, `*` for what is the site's. */
export function marksOf({ labels, danger, isSites }: GraphNode): string {
  const label = labels.length > 0 ? `(${labels.join(', ')})` : isSites ? '*' : '+';
  return danger ? `${label} !` : label;
}

export function mermaidOf({ title, nodes, edges }: GraphModel): string {
  const ids = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (id === 'start' || id === 'done') return '[*]';
    const made = ids.get(id) ?? `s${ids.size + 1}`;
    ids.set(id, made);
    return made;
  };
  const lines = ['---', `title: ${JSON.stringify(title)}`, '---', 'stateDiagram-v2'];
  lines.push(...LEGEND.map((line) => `  %% ${line}`));
  for (const node of nodes) {
    if (node.kind === 'point') continue;
    const name = nameOf(node.id);
    if (node.kind === 'fork' || node.kind === 'join') {
      lines.push(`  state ${name} <<choice>>`);
      continue;
    }
    const text = [node.title, marksOf(node), node.server ?? ''].filter(Boolean).join(' · ');
    lines.push(`  ${name}: ${mermaidText(text)}`);
  }
  for (const { from, to, label } of edges) {
    const tail = label ? `: ${mermaidText(label)}` : '';
    lines.push(`  ${nameOf(from)} --> ${nameOf(to)}${tail}`);
  }
  return `${lines.join('\n')}\n`;
}

const SHAPES: Record<string, string> = {
  point: ', shape=circle',
  fork: ', shape=diamond, width=0.3, height=0.3',
  join: ', shape=point',
};

export function dotOf({ title, nodes, edges }: GraphModel): string {
  const quote = (text: string) =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(/\s+/g, ' ')}"`;
  const caption = `${[title, ...LEGEND].map((line) => quote(line).slice(1, -1)).join('\\n')}`;
  const lines = ['digraph runbook {', `  label="${caption}";`, '  node [shape=box];'];
  for (const node of nodes) {
    const isStep = SHAPES[node.kind] === undefined;
    const text = isStep ? `${marksOf(node)} ${node.title}` : node.title;
    const shape = SHAPES[node.kind] ?? (node.danger ? ', color=red' : '');
    lines.push(`  ${quote(node.id)} [label=${quote(text)}${shape}];`);
  }
  for (const { from, to, label } of edges) {
    const tail = label ? ` [label=${quote(label)}]` : '';
    lines.push(`  ${quote(from)} -> ${quote(to)}${tail};`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

/** Words in lines of at most so many letters; a longer word is broken. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length <= most) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    for (; rest.length > most; rest = rest.slice(most)) lines.push(rest.slice(0, most));
    line = rest;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

const WIDTH = 76;

function stepLines(step: StepView, indent: string): string[] {
  const head = `${marksOf(step)} `;
  const where = step.server === null ? '' : ` [${step.server}]`;
  const room = Math.max(24, WIDTH - indent.length - head.length);
  return wrapped(`${step.title}${where}`, room).map(
    (line, at) => `${indent}${at === 0 ? head : ' '.repeat(head.length)}${line}`,
  );
}

function branchLines(branch: Branch<StepView>, indent: string, head: string): string[] {
  const room = Math.max(24, WIDTH - indent.length - 4);
  const said = wrapped(`${head} ${branchWords(branch.when)}:`, room);
  return [
    ...said.map((line, at) => `${indent}${at === 0 ? '+-- ' : '|   '}${line}`),
    ...drawn(branch.blocks, `${indent}|   `),
  ];
}

function drawn(blocks: readonly Block<StepView>[], indent: string): string[] {
  return blocks.flatMap((block) => {
    if ('step' in block) return stepLines(block.step, indent);
    const { branches, isWhole } = block;
    const [only, ...others] = branches as [Branch<StepView>, ...Branch<StepView>[]];
    if (others.length === 0) return [...branchLines(only, indent, 'only if'), `${indent}+--`];
    return [
      `${indent}+== ${isWhole ? 'one of these' : 'at most one of these'}`,
      ...branches.flatMap((branch) => branchLines(branch, `${indent}|  `, 'if')),
      `${indent}+==`,
    ];
  });
}

export function drawingOf({ title, blocks }: GraphModel): string {
  const legend = LEGEND.flatMap((line) => wrapped(line, WIDTH));
  return `${[...wrapped(title, WIDTH), '', ...drawn(blocks, ''), '', ...legend].join('\n')}\n`;
}
