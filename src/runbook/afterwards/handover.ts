/**
 * Who has a run: whoever started it, then whoever resumed it, or whom it was handed to. Once it was
 * handed to somebody, nobody else goes on with it. `take` is for when the one who has it cannot be
 * asked; it needs a reason, and stands in the record.
 */
import { badInput, DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Journal } from '../../ports/journal.ts';
import { appendToRun } from '../run/append.ts';
import { estimateOf, estimateWords } from '../run/estimate.ts';
import { foldRun, isFinal, type RunState } from '../run/fold.ts';
import { isInDoubt, remainingSteps } from '../run/transcript.ts';
import type { Debts } from './debts.ts';

/** `anna` is anna on any host; `anna@workspace` only there. */
export function isSameLogin(a: string, b: string): boolean {
  if (a === b) return true;
  const [nameA, hostA] = a.split('@');
  const [nameB, hostB] = b.split('@');
  return nameA === nameB && (hostA === undefined || hostB === undefined);
}

export function holderOf(state: RunState): string {
  return state.context.heldBy ?? state.who;
}

/** Throws when the run was handed to somebody else. */
export function requireHolder(state: RunState, who: string): void {
  const { handedTo } = state.context;
  if (handedTo === null || isSameLogin(handedTo, who)) return;
  throw new DrydockError(
    `run ${state.run} was handed to ${handedTo}; ${who} cannot go on with it`,
    {
      code: 'run.handedOver',
      exit: 4,
      remedy: `let ${handedTo} go on, or drydock handover ${state.run} --take --reason WHY`,
    },
  );
}

/** What whoever takes over has to know, by topic. */
export interface Exposure {
  stands: string;
  /** What is left on the cluster; what of it is not known. */
  debts: string[];
  unknown: string[];
  inDoubt: string[];
  inFlight: string[];
  /** Confirmations, choices and acts that a person still has to give or do. */
  asks: string[];
  dangers: string[];
  left: string;
}

function asksOf(state: RunState): string[] {
  return remainingSteps(state).flatMap(({ id, action }) => {
    if (action.verb === 'confirm' || action.verb === 'choose') return [`${id}: ${action.question}`];
    return action.verb === 'operator' ? [`${id}: ${action.words}`] : [];
  });
}

/** `inFlight`: what the servers say of the operation of a step in doubt. */
export function exposureOf(
  state: RunState,
  debts: Debts | null,
  inFlight: readonly string[] = [],
): Exposure {
  const { phase, step, context, plan } = state;
  const remaining = remainingSteps(state);
  const doubt = step && isInDoubt(state) ? [`${step.id}: ${step.title}`] : [];
  const at = step ? ` at step ${step.id} (${step.title})` : '';
  const why = context.halt?.why ? `: ${context.halt.why}` : '';
  return {
    stands: `${phase}${at}${why}`,
    debts: debts?.debts.map(({ words }) => words) ?? [],
    unknown: debts?.unknown ?? ['the cluster could not be asked'],
    inDoubt: doubt,
    inFlight: [...inFlight],
    asks: asksOf(state),
    dangers: remaining.flatMap(({ id, danger }) => (danger ? [`${id}: ${danger}`] : [])),
    left: `${remaining.length} of ${plan.steps.length} steps, ${estimateWords(estimateOf(remaining, plan.predicted))}`,
  };
}

export function exposureLines(exposure: Exposure): string[] {
  const lines: string[] = [];
  const put = (label: string, texts: readonly string[], none: string) => {
    const shown = texts.length > 0 ? texts : [none];
    shown.forEach((text, at) => {
      lines.push(`${(at === 0 ? label : '').padEnd(13)}${text}`);
    });
  };
  put('stands', [exposure.stands], '');
  put('exposed', exposure.debts, 'nothing that is known');
  if (exposure.unknown.length > 0) put('not known', exposure.unknown, '');
  put('in doubt', exposure.inDoubt, 'nothing');
  put('in flight', exposure.inFlight, 'nothing');
  put('still asked', exposure.asks, 'nothing');
  put('dangers', exposure.dangers, 'none ahead');
  put('left', [exposure.left], '');
  return lines;
}

export interface HandoverRequest {
  journal: Journal;
  run: string;
  who: string;
  to: string;
  /** null: handed over by the one who has it. */
  take: { reason: string } | null;
  reason: string;
  exposure: Exposure;
}

/** Throws when it is not theirs to give. */
export function requireGiver(state: RunState, { who, to, take }: HandoverRequest): void {
  const { run, phase } = state;
  if (isFinal(phase)) {
    throw badInput(`run ${run} is ${phase}; there is nothing to hand over`, {
      code: 'run.ended',
      remedy: 'see `drydock runs`',
    });
  }
  const holder = holderOf(state);
  if (state.context.handedTo !== null && isSameLogin(holder, to)) {
    throw badInput(`${to} has run ${run} already`, {
      code: 'handover.same',
      remedy: `drydock resume ${run}`,
    });
  }
  if (take !== null || isSameLogin(holder, who)) return;
  throw new DrydockError(`run ${run} is ${holder}'s; ${who} cannot hand it over`, {
    code: 'handover.notYours',
    exit: 4,
    remedy: `ask ${holder}, or take it: drydock handover ${run} --take --reason WHY`,
  });
}

/** Records it. A runner that is at work keeps the run (exit 5): it has to park first. */
export async function handOver(request: HandoverRequest): Promise<RunState> {
  const { journal, run, who, to, take, reason, exposure } = request;
  const before = foldRun(await journal.entries(run));
  requireGiver(before, request);
  const { plan } = before;
  const letGo = await journal.hold(plan.cluster.uuid, `handover of ${run}, ${who}`);
  try {
    await appendToRun({ journal, run, who }, (state) => {
      requireGiver(state, request);
      const from = holderOf(state);
      const why = `${take ? `taken by ${who} from ${from}` : `from ${from} to ${to}`}: ${reason}`;
      const body: JsonObject = { from, to, took: take !== null, why, exposure: { ...exposure } };
      return [{ type: 'run.handedOver', body }];
    });
    return foldRun(await journal.entries(run));
  } finally {
    await letGo();
  }
}
