/**
 * A run as text for people: its log, what remains for finishing by hand (`--remainder`), and the four
 * lines that close a run which did not simply end (exits 3, 6, 9, 70).
 */
import type { JsonObject } from '../../core/json.ts';
import type { Finding, Plan, PlannedStep } from '../../core/plan.ts';
import { inOneLine } from '../../core/visible.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Debt } from '../afterwards/debts.ts';
import { type Change, describeChange } from './drift.ts';
import { findingLines } from './findings.ts';
import { foldRun, isFinal, type RunState } from './fold.ts';
import { endInWords, type RunWindow } from './standing.ts';
import {
  commandLine,
  commandText,
  documented,
  duration,
  overlayLines,
} from './transcript-words.ts';

interface EndedBody {
  step: string;
  outcome: string;
  why: string | null;
  durationMs?: number;
  changes?: Change[];
  findings?: Finding[];
  output?: { exitCode: number | null; stdout: string; stderr: string };
}

function indent(text: string, by: string): string[] {
  const trimmed = text.replace(/\n+$/, '');
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => `${by}${line}`);
}

function endedLines(body: EndedBody, step: PlannedStep | undefined): string[] {
  const took = body.durationMs === undefined ? '' : `, ${duration(body.durationMs)}`;
  const lines = [`  ${body.step}: ${body.outcome}${took}${body.why ? `: ${body.why}` : ''}`];
  if (body.output && step) lines.push(`    $ ${commandLine(step)}`);
  lines.push(...indent(body.output?.stdout ?? '', '    | '));
  lines.push(...indent(body.output?.stderr ?? '', '    ! '));
  lines.push(...(body.findings ?? []).flatMap(findingLines).map((line) => `    ${line}`));
  lines.push(...(body.changes ?? []).map((change) => `    ${describeChange(change)}`));
  return lines;
}

function entryLines(entry: JournalEntry, steps: ReadonlyMap<string, PlannedStep>): string[] {
  const body = entry.body as JsonObject;
  const why = typeof body.why === 'string' ? `: ${body.why}` : '';
  const step = steps.get(String(body.step));
  switch (entry.type) {
    case 'run.created':
      return [];
    case 'step.intended': {
      const labels = step && step.source.length > 0 ? ` [${step.source.join(', ')}]` : '';
      const where = step?.server ? ` on ${step.server}` : '';
      const again = Number(body.attempt) > 1 ? `, attempt ${body.attempt}` : '';
      return [`${entry.at}  ${body.step}${labels}${where}${again}: ${step?.title ?? ''}`];
    }
    case 'step.ended':
      return endedLines(body as unknown as EndedBody, step);
    case 'choice.made':
      return [`  ${body.step}: chosen ${body.option} by ${entry.who}`];
    case 'confirmation.given':
      return [`  ${body.step}: confirmed by ${entry.who}`];
    case 'step.adopted': {
      const word = body.word ? ` (${entry.who}'s word)` : '';
      return [`  ${body.step}${why}${word}`];
    }
    case 'run.amended':
      return [
        `${entry.at}  run amended${why}  (${entry.who})`,
        `  plan ${body.from} -> ${body.to}`,
        ...(body.changes as string[]).map((line) => `  ${line}`),
      ];
    case 'undo.started':
      return [`${entry.at}  undo started: ${body.undo}  (${entry.who})`];
    default:
      return [`${entry.at}  ${typeWords(entry.type)}${why}  (${entry.who})`, ...givenUp(entry)];
  }
}

/** What had no say in the lease because a person gave it up by name. */
function givenUp({ body, who }: JournalEntry): string[] {
  const { gaveUp } = body as { gaveUp?: string[] };
  return gaveUp?.length ? [`  lease: ${who} gave up ${gaveUp.join(', ')} by name`] : [];
}

