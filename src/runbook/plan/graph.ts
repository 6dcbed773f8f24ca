/**
 * A runbook or a plan as a picture of its statechart: Mermaid, DOT and SVG of the same model,
 * whose edges are read from the chart that a run of it is folded over (machines/run.machine.ts).
 *
 *     start ──► step ──► step ──► … ──► done        steps in order
 *                 └─ when … ─►                      a step with a condition can be gone around
 *     any step ──► parked | stopped | failed        drawn once, in the legend's words
 *
 * Edges that contradict a choice made before them are left out.
 */
import type { AnyStateNode } from 'xstate';
import { runMachine, type StepOutcome } from '../../../machines/run.machine.ts';
import type { Plan } from '../../core/plan.ts';
import type { Library, LoadedRunbook, LoadedStep } from '../language/types.ts';
import { plainChoice } from './choices.ts';
import { svgOf } from './graph-svg.ts';

export interface GraphNode {
  id: string;
  title: string;
  /** run, operator, confirm …; start and done are `point`. */
  kind: string;
  /** Server, or the template that names it. */
  server: string | null;
  /** Command or condition, one line. */
  detail: string;
  labels: string[];
  danger: boolean;
  safe: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  label: string;
}

export interface GraphModel {
  title: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

type Chart = AnyStateNode;

interface StepView extends GraphNode {
  when: string | null;
  /** Of a choice. */
  options: string[];
}

/** Where the walk may stand: after `node`, with what is known of the choices made. */
interface Front {
  node: string;
  assumed: Record<string, string>;
  /** `step=option` that cannot have been chosen: the walk went around its steps. */
  excluded: ReadonlySet<string>;
}

function detailOfPlanned(step: Plan['steps'][number]): string {
  const { action } = step;
  switch (action.verb) {
    case 'run':
      return action.argv.join(' ');
    case 'watch':
      return `${action.argv.join(' ')} until ${action.until}`;
    case 'check':
      return action.that;
    case 'find':
      return action.says;
    case 'wait':
      return action.until ?? `${action.forMs} ms`;
    case 'operator':
      return action.act.act;
    case 'confirm':
    case 'choose':
      return action.question;
    case 'refuse':
      return action.because;
  }
}

function viewOfPlan(plan: Plan): StepView[] {
  return plan.steps.map((step) => ({
    id: step.id,
    title: step.title,
    kind: step.action.verb,
    server: step.server,
    detail: detailOfPlanned(step),
    labels: step.source,
    danger: step.danger !== null,
    safe: step.safe,
    when: step.when,
    options: step.action.verb === 'choose' ? step.action.options : [],
  }));
}

function detailOf(step: LoadedStep): string {
  const command = step.argv?.join(' ');
  return (
    (step.watch ? `${command} until ${step.watch.until}` : command) ??
    step.check ??
    step.find?.says ??
    step.wait?.until ??
    step.wait?.for ??
    step.operator?.act ??
    step.confirm?.question ??
    step.choose?.question ??
    step.call?.runbook ??
    step.refuse ??
    ''
  );
}

/** Called runbooks are drawn in their place when the library holds them. */
function viewOfRunbook(loaded: LoadedRunbook, library: Library, callers: string[]): StepView[] {
  return loaded.runbook.steps.flatMap((step) => {
    const called = step.call ? library.get(step.call.runbook) : undefined;
    if (called && !callers.includes(called.runbook.id)) {
      const inner = viewOfRunbook(called, library, [...callers, called.runbook.id]);
      return inner.map((view) => ({
        ...view,
        id: `${step.id}/${view.id}`,
        labels: step.source ?? [],
        when: view.when ?? step.when ?? null,
      }));
    }
    return [
      {
        id: step.id,
        title: step.title,
        kind: step.verb,
        server: step.on ?? null,
        detail: detailOf(step),
        labels: step.source ?? [],
        danger: step.danger !== undefined,
        safe: step.safe ?? false,
        when: step.when ?? null,
        options: step.choose?.options ?? [],
      },
    ];
  });
}

type Choice = Record<string, string>;

function canEnter(front: Front, choice: Choice): boolean {
  return Object.entries(choice).every(
    ([step, option]) =>
      (front.assumed[step] ?? option) === option && !front.excluded.has(`${step}=${option}`),
  );
}

/** The front that goes around a step; null when nothing is left to be chosen. */
function around(front: Front, choice: Choice, options: Map<string, string[]>): Front | null {
  const [[step, option] = ['', ''], ...more] = Object.entries(choice);
  if (step === '' || more.length > 0) return front;
  if (front.assumed[step] === option) return null;
  const excluded = new Set([...front.excluded, `${step}=${option}`]);
  const known = options.get(step);
  const isOver = known?.every((other) => excluded.has(`${step}=${other}`)) ?? false;
  return isOver ? null : { ...front, excluded };
}

/** What holds on every one of the fronts that meet. */
function meet(node: string, fronts: Front[], choice: Choice): Front {
  const [first, ...others] = fronts;
  const assumed = Object.entries(first?.assumed ?? {}).filter(([step, option]) =>
    others.every((front) => front.assumed[step] === option),
  );
  const excluded = [...(first?.excluded ?? [])].filter((pair) =>
    others.every((front) => front.excluded.has(pair)),
  );
  return {
    node,
    assumed: { ...Object.fromEntries(assumed), ...choice },
    excluded: new Set(excluded),
  };
}

/** The state that an event with that outcome leads to from a state of the chart. */
function targetOf(from: Chart, event: string, outcome?: StepOutcome): Chart {
  const found = from.on[event]?.find(({ guard }) => {
    const params = typeof guard === 'object' && 'params' in guard ? guard.params : null;
    const { outcomes } = (params ?? {}) as { outcomes?: StepOutcome[] };
    return outcome === undefined || outcomes?.includes(outcome);
  });
  const [target] = found?.target ?? [];
  if (!target) throw new Error(`the chart of a run has no way from ${from.id} by ${event}`);
  return target;
}

/**
 * The ways of the run's own chart from step to step, seen without the states within one: `skipped`
 * goes around a step, `done` through it. A condition on a choice narrows what may follow.
 */
function edgesOf(steps: StepView[]): GraphEdge[] {
  const machine = runMachine({ steps });
  const { states } = machine.root;
  const options = new Map(steps.map(({ id, options: choices }) => [id, choices]));
  const edges: GraphEdge[] = [];
  const arriving = new Map<Chart, Front[]>();
  const arrive = (at: Chart, fronts: Front[]) =>
    arriving.set(at, [...(arriving.get(at) ?? []), ...fronts]);
  const start: Front = { node: 'start', assumed: {}, excluded: new Set() };
  arrive(targetOf(states.created as Chart, 'run.started'), [start]);
  for (const view of steps) {
    const { id, when } = view;
    const at = Object.values(states).find(({ description }) => description === id) as Chart;
    const { ready, intended } = at.states as Record<string, Chart>;
    const fronts = arriving.get(at) ?? [];
    const choice = (when === null ? {} : plainChoice(when)) ?? {};
    const entering = fronts.filter((front) => canEnter(front, choice));
    for (const { node } of entering) edges.push({ from: node, to: id, label: when ?? '' });
    const passing = when === null ? [] : fronts.map((front) => around(front, choice, options));
    const skipped = targetOf(ready as Chart, 'step.ended', 'skipped');
    arrive(
      skipped,
      passing.filter((front) => front !== null),
    );
    arrive(targetOf(intended as Chart, 'step.ended', 'done'), [meet(id, entering, choice)]);
  }
  const end = states.finishing as Chart;
  for (const { node } of arriving.get(end) ?? []) edges.push({ from: node, to: 'done', label: '' });
  return edges;
}

const point = (id: string, title: string): GraphNode => ({
  id,
  title,
  kind: 'point',
  server: null,
  detail: '',
  labels: [],
  danger: false,
  safe: false,
});

export function graphModel(source: Plan | LoadedRunbook, library: Library = new Map()): GraphModel {
  const isPlan = 'schema' in source;
  const steps = isPlan ? viewOfPlan(source) : viewOfRunbook(source, library, [source.runbook.id]);
  const { id, title } = source.runbook;
  const nodes = steps.map(({ when: _when, options: _options, ...node }) => node);
  return {
    title: `${id}: ${title}`,
    nodes: [point('start', 'start'), ...nodes, point('done', 'done')],
    edges: edgesOf(steps),
  };
}

/** Mermaid reads quotes, brackets and line ends as its own; what it may not see becomes an entity. */
function mermaidText(text: string): string {
  return text
    .replaceAll(/["#;:<>{}[\]|\\`]/g, (char) => `#${char.codePointAt(0)};`)
    .replaceAll(/\s+/g, ' ');
}

function mermaidId(ids: Map<string, string>, id: string): string {
  if (id === 'start' || id === 'done') return '[*]';
  const known = ids.get(id);
  if (known) return known;
  const made = `s${ids.size + 1}`;
  ids.set(id, made);
  return made;
}

function mermaidOf({ title, nodes, edges }: GraphModel): string {
  const ids = new Map<string, string>();
  const lines = ['---', `title: ${JSON.stringify(title)}`, '---', 'stateDiagram-v2'];
  for (const node of nodes) {
    if (node.kind === 'point') continue;
    const marks = [node.labels.join(' '), node.server ?? '', node.danger ? 'danger' : ''];
    const text = [node.title, ...marks.filter(Boolean)].join(' · ');
    lines.push(`  ${mermaidId(ids, node.id)}: ${mermaidText(text)}`);
  }
  for (const { from, to, label } of edges) {
    const tail = label ? `: ${mermaidText(label)}` : '';
    lines.push(`  ${mermaidId(ids, from)} --> ${mermaidId(ids, to)}${tail}`);
  }
  return `${lines.join('\n')}\n`;
}

function dotOf({ title, nodes, edges }: GraphModel): string {
  const quote = (text: string) =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(/\s+/g, ' ')}"`;
  const lines = ['digraph runbook {', `  label=${quote(title)};`, '  node [shape=box];'];
  for (const node of nodes) {
    const shape = node.kind === 'point' ? ', shape=circle' : node.danger ? ', color=red' : '';
    lines.push(`  ${quote(node.id)} [label=${quote(node.title)}${shape}];`);
  }
  for (const { from, to, label } of edges) {
    const tail = label ? ` [label=${quote(label)}]` : '';
    lines.push(`  ${quote(from)} -> ${quote(to)}${tail};`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

/** The statechart of a runbook or of a plan, in three notations. */
export function graphOf(
  source: Plan | LoadedRunbook,
  library: Library = new Map(),
): {
  mermaid: string;
  svg: string;
  dot: string;
} {
  const model = graphModel(source, library);
  return { mermaid: mermaidOf(model), svg: svgOf(model), dot: dotOf(model) };
}
