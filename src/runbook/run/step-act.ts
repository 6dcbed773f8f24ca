/** Carrying out a step: ask the probe, act by its verb, and hand the rest to step-end.ts. */

import type { PlannedStep, Verb } from '../../core/plan.ts';
import { sleep } from '../../ports/clock.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { sealedFor } from '../plan/secrets.ts';
import { DEFAULTS, type Draft, leaseOf, orHalt, type RunContext } from './context.ts';
import { type Acted, type RunStep, runCommand, shown } from './step-command.ts';
import { type Holds, holdsNow, waitFor } from './step-conditions.ts';
import { concludeStep } from './step-end.ts';
import { chooseStep, confirmStep, performAct, valueShown } from './step-person.ts';
import { authorityFor } from './step-prepare.ts';

type Of<V extends Verb['verb']> = Extract<Verb, { verb: V }>;

function fromHolds(found: Holds, not: string): Acted {
  if ('unknown' in found) {
    return { kind: 'unknown', why: `${not}: not known: ${found.unknown}`, hasEnded: true };
  }
  return found.holds ? { kind: 'acted' } : { kind: 'failed', why: not };
}

async function checkStep(context: RunContext, step: PlannedStep, that: string): Promise<Acted> {
  const status = await orHalt(context, context.eyes.recent());
  return fromHolds(holdsNow(context, step, that, status), `the check does not hold: ${that}`);
}

/** What holds is reported; so is what cannot be seen. Nobody has to answer. */
async function findStep(
  context: RunContext,
  step: PlannedStep,
  action: Of<'find'>,
): Promise<Acted> {
  const status = await orHalt(context, context.eyes.recent());
  const found = action.if === null ? { holds: true } : holdsNow(context, step, action.if, status);
  if ('holds' in found && !found.holds) return { kind: 'acted' };
  const { severity, says, remedy, runbook } = action;
  const at = { step: step.id, server: step.server, says, remedy, runbook };
  if ('unknown' in found) {
    const shows = `not known: ${found.unknown}`;
    return { kind: 'acted', findings: [{ ...at, severity: 'unknown', shows }] };
  }
  const where = action.shows === null ? null : valueShown(context, step, action.shows, status);
  return { kind: 'acted', findings: [{ ...at, severity, shows: where }] };
}

async function waitStep(
  context: RunContext,
  step: PlannedStep,
  action: Of<'wait'>,
): Promise<Acted> {
  const { clock } = context;
  if (action.forMs !== null) await orHalt(context, sleep(clock, action.forMs));
  if (action.until === null) return { kind: 'acted' };
  const found = await waitFor(context, step, action.until, clock.now() + step.timeoutMs);
  return fromHolds(found, `waited in vain for ${action.until}`);
}

/** A harmless command is looked at until the condition holds; one look that fails is no harm. */
async function watchStep(
  context: RunContext,
  step: PlannedStep,
  action: Of<'watch'>,
  operation: string,
): Promise<Acted> {
  const { clock, door, random } = context;
  const deadline = clock.now() + step.timeoutMs;
  const secrets = sealedFor(step, context.secrets);
  let nextLook = clock.now();
  const look = async () => {
    if (step.server === null || clock.now() < nextLook) return;
    nextLook = clock.now() + Math.max(action.everyMs, context.options.pollMs ?? DEFAULTS.pollMs);
    try {
      const request = {
        server: step.server,
        operation: `${operation}/${random.id()}`,
        argv: action.argv,
        answers: [],
        ...(secrets ? { secrets } : {}),
        timeoutMs: Math.max(1, Math.min(10_000, deadline - clock.now())),
        lease: leaseOf(context),
        authority: authorityFor(context),
        isLook: true,
      };
      const { stdout } = await orHalt(context, door.commands.exec(request));
      shown(context, step, stdout);
    } catch (error) {
      if (!(error instanceof WireError) && !(error instanceof RemoteError)) throw error;
    }
  };
  await look();
  const found = await waitFor(context, step, action.until, deadline, look);
  return fromHolds(found, `watched in vain for ${action.until}`);
}

/** One attempt of a step, whatever its verb. */
export function actStep(context: RunContext, step: PlannedStep, operation: string): Promise<Acted> {
  const { action } = step;
  switch (action.verb) {
    case 'run':
      return runCommand(context, step as RunStep, operation);
    case 'watch':
      return watchStep(context, step, action, operation);
    case 'check':
      return checkStep(context, step, action.that);
    case 'find':
      return findStep(context, step, action);
    case 'wait':
      return waitStep(context, step, action);
    case 'operator':
      return performAct(context, step, action);
    case 'confirm':
      return confirmStep(context, step, action);
    case 'choose':
      return chooseStep(context, step, action);
    case 'refuse':
      return Promise.resolve({ kind: 'stopped', why: action.because, exit: 4 });
  }
}

/** What the probe says now; unknown when there is none. */
export async function askProbe(context: RunContext, step: PlannedStep): Promise<Holds> {
  if (step.probe === null) return { unknown: 'the step has no probe' };
  return holdsNow(context, step, step.probe, await orHalt(context, context.eyes.recent()));
}

export async function carryOutStep(context: RunContext, index: number): Promise<Draft[]> {
  const step = context.plan.steps[index] as PlannedStep;
  const startedAt = context.clock.now();
  const found = await askProbe(context, step);
  if ('holds' in found && found.holds) {
    const words = `done before: ${step.probe}`;
    return concludeStep(context, step, startedAt, { kind: 'acted', words }, 'already');
  }
  const { operation } = context.state.context.intents[step.id]!;
  return concludeStep(context, step, startedAt, await actStep(context, step, operation), 'done');
}
