/**
 * One attempt to activate or deactivate a resource: what its type (src/engine/resources) says is
 * done, and how that ended. Every attempt ends: the port that carries it out holds its limit.
 *
 *     attempt.ordered ──► the type's work ──► its end ──► attempt.ended
 *                             ▲                 │ refused for a reason that passes by itself
 *                             └── a moment later┘
 */
import type { ResourceEvent } from '../../../machines/resource.machine.ts';
import { failureOf } from '../../messages/index.ts';
import type { FactOf } from '../facts.ts';
import { evidenceFor, groupConfig, groupValue, resourceConfig } from '../queries.ts';
import { resourceTypes } from '../resources/registry.ts';
import type { Attempt, ResourceType, Result } from '../resources/type.ts';
import type { Purpose } from '../state.ts';
import { emit, setResource, type Turn, tell } from '../turn.ts';
import { type End, isTimedOut, order } from '../work.ts';

/** What may pass by itself is tried again this often. */
const AGAIN_MS = 200;

type AttemptPurpose = Extract<Purpose, { kind: 'attempt' }>;

function typeOf({ resource }: Attempt): ResourceType {
  return resourceTypes.get(resource.type)!;
}

function attemptOf({ state }: Turn, { group, resource, op }: AttemptPurpose): Attempt {
  return {
    op,
    resource: resourceConfig(state, resource),
    group: groupConfig(state, group),
    server: state.server,
    reason: state.groups[group]!.reason,
    evidence: evidenceFor(state, group),
  };
}

function begin(turn: Turn, purpose: AttemptPurpose): void {
  const { group, resource, op } = purpose;
  const attempt = attemptOf(turn, purpose);
  const { activation, deactivation } = attempt.resource;
  const { timeoutMs } = op === 'activate' ? activation : deactivation;
  const id = order(turn, typeOf(attempt).begin(attempt), timeoutMs, purpose);
  setResource(turn, group, resource, { attempt: id });
}

export function attempt(turn: Turn, { group, resource, op }: FactOf<'attempt.ordered'>): void {
  setResource(turn, group, resource, { attemptSince: turn.now });
  begin(turn, { kind: 'attempt', group, resource, op });
}

function ended(turn: Turn, { group, resource }: AttemptPurpose, result: ResourceEvent): void {
  setResource(turn, group, resource, { attempt: null });
  tell(turn, { type: 'attempt.ended', group, resource, result });
}

/** At boot a part may start after the daemon; a server that goes down may hold what is wanted. */
function isPassing(turn: Turn, { group, resource, op }: AttemptPurpose, result: Result): boolean {
  const run = turn.state.groups[group]!;
  if (result.succeeded || op !== 'activate' || groupValue(run) !== 'activating') return false;
  const sinceMs = turn.now - run.resources[resource]!.attemptSince;
  return sinceMs < (result.passesWithinMs ?? 0);
}

/** The end of an attempt; the end of one that was given up is ignored. */
export function onAttemptEnded(turn: Turn, id: string, purpose: AttemptPurpose, end: End): void {
  const { group, resource } = purpose;
  if (turn.state.groups[group]?.resources[resource]?.attempt !== id) return;
  if (isTimedOut(end)) {
    ended(turn, purpose, { type: 'attempt.failed', ...failureOf('stalled') });
    return;
  }
  const attempt = attemptOf(turn, purpose);
  const result = typeOf(attempt).judge(attempt, end);
  if (result.succeeded) {
    ended(turn, purpose, { type: 'attempt.succeeded' });
  } else if (isPassing(turn, purpose, result)) {
    emit(turn, { type: 'armTimer', id: `again:${group}/${resource}`, at: turn.now + AGAIN_MS });
  } else {
    const { code, text } = result;
    ended(turn, purpose, { type: 'attempt.failed', code, text });
  }
}

/** The same attempt again, unless a stop was ordered meanwhile. */
export function tryAgain(turn: Turn, group: string, resource: string): void {
  const run = turn.state.groups[group];
  if (!run?.resources[resource]?.attempt) return;
  const purpose: AttemptPurpose = { kind: 'attempt', group, resource, op: 'activate' };
  if (groupValue(run) === 'activating') begin(turn, purpose);
  else ended(turn, purpose, { type: 'attempt.failed', ...failureOf('givenUp') });
}
