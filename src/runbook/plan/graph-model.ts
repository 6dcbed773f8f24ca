/**
 * A runbook or a plan as a picture of its statechart: Mermaid, DOT, SVG and plain text of the same
 * model (graph-blocks.ts). A test holds the ways through it against those of the chart that a run is
 * folded over (machines/run.machine.ts).
 *
 *     start ──► step ──► step ──► … ──► done                   steps in order
 *                 └─ fork ── only if … ──► step ─┐
 *                     └───── otherwise ────────► join ──►      steps that may be left out
 *     any step ──► parked | stopped | failed                   in the legend's words
 */
import type { Plan } from '../../core/plan.ts';
import {
  conditionInWords,
  templateInWords,
  valueInWords,
} from '../language/expressions/in-words.ts';
import type { Library, LoadedRunbook, LoadedStep } from '../language/types.ts';
import { qualifyChoices } from './choices.ts';
import { type Block, blocksOf } from './graph-blocks.ts';

export interface GraphNode {
  id: string;
  title: string;
  /** run, operator, confirm …; start, done, fork and join are no steps. */
  kind: string;
  /** Server, or the template that names it. */
  server: string | null;
  /** Command or condition, one line. */
  detail: string;
  labels: string[];
  danger: boolean;
  safe: boolean;
  /** Put there by the site. */
  isSites: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  label: string;
}

/** As it is drawn: a step with its condition, which the blocks around it have in words. */
export interface StepView extends GraphNode {
  when: string | null;
  /** Of a choice. */
  options: string[];
}

export interface GraphModel {
  title: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  blocks: Block<StepView>[];
}

/** What every picture says beside itself. */
export const LEGEND = [
  'from above to below, in order; a step under “only if” is left out where that does not hold',
  'of branches under “one of these” one is taken, under “at most one of these” one or none',
  '(n) the step’s number in the manual, + added, * the site’s own; ! dangerous',
  'at any step a run may be parked, stop or fail, and is resumed there',
] as const;

function detailOfPlanned(step: Plan['steps'][number]): string {
  const { action } = step;
  switch (action.verb) {
    case 'run':
      return action.argv.join(' ');
    case 'watch':
      return `${action.argv.join(' ')} until ${conditionInWords(action.until)}`;
    case 'check':
      return conditionInWords(action.that);
    case 'find':
      return action.says;
    case 'wait':
      return action.until === null ? `${action.forMs} ms` : conditionInWords(action.until);
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
  const sites = (plan.overlays ?? []).map(({ id }) => id);
  return plan.steps.map((step) => ({
    id: step.id,
    title: step.title,
    kind: step.action.verb,
    server: step.server,
    detail: detailOfPlanned(step),
    labels: step.source,
    danger: step.danger !== null,
    safe: step.safe,
    isSites: step.id.split('/').some((part) => sites.includes(part)),
    when: step.when,
    options: step.action.verb === 'choose' ? step.action.options : [],
  }));
}

function detailOf(step: LoadedStep): string {
  const command = step.argv?.map(templateInWords).join(' ');
  if (step.watch) return `${command} until ${conditionInWords(step.watch.until)}`;
  if (command !== undefined) return command;
  const condition = step.check ?? step.wait?.until;
  if (condition !== undefined) return conditionInWords(condition);
  const words =
    step.find?.says ??
    step.wait?.for ??
    step.confirm?.question ??
    step.choose?.question ??
    step.refuse ??
    '';
  return step.operator?.act ?? step.call?.runbook ?? templateInWords(words);
}

function whereOf({ on }: LoadedStep): string | null {
  if (on === undefined) return null;
  return templateInWords(on).replace(/^\{(.* .*)\}$/, '$1');
}

/** A caller's condition and that of the called runbook's step, whose choices have longer names. */
function whenOf(caller: LoadedStep, inner: string | null): string | null {
  const own = inner === null ? null : qualifyChoices(inner, `${caller.id}/`);
  if (caller.when === undefined || own === null) return caller.when ?? own;
  return `(${caller.when}) && (${own})`;
}

/** Called runbooks are drawn in their place when the library holds them. */
export function viewOfRunbook(
  loaded: LoadedRunbook,
  library: Library,
  callers: readonly string[] = [loaded.runbook.id],
): StepView[] {
  return loaded.runbook.steps.flatMap((step) => {
    const called = step.call ? library.get(step.call.runbook) : undefined;
    if (called && !callers.includes(called.runbook.id)) {
      const inner = viewOfRunbook(called, library, [...callers, called.runbook.id]);
      return inner.map((view) => ({
        ...view,
        id: `${step.id}/${view.id}`,
        labels: step.source ?? [],
        when: whenOf(step, view.when),
      }));
    }
    return [
      {
        id: step.id,
        title: templateInWords(step.title),
        kind: step.verb,
        server: whereOf(step),
        detail: detailOf(step),
        labels: step.source ?? [],
        danger: step.danger !== undefined,
        safe: step.safe ?? false,
        isSites: step.overlay !== undefined,
        when: step.when ?? null,
        options: step.choose?.options.map(valueOrText) ?? [],
      },
    ];
  });
}

function valueOrText(option: string): string {
  return /^\{.*\}$/.test(option) ? valueInWords(option.slice(1, -1)) : option;
}

const point = (id: string, kind = 'point'): GraphNode => ({
  id,
  title: kind === 'point' ? id : '',
  kind,
  server: null,
  detail: '',
  labels: [],
  danger: false,
  safe: false,
  isSites: false,
});

/** All conditions of a branch, in words. */
export function branchWords(when: readonly string[]): string {
  return when.map(conditionInWords).join(' and ');
}

/** Nodes and edges of blocks; `from`: where they are entered, the answer: where they are left. */
function connect(
  model: GraphModel,
  blocks: readonly Block<StepView>[],
  from: string,
  label = '',
): string {
  let at = from;
  let said = label;
  for (const block of blocks) {
    if ('step' in block) {
      const { when: _when, options: _options, ...node } = block.step;
      model.nodes.push(node);
      model.edges.push({ from: at, to: node.id, label: said });
      [at, said] = [node.id, ''];
      continue;
    }
    const number = model.nodes.filter(({ kind }) => kind === 'fork').length + 1;
    const [fork, join] = [point(`fork ${number}`, 'fork'), point(`join ${number}`, 'join')];
    model.nodes.push(fork);
    model.edges.push({ from: at, to: fork.id, label: said });
    for (const branch of block.branches) {
      const end = connect(model, branch.blocks, fork.id, branchWords(branch.when));
      model.edges.push({ from: end, to: join.id, label: '' });
    }
    if (!block.isWhole) model.edges.push({ from: fork.id, to: join.id, label: 'otherwise' });
    model.nodes.push(join);
    [at, said] = [join.id, ''];
  }
  return at;
}

export function graphModel(source: Plan | LoadedRunbook, library: Library = new Map()): GraphModel {
  const isPlan = 'schema' in source;
  const steps = isPlan ? viewOfPlan(source) : viewOfRunbook(source, library);
  const { id, title } = source.runbook;
  const options = new Map(steps.map((step) => [step.id, step.options]));
  const model: GraphModel = {
    title: `${id}: ${title}`,
    nodes: [point('start')],
    edges: [],
    blocks: blocksOf(steps, options),
  };
  const end = connect(model, model.blocks, 'start');
  model.nodes.push(point('done'));
  model.edges.push({ from: end, to: 'done', label: '' });
  return model;
}
