/**
 * An OCF resource agent, unmodified. What it says is not always so, therefore:
 *
 *     activate    what a start left half done is stopped
 *                 probe ──► here: taken as it is; not here: start; anything else: not known, no start
 *                 look: nothing of somebody else's is in the way
 *                 start ──► failed or too late: stopped again
 *     deactivate  stop, with the parameters that it was started with
 *                 monitor with the same ones has to say that it does not run
 *                 look: what it held is gone; else the stop has failed, whatever it said
 *
 * What a stop that failed leads to is the resource's final action, as for any other.
 */

import { OCF } from '../../core/ocf.ts';
import type { OcfSight } from '../../ports/ocf.ts';
import {
  agentOf,
  doneOf,
  endWords,
  lackOf,
  type OcfDone,
  type OcfParameters,
  ocfParameters,
  ocfWork,
  specialOf,
} from '../ocf.ts';
import type { End, Work } from '../work.ts';
import { type Attempt, fails, type ResourceType, type Result, succeeded } from './type.ts';

type Course<T = Result> = Generator<Work, T, End>;

/** An action of the attempt's resource. */
function* act(
  { resource }: Attempt,
  action: 'start' | 'stop' | 'monitor',
  parameters: OcfParameters,
): Course<OcfDone> {
  const { activation, deactivation } = resource;
  const { timeoutMs } = action === 'stop' ? deactivation : activation;
  const work = ocfWork(resource, action, parameters, timeoutMs);
  return doneOf(yield action === 'start' ? { ...work, begins: parameters } : work);
}

type Look = 'stranger' | 'wrong' | 'left';

/** What is amiss, in words; null: nothing, or its agent is believed. What cannot be seen is amiss. */
function* look(
  { resource }: Attempt,
  what: Look,
  parameters: OcfParameters,
): Course<string | null> {
  const special = specialOf(resource);
  if (!special) return null;
  const { at } = special;
  const end = yield { by: 'ocfLook', at, device: special.device(parameters) };
  const sight: OcfSight | null = end.type === 'ocf.looked' ? end.sight : null;
  return sight === null ? `the ${at} cannot be read` : special[what](sight, parameters);
}

function failed({ resource }: Attempt, action: string, done: OcfDone): Result {
  const failure = fails('ocf.failed', action, agentOf(resource), endWords(done));
  return done.timedOut ? { ...failure, stalled: true } : failure;
}

function* stop(attempt: Attempt, parameters: OcfParameters): Course {
  const agent = agentOf(attempt.resource);
  const done = yield* act(attempt, 'stop', parameters);
  if (done.code !== OCF.success) return failed(attempt, 'stop', done);
  const seen = yield* act(attempt, 'monitor', parameters);
  if (seen.code !== OCF.notRunning) return fails('ocf.notStopped', agent, endWords(seen));
  const left = yield* look(attempt, 'left', parameters);
  return left === null ? succeeded : fails('ocf.notStopped', agent, left);
}

function* begin(attempt: Attempt, parameters: OcfParameters): Course {
  const { resource } = attempt;
  const done = yield* act(attempt, 'start', parameters);
  const wrong = done.code === OCF.success ? yield* look(attempt, 'wrong', parameters) : null;
  if (done.code === OCF.success && wrong === null) return succeeded;
  // Half of it may be there. Where it does not stop either, whoever stops the group finds that.
  yield* stop(attempt, parameters);
  return wrong === null
    ? failed(attempt, 'start', done)
    : fails('ocf.notStarted', agentOf(resource), wrong);
}

function* activate(attempt: Attempt): Course {
  const { resource, started } = attempt;
  const agent = agentOf(resource);
  const lack = lackOf(resource);
  if (lack !== null) return fails('ocf.lacks', agent, lack);
  if (started && !started.isWhole) {
    const stopped = yield* stop(attempt, started.parameters);
    if (!stopped.succeeded) return stopped;
  }
  const parameters = ocfParameters(resource);
  const own = started?.isWhole ? started.parameters : null;
  const found = yield* act(attempt, 'monitor', own ?? parameters);
  if (own && found.code === OCF.success) return succeeded;
  const stranger = yield* look(attempt, 'stranger', parameters);
  if (stranger !== null) return fails('ocf.stranger', agent, stranger);
  switch (found.code) {
    case OCF.success:
      return succeeded;
    case OCF.notRunning:
      // New settings count from here on.
      return yield* begin(attempt, parameters);
    case OCF.notInstalled:
      return fails('ocf.notInstalled', agent, endWords(found));
    default:
      return fails('ocf.unknown', agent, endWords(found));
  }
}

/**
 * With these an agent says that it cannot even look: it never ran here. (A choice, for where no start
 * is on record alone: else one misspelt parameter would end every server that tries.)
 */
const NEVER_HERE: readonly (number | null)[] = [
  ...[OCF.notRunning, OCF.notInstalled],
  ...[OCF.arguments, OCF.noSuchAction, OCF.permission, OCF.configuration],
];

/** No start here is on record: it is stopped unless it is seen not to run, or is somebody else's. */
function* stopUnknown(attempt: Attempt): Course {
  const { resource } = attempt;
  if (lackOf(resource) !== null) return succeeded;
  const parameters = ocfParameters(resource);
  const stranger = yield* look(attempt, 'stranger', parameters);
  if (stranger !== null) return succeeded;
  const found = yield* act(attempt, 'monitor', parameters);
  if (found.refused || NEVER_HERE.includes(found.code)) return succeeded;
  return yield* stop(attempt, parameters);
}

function deactivate(attempt: Attempt): Course {
  const { started } = attempt;
  return started ? stop(attempt, started.parameters) : stopUnknown(attempt);
}

export const ocf: ResourceType = {
  evidenceCode: null,
  limitsItself: true,
  remembers: ocfParameters,

  next(attempt, ends) {
    const course = attempt.op === 'activate' ? activate(attempt) : deactivate(attempt);
    let step = course.next();
    for (const end of ends) {
      if (step.done) break;
      step = course.next(end);
    }
    return step.value;
  },
};
