/**
 * A step in doubt: its intent is recorded, its outcome is not. The runner died, or the last look
 * could not tell. Settled in this order, and never blindly repeated:
 *
 *   a person's word      `--confirm STEP`, `--answer STEP="not done"`
 *   operation record     exited: judged · running: waited for · lost: the probe decides
 *   probe                true: done · false, no record, same boot: acted under the same id
 *   otherwise            not known: the run stops (exit 6)
 *
 * The lease was taken anew before: a request of the dead runner that is still on its way carries
 * an older token and is refused.
 */
import { acts } from '../../cluster/index.ts';
import type { PlannedStep } from '../../core/plan.ts';
import type { Draft, RunContext } from './context.ts';
import { actStep, askProbe } from './step-act.ts';
import {
  type Acted,
  askRecord,
  followOperation,
  judgeRecord,
  type RunStep,
} from './step-command.ts';
import { type Holds, pause, tryLook } from './step-conditions.ts';
import { concludeStep } from './step-end.ts';

function personsWord(context: RunContext, step: PlannedStep): Acted | null {
  if (context.options.confirmed?.includes(step.id)) {
    return { kind: 'acted', words: `${context.who} says that it is done` };
  }
  const answer = context.options.answers?.[step.id];
  if (answer !== undefined && step.action.verb !== 'confirm' && /^not[ -]done$/i.test(answer)) {
    return { kind: 'failed', why: `${context.who} says that it is not done; resume to do it anew` };
  }
  return null;
}

/** No record, or one that says nothing: the probe, and whether the server is still the same boot. */
async function settleByProbe(
  context: RunContext,
  step: RunStep,
  operation: string,
): Promise<Acted> {
  context.eyes.forget();
  const found = await askProbe(context, step);
  if ('holds' in found && found.holds) return { kind: 'acted', words: 'found done when resumed' };
  const status = await context.eyes.recent();
  const bootId = status.servers[step.server]?.system.bootId ?? null;
  const intended = context.state.context.intents[step.id]?.bootIds[step.server] ?? null;
  const isSameBoot = bootId !== null && bootId === intended;
  const isKnownNotDone = 'holds' in found || step.probe === null;
  if (isSameBoot && isKnownNotDone) return actStep(context, step, operation);
  if ('holds' in found) {
    const why = `${step.server} never saw the command and has been restarted since; resume to do it anew`;
    return { kind: 'failed', why };
  }
  const reason = isSameBoot ? found.unknown : `${step.server} may have been restarted since`;
  return { kind: 'unknown', why: `${step.server} has no record of it: ${reason}`, hasEnded: true };
}

async function settleCommand(
  context: RunContext,
  step: RunStep,
  operation: string,
): Promise<Acted> {
  const deadline = context.clock.now() + step.timeoutMs;
  for (let round = 0; ; round += 1) {
    const found = await askRecord(context, step, operation);
    if (found === null) return settleByProbe(context, step, operation);
    if (found !== 'unreachable') {
      return found.state === 'running'
        ? followOperation(context, step, operation, deadline)
        : judgeRecord(step, found);
    }
    // A server that was to go down need not answer again for the step to be done.
    const isEnough = step.action.goesDown && (await seemsDone(context, step));
    if (isEnough) return { kind: 'acted', words: 'found done when resumed' };
    if (context.clock.now() >= deadline) {
      const why = `${step.server} does not answer; whether the command ran is not known`;
      return { kind: 'unknown', why, hasEnded: false };
    }
    await pause(context, round);
  }
}

async function seemsDone(context: RunContext, step: PlannedStep): Promise<boolean> {
  await tryLook(context, step);
  const found = await askProbe(context, step);
  return 'holds' in found && found.holds;
}

/** What the probe says as soon as it is known: a server that was just switched on is not up yet. */
async function knownProbe(context: RunContext, step: PlannedStep): Promise<Holds> {
  const deadline = context.clock.now() + step.timeoutMs;
  for (let round = 0; ; round += 1) {
    context.eyes.forget();
    const found = await askProbe(context, step);
    const isFinal = 'holds' in found || step.probe === null;
    if (isFinal || context.clock.now() >= deadline) return found;
    await pause(context, round);
  }
}

/** A physical act cannot be asked for its record: only the probe can tell, where it matters. */
async function settleAct(
  context: RunContext,
  step: PlannedStep,
  operation: string,
): Promise<Acted> {
  const { action } = step;
  const entry = action.verb === 'operator' ? acts.get(action.act.act) : undefined;
  if (step.probe === null && entry?.isRepeatable) return actStep(context, step, operation);
  const found = await knownProbe(context, step);
  if ('unknown' in found) {
    const why = `whether a person has done it is not known: ${found.unknown}`;
    return { kind: 'unknown', why, hasEnded: true };
  }
  return found.holds
    ? { kind: 'acted', words: 'found done when resumed' }
    : actStep(context, step, operation);
}

export async function settleStep(context: RunContext, index: number): Promise<Draft[]> {
  const step = context.plan.steps[index] as PlannedStep;
  const { operation } = context.state.context.intents[step.id]!;
  const startedAt = context.clock.now();
  const word = personsWord(context, step);
  if (word) return concludeStep(context, step, startedAt, word, 'done');
  return concludeStep(context, step, startedAt, await settle(context, step, operation), 'done');
}

function settle(context: RunContext, step: PlannedStep, operation: string): Promise<Acted> {
  switch (step.action.verb) {
    case 'run':
      return settleCommand(context, step as RunStep, operation);
    case 'operator':
      return settleAct(context, step, operation);
    default:
      // Looks and questions have no effect on the cluster: they are simply done again.
      return actStep(context, step, operation);
  }
}
