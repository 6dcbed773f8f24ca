/**
 * One attempt to activate or deactivate a resource: what its type (src/engine/resources) says is
 * done, one piece of work after the other, and how it ended. Every attempt ends: the ports that
 * carry it out hold its limit. A script may go before it, and after one that succeeded (around.ts).
 *
 *                           ┌────────────┐ the type wants more done
 *                           ▼            │
 *     attempt.ordered ──► work ──► its end ──► attempt.ended
 *                           ▲            │ refused for a reason that passes by itself
 *                           └────────────┘ a moment later
 */
import type { ResourceEvent } from '../../../machines/resource.machine.ts';
import { stallAction } from '../../config/index.ts';
import { failureOf } from '../../messages/index.ts';
import { type Around, beginAround, sayAroundEnded } from '../around.ts';
import type { FactOf } from '../facts.ts';
import type { OcfStart } from '../ocf.ts';
import { evidenceFor, groupConfig, groupValue, resourceConfig, startedHere } from '../queries.ts';
import { resourceTypeOf } from '../resources/registry.ts';
import { type Attempt, type Failed, limitOf, type Result } from '../resources/type.ts';
import type { Purpose } from '../state.ts';
import { emit, saveFacts, setResource, type Turn, tell } from '../turn.ts';
import { type End, isTimedOut, order } from '../work.ts';

/** What may pass by itself is tried again this often. */
const AGAIN_MS = 200;

type AttemptPurpose = Extract<Purpose, { kind: 'attempt' }>;

function attemptOf({ state }: Turn, { group, resource, op, started }: AttemptPurpose): Attempt {
  return {
    op,
    resource: resourceConfig(state, resource),
    group: groupConfig(state, group),
    server: state.server,
    reason: state.groups[group]!.reason,
    wasActive: state.groups[group]!.resources[resource]!.active,
    evidence: evidenceFor(state, group),
    started,
  };
}

/** The next piece of work, within what is left of the attempt's limit; or its result. */
function goOn(turn: Turn, purpose: AttemptPurpose): void {
  const { group, resource, begunAt, ends } = purpose;
  const attempt = attemptOf(turn, purpose);
  const type = resourceTypeOf(attempt.resource.type);
  const next = type.next(attempt, ends);
  if (!('by' in next)) {
    conclude(turn, purpose, next);
    return;
  }
  const leftMs = begunAt + limitOf(attempt) - turn.now;
  if (next.by === 'ocf' && next.begins) {
    keepStart(turn, resource, { parameters: next.begins, isWhole: false });
  }
  const isLate = ends.length > 0 && leftMs <= 0 && !type.limitsItself;
  if (isLate) ended(turn, purpose, stalled(turn));
  else setResource(turn, group, resource, { attempt: order(turn, next, leftMs, purpose) });
}

/** On record before it is done. Of boots that are over nothing runs. */
function keepStart(turn: Turn, resource: string, start: OcfStart | null): void {
  const { bootId, facts } = turn.state;
  const others = Object.entries(facts.started).filter(([name, one]) => {
    return name !== resource && one.bootId === bootId;
  });
  const own = start === null ? {} : { [resource]: { ...start, bootId } };
  saveFacts(turn, { started: { ...Object.fromEntries(others), ...own } });
}

/** An activation or deactivation succeeded: whether something is to be stopped later, and with what. */
function settleStart(turn: Turn, { resource, op }: AttemptPurpose): void {
  const configured = resourceConfig(turn.state, resource);
  const { remembers } = resourceTypeOf(configured.type);
  if (!remembers) return;
  const started = startedHere(turn.state, resource);
  if (op === 'activate' && !started?.isWhole) {
    const parameters = started?.parameters ?? remembers(configured);
    keepStart(turn, resource, { parameters, isWhole: true });
  } else if (op === 'deactivate' && started) keepStart(turn, resource, null);
}

