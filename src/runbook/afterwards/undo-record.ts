/**
 * An undo is a run of its own, and what becomes of it stands in the record of the run that it
 * undoes as well: in the same commit, so that no crash comes between.
 *
 *   the undo            the run that it undoes
 *   run.started ──────► undo.started        (again after run.resumed, when it was stuck)
 *   run.finished ─────► run.rolledBack
 *   run.failed, run.stopped, run.aborted ─► run.stuck
 *
 * A parked undo waits for somebody, one that was ordered to stop at once is in doubt, and one that a
 * server's gate refused waits until it may: each goes on.
 */
import type { RunPhase } from '../../../machines/run.machine.ts';
import { DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import type { Journal } from '../../ports/journal.ts';
import { foldRun, type RunState } from '../run/fold.ts';
import type { RunResult } from '../run/run.ts';
import { requireUndoable, undoStepId } from './undo-plan.ts';

/** An entry before it is sealed. */
export interface Draft {
  type: string;
  body: JsonObject;
}

/** Stopped at once, as asked: nothing has failed. */
const STOPPED_NOW = 130;
/** Of a run that failed: a server's gate refused, and nothing was done. */
const REFUSED = 4;

/** Steps of the other run that are taken back, once these entries are recorded. */
function undoneBy(state: RunState, drafts: readonly Draft[]): string[] {
  const outcomes: Record<string, unknown> = { ...state.context.outcomes };
  for (const { type, body } of drafts) {
    if (type === 'step.ended') outcomes[String(body.step)] = body.outcome;
  }
  const steps = state.plan.undoing?.steps ?? [];
  return steps.filter((id) => ['done', 'already'].includes(String(outcomes[undoStepId(id)])));
}

/** How much of the other run is back where it was, in words. */
function backWords(state: RunState): string {
  const { stays = [], barrier = null } = state.plan.undoing ?? {};
  if (stays.length === 0) return 'every step that was done is taken back';
  const why = barrier === null ? '' : ` (${barrier} cannot be undone)`;
  return `taken back as far as it goes; still done: ${stays.join(', ')}${why}`;
}

function markOf(state: RunState, draft: Draft, phase: RunPhase, undone: string[]): Draft | null {
  const { run } = state;
  const why = String(draft.body.why ?? '');
  switch (draft.type) {
    case 'run.started':
    case 'run.resumed':
      return phase === 'undoing' ? null : { type: 'undo.started', body: { undo: run } };
    case 'run.finished':
      return { type: 'run.rolledBack', body: { undo: run, undone, why: backWords(state) } };
    case 'run.stopped':
      if (draft.body.exit === STOPPED_NOW) return null;
      return { type: 'run.stuck', body: { undo: run, undone, why } };
    case 'run.failed':
      if (draft.body.exit === REFUSED) return null;
      return { type: 'run.stuck', body: { undo: run, undone, why } };
    case 'run.aborted':
      return { type: 'run.stuck', body: { undo: run, undone, why } };
    default:
      return null;
  }
}

const LEADS_TO: Record<string, RunPhase> = {
  'undo.started': 'undoing',
  'run.rolledBack': 'rolledBack',
  'run.stuck': 'stuck',
};

export interface Marks {
  /** Where the other run stands; null: nothing is to be marked there. */
  undone: RunState | null;
  drafts: Draft[];
}

/**
 * Entries for the run that `state`, an undo, takes back: to be appended together with `drafts`.
 * None where the record does not have that run (a rehearsal).
 */
export async function marksOnUndone(
  journal: Pick<Journal, 'entries'>,
  state: RunState,
  drafts: readonly Draft[],
): Promise<Marks> {
  const none = { undone: null, drafts: [] };
  const { undoes } = state.plan;
  if (undoes === undefined) return none;
  if (!drafts.some((draft) => markOf(state, draft, 'done', []))) return none;
  const entries = await journal.entries(undoes);
  if (entries.length === 0) return none;
  const other = foldRun(entries);
  let { phase } = other;
  const undone = undoneBy(state, drafts);
  const marks: Draft[] = [];
  for (const draft of drafts) {
    const mark = markOf(state, draft, phase, undone);
    const isKnown = mark?.type === 'undo.started' || phase === 'undoing';
    if (!mark || !isKnown) continue;
    marks.push(mark);
    phase = LEADS_TO[mark.type] as RunPhase;
  }
  return { undone: other, drafts: marks };
}

/**
 * Between the plan of an undo and its first step the other run may have gone on, or may have been
 * undone by somebody else. Throws when it has; nothing to see where the record does not have it.
 */
export async function requireUndoneAsPlanned(
  journal: Pick<Journal, 'entries'>,
  plan: Plan,
): Promise<void> {
  const { undoes, undoing } = plan;
  if (undoes === undefined) return;
  const entries = await journal.entries(undoes);
  if (entries.length === 0) return;
  const state = foldRun(entries);
  requireUndoable(state);
  const again = undoing?.steps.filter((id) => state.context.undone.includes(id)) ?? [];
  if (again.length === 0) return;
  throw new DrydockError(`${again.join(', ')} of run ${undoes} are undone already`, {
    code: 'undo.moved',
    exit: 4,
    remedy: `plan the undo anew: drydock undo ${undoes}`,
  });
}

/** Throws when the other run is no longer this undo's: a person has seen to it by hand. */
export async function requireBeingUndone(
  journal: Pick<Journal, 'entries'>,
  plan: Plan,
): Promise<void> {
  const { undoes } = plan;
  const entries = undoes === undefined ? [] : await journal.entries(undoes);
  if (entries.length === 0) return;
  const { phase } = foldRun(entries);
  if (phase === 'undoing' || phase === 'stuck') return;
  throw new DrydockError(`run ${undoes} is ${phase}: this undo has no part in it any more`, {
    code: 'undo.moved',
    exit: 4,
    remedy: 'abort the undo; look at the cluster with `drydock debts`',
  });
}

/** Not a failure of the undo: it was ordered to stop at once, or another run has the cluster. */
const NOT_STUCK = [STOPPED_NOW, 5];

/** How an undo ended, as its exit code says it: 8 rolled back, 9 stuck. Other runs: as they are. */
export function undoEnding(result: RunResult): RunResult {
  const { undoes } = result.state.plan;
  if (undoes === undefined) return result;
  const { outcome, exit, words, state } = result;
  if (outcome === 'done') {
    const said = `run ${undoes} is rolled back: ${backWords(state)}`;
    return { ...result, outcome: 'rolledBack', exit: 8, words: said };
  }
  const hasFailed = outcome === 'failed' || outcome === 'stopped';
  const isRefused = outcome === 'failed' && exit === REFUSED;
  if (!hasFailed || isRefused || NOT_STUCK.includes(exit)) return result;
  const said = `run ${undoes} is stuck half undone: ${words}`;
  return { ...result, outcome: 'stuck', exit: 9, words: said };
}