/** `run.rolledBack` in words: run rolled back. */
function typeWords(type: string): string {
  return type.replace('.', ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Steps of the plan that the run began with, and of those that it was amended to. */
function stepsOf(entries: readonly JournalEntry[]): Map<string, PlannedStep> {
  const plans = entries.flatMap(({ body }) =>
    'plan' in body ? [body.plan as unknown as Plan] : [],
  );
  return new Map(plans.flatMap(({ steps }) => steps.map((step) => [step.id, step] as const)));
}

/** `run-log RUN`. */
export function transcriptOf(entries: readonly JournalEntry[]): string {
  const state = foldRun(entries);
  const { plan } = state;
  const steps = stepsOf(entries);
  const lines = [
    `Run ${state.run}: ${plan.runbook.title}`,
    `runbook ${plan.runbook.id} (${documented(plan.runbook)}), plan ${plan.hash}`,
    ...overlayLines(plan),
    `cluster ${plan.cluster.name} (${plan.cluster.uuid}), by ${state.who}`,
    '',
    ...entries.flatMap((entry) => entryLines(entry, steps)),
  ];
  return `${lines.map(inOneLine).join('\n')}\n`;
}

/** Steps that have no good outcome yet, in order. */
export function remainingSteps(state: RunState): PlannedStep[] {
  const isOver = ({ id }: PlannedStep) =>
    ['done', 'already', 'skipped'].includes(state.context.outcomes[id] ?? '');
  return state.plan.steps.filter((step) => !isOver(step));
}

function remainingStep(step: PlannedStep, number: number, inDoubt: boolean): string[] {
  const labels = step.source.length > 0 ? ` [${step.source.join(', ')}]` : '';
  const where = step.server ? ` on ${step.server}` : '';
  const lines = [`${number}. ${step.title}${labels}${where}`];
  if (inDoubt) lines.push('   IN DOUBT: it may be done, or be under way; look before you act');
  if (step.danger) lines.push(`   danger: ${step.danger}`);
  if (step.when) lines.push(`   only if: ${step.when}`);
  lines.push(...step.requires.map(({ that, or }) => `   first see that: ${that} (else: ${or})`));
  if (step.probe) lines.push(`   done already if: ${step.probe}`);
  const command = commandLine(step);
  if (command) lines.push(`   do: ${command}`);
  if (step.action.verb === 'run') {
    lines.push(
      ...step.action.answers.map(({ prompt, reply }) => `   at "${prompt}" type: ${reply}`),
      ...(step.action.accept ?? []).map(({ exit, remark }) => `   exit ${exit} counts: ${remark}`),
    );
  }
  if (step.expect) lines.push(`   then see that: ${step.expect}`);
  if (step.undo) lines.push(`   undo: ${commandText(step.undo.argv)} on ${step.undo.server}`);
  return [...lines, '   done ____  at ____  by ____'];
}

/** What the names in conditions stand for; secrets stand in the record by name only. */
function boundNames({ plan }: RunState): string[] {
  const roles = Object.entries(plan.roles).map(([name, { value }]) => [name, value] as const);
  const names = [...Object.entries(plan.parameters), ...roles].map(
    ([name, value]) => `${name} is ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return names.length === 0 ? [] : [`In the conditions ${names.join(', ')}.`];
}

/** `run-log RUN --remainder`: what is left, for finishing without the program. */
export function remainderOf(entries: readonly JournalEntry[]): string {
  const state = foldRun(entries);
  const left = isFinal(state.phase) && state.phase !== 'aborted' ? [] : remainingSteps(state);
  const head = inOneLine(
    `Run ${state.run}: ${state.plan.runbook.title}, on ${state.plan.cluster.name}`,
  );
  if (left.length === 0) return `${head}\nNothing is left to do.\n`;
  const doubt = isInDoubt(state) ? state.step?.id : null;
  const lines = left.flatMap((step, index) => [
    '',
    ...remainingStep(step, index + 1, step.id === doubt),
  ]);
  const count = left.length === 1 ? '1 step is left.' : `${left.length} steps are left.`;
  const all = [head, count, ...boundNames(state), ...lines];
  return `${all.map(inOneLine).join('\n')}\n`;
}

export function isInDoubt(state: RunState): boolean {
  return ['intended', 'settling', 'doubt'].includes(state.phase);
}

export interface Closing {
  exposed: string;
  inFlight: string;
  next: string;
  by: string;
}

/** The four lines: what is exposed now, what is in flight, the safe next commands, by when. */
export function closingOf(
  state: RunState,
  debts: readonly Debt[] | null,
  window?: RunWindow,
): Closing {
  const owed = debts?.map(({ words }) => words) ?? ['not known: the cluster could not be asked'];
  const danger = state.step?.danger;
  const lapses = (debts ?? []).map(({ until }) => until).filter((until) => until !== null);
  const doubt = state.step && isInDoubt(state) ? state.step : null;
  return {
    exposed:
      [...halfUndone(state), ...owed, ...(danger ? [`ahead: ${danger}`] : [])].join('; ') ||
      'nothing that is known',
    inFlight: doubt
      ? `step ${doubt.id}${doubt.server ? ` on ${doubt.server}` : ''} may be done, or under way`
      : 'nothing',
    next: nextCommands(state),
    by:
      [
        ...(window === undefined ? [] : [endInWords(window)]),
        ...(lapses.length > 0
          ? [`${new Date(Math.min(...lapses)).toISOString()}, when the first of them lapses`]
          : []),
      ].join('; ') || 'no time limit is known',
  };
}

/** What a failed undo has left: part of the other run is back, part of it is not. */
function halfUndone(state: RunState): string[] {
  const { undoing, undoes } = state.plan;
  if (!undoing || isFinal(state.phase)) return [];
  const left = new Set(remainingSteps(state).map(({ id }) => id));
  const back = undoing.steps.filter((id) => !left.has(`undo-${id}`));
  const not = undoing.steps.filter((id) => left.has(`undo-${id}`));
  const names = (ids: string[]) => ids.join(', ') || 'nothing';
  return [`run ${undoes}, of which is taken back: ${names(back)}; not taken back: ${names(not)}`];
}

function nextCommands(state: RunState): string {
  const { run } = state;
  const { undoes } = state.plan;
  if (undoes !== undefined && !isFinal(state.phase) && state.phase !== 'parked') {
    const first = state.step && isInDoubt(state) ? 'look whether it is done' : 'mend the cause';
    const byHand = `by hand: drydock run-log ${run} --remainder, then drydock abort ${run}`;
    return `${first}, then drydock resume ${run}; or ${byHand} and drydock abort ${undoes}`;
  }
  if (isFinal(state.phase)) return `drydock run-log ${run}; drydock debts`;
  const resume = [`drydock resume ${run}`];
  const { step } = state;
  if (step && state.phase === 'parked') {
    if (step.action.verb === 'operator') resume.push(`--confirm ${step.id}`);
    if (step.action.verb === 'choose') resume.push(`--choose ${step.id}=${step.action.options[0]}`);
    if (step.action.verb === 'confirm') {
      const { typeName } = step.action;
      resume.push(typeName === null ? `--confirm ${step.id}` : `--answer ${step.id}='${typeName}'`);
    }
  }
  return `${resume.join(' ')}; drydock run-log ${run} --remainder; drydock abort ${run}`;
}

export function closingLines(closing: Closing): string {
  const { exposed, inFlight, next, by } = closing;
  return `exposed now: ${exposed}\nin flight:   ${inFlight}\nnext:        ${next}\nby when:     ${by}\n`;
}