function begin(turn: Turn, group: string, resource: string, op: Attempt['op']): void {
  const started = startedHere(turn.state, resource);
  goOn(turn, { kind: 'attempt', group, resource, op, begunAt: turn.now, started, ends: [] });
}

function isScriptBegun(turn: Turn, around: Around): boolean {
  const id = beginAround(turn, around);
  if (id !== null) setResource(turn, around.group, around.resource, { attempt: id });
  return id !== null;
}

export function attempt(turn: Turn, { group, resource, op }: FactOf<'attempt.ordered'>): void {
  setResource(turn, group, resource, { attemptSince: turn.now });
  const around = { kind: 'around', group, resource, op, when: 'before' } as const;
  if (!isScriptBegun(turn, around)) begin(turn, group, resource, op);
}

function endOf(turn: Turn, { code, text, stalled }: Failed): ResourceEvent {
  const isStall = stalled === true && stallAction(turn.state.config) !== 'none';
  return isStall ? { type: 'attempt.stalled', code, text } : failed({ code, text });
}

function failed({ code, text }: { code: number; text: string }): ResourceEvent {
  return { type: 'attempt.failed', code, text };
}

/** x5 has an action of its own for it (2.12.2); v3 knows nothing but a failure. */
function stalled({ state }: Turn): ResourceEvent {
  const failure = failureOf('stalled');
  if (stallAction(state.config) === 'none') return failed(failure);
  return { type: 'attempt.stalled', ...failure };
}

type Tried = Pick<AttemptPurpose, 'group' | 'resource'>;

function ended(turn: Turn, { group, resource }: Tried, result: ResourceEvent): void {
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

function conclude(turn: Turn, purpose: AttemptPurpose, result: Result): void {
  if (result.succeeded) {
    settleStart(turn, purpose);
    const { group, resource, op } = purpose;
    setResource(turn, group, resource, { active: op === 'activate' });
    const around = { kind: 'around', group, resource, op, when: 'after' } as const;
    if (!isScriptBegun(turn, around)) ended(turn, purpose, { type: 'attempt.succeeded' });
  } else if (isPassing(turn, purpose, result)) {
    const { group, resource } = purpose;
    const id = `again:${group}/${resource}`;
    emit(turn, { type: 'armTimer', id, at: turn.now + AGAIN_MS });
    setResource(turn, group, resource, { attempt: id });
  } else ended(turn, purpose, endOf(turn, result));
}

/** The end of a piece of work; that of an attempt which was given up is ignored. */
export function onAttemptEnded(turn: Turn, id: string, purpose: AttemptPurpose, end: End): void {
  const { group, resource } = purpose;
  if (turn.state.groups[group]?.resources[resource]?.attempt !== id) return;
  const type = resourceTypeOf(resourceConfig(turn.state, resource).type);
  if (isTimedOut(end) && !type.limitsItself) ended(turn, purpose, stalled(turn));
  else goOn(turn, { ...purpose, ends: [...purpose.ends, end] });
}

/** A script before or after an attempt ended. What is to stop since is not started any more. */
export function onAroundEnded(turn: Turn, id: string, around: Around, end: End): void {
  const { group, resource, op, when } = around;
  const run = turn.state.groups[group];
  if (!run || run.resources[resource]?.attempt !== id) return;
  sayAroundEnded(turn, around, end);
  if (when === 'after') ended(turn, around, { type: 'attempt.succeeded' });
  else if (op === 'activate' && groupValue(run) !== 'activating') {
    ended(turn, around, failed(failureOf('givenUp')));
  } else begin(turn, group, resource, op);
}

/** The same attempt again, unless a stop was ordered meanwhile. */
export function tryAgain(turn: Turn, group: string, resource: string): void {
  const run = turn.state.groups[group];
  if (!run?.resources[resource]?.attempt) return;
  if (groupValue(run) === 'activating') begin(turn, group, resource, 'activate');
  else ended(turn, { group, resource }, failed(failureOf('givenUp')));
}
