/**
 * One attempt to activate or deactivate a resource, by its type:
 *
 *     fip    the host answers for the address, unless another already does     v3 12.4.1
 *     md     the mirror agent, which wants evidence when it cannot prove that
 *            its copy is the newest                                            v3 12.4.4
 *     exec   start.sh and stop.sh below SCRIPTS_PATH/<group>/<resource>        v3 12.4.3
 *
 * Every attempt ends: the port that carries it out holds its limit.
 */
import type { ResourceEvent } from '../../../machines/resource.machine.ts';
import type { Json } from '../../core/json.ts';
import { SCRIPTS_PATH } from '../../core/paths.ts';
import type { ConfiguredResource } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { evidenceFor, groupConfig, groupValue, resourceConfig } from '../queries.ts';
import type { DaemonEvent, Purpose } from '../state.ts';
import { askHere, emit, expect, setResource, type Turn, tell } from '../turn.ts';
import { NOT_LATEST } from '../types.ts';

/** An agent that is only just starting is asked again this often … */
const AGAIN_MS = 200;
/** … for this long at most. */
const AGENT_START_MS = 10_000;

type Op = 'activate' | 'deactivate';
type AttemptPurpose = Extract<Purpose, { kind: 'attempt' }>;

/** A server that dies still answers for its address a moment longer: each attempt waits for that. */
const CONFLICT_MS = 500;

function scriptEnv(turn: Turn, group: string, resource: string): Record<string, string> {
  const { servers } = groupConfig(turn.state, group);
  const place = servers.indexOf(turn.state.server);
  const { reason } = turn.state.groups[group]!;
  return {
    CLP_EVENT: reason === 'failover' ? 'FAILOVER' : 'START',
    CLP_SERVER: place === 0 ? 'HOME' : 'OTHER',
    CLP_DISK: 'SUCCESS',
    CLP_PRIORITY: String(place + 1),
    CLP_GROUPNAME: group,
    CLP_RESOURCENAME: resource,
  };
}

function runScript(turn: Turn, purpose: AttemptPurpose, config: ConfiguredResource): string {
  const { group, resource, op } = purpose;
  const starts = op === 'activate';
  const named = config.parameters[starts ? 'act/path' : 'deact/path'];
  const file = typeof named === 'string' ? named : starts ? 'start.sh' : 'stop.sh';
  const path = file.startsWith('/') ? file : `${SCRIPTS_PATH}/${group}/${resource}/${file}`;
  const { timeoutMs } = starts ? config.activation : config.deactivation;
  const id = expect(turn, purpose);
  emit(turn, { type: 'runScript', id, path, env: scriptEnv(turn, group, resource), timeoutMs });
  return id;
}

function askAgent(turn: Turn, purpose: AttemptPurpose, timeoutMs: number): string {
  const evidence = evidenceFor(turn.state, purpose.group);
  const mirror = purpose.resource;
  const body: Json =
    purpose.op === 'activate'
      ? { do: 'activate', mirror, mount: true, force: false, evidence: evidence as Json }
      : { do: 'deactivate', mirror };
  return askHere(turn, 'agent', body, timeoutMs, purpose);
}

function begin(turn: Turn, group: string, resource: string, op: Op): string {
  const config = resourceConfig(turn.state, resource);
  const purpose: AttemptPurpose = { kind: 'attempt', group, resource, op };
  if (config.type === 'exec') return runScript(turn, purpose, config);
  const { timeoutMs } = op === 'activate' ? config.activation : config.deactivation;
  if (config.type === 'md') return askAgent(turn, purpose, timeoutMs);
  const address = String(config.parameters.ip ?? '');
  const verb = op === 'activate' ? 'add' : 'remove';
  return askHere(turn, 'host', { do: 'address', op: verb, address }, timeoutMs, purpose);
}

export function attempt(turn: Turn, { group, resource, op }: FactOf<'attempt.ordered'>): void {
  setResource(turn, group, resource, { attemptSince: turn.now });
  const id = begin(turn, group, resource, op);
  setResource(turn, group, resource, { attempt: id });
}

function ended(turn: Turn, group: string, resource: string, result: ResourceEvent): void {
  tell(turn, { type: 'attempt.ended', group, resource, result });
}

function failure(code: number, text: string): ResourceEvent {
  return { type: 'attempt.failed', code, text };
}

/** How the end of a script reads (v3 12.4.3). */
function scriptResult(
  turn: Turn,
  purpose: AttemptPurpose,
  event: Extract<DaemonEvent, { type: 'script.ended' }>,
): ResourceEvent {
  if (event.timedOut) return { type: 'attempt.timedOut' };
  if (event.code === 0) return { type: 'attempt.succeeded' };
  if (event.code === null) return failure(1, 'Command was aborted.');
  if (event.code === 127) return failure(1, 'Command was not found. (error=127)');
  const { activation, deactivation } = resourceConfig(turn.state, purpose.resource);
  const { timeoutMs } = purpose.op === 'activate' ? activation : deactivation;
  if (event.code === 124) {
    return failure(1, `Command was not completed within ${Math.round(timeoutMs / 1000)} seconds.`);
  }
  return failure(1, `Termination code ${event.code} was returned.`);
}

/** How a refusal reads in the field's words (v3 12.4.1, 12.4.4). */
function refusal(config: ConfiguredResource, code: string, message: string): ResourceEvent {
  if (code === 'timeout') return { type: 'attempt.timedOut' };
  if (code === 'address.conflict') {
    return failure(15, `This ip address was already used. IP=${config.parameters.ip}`);
  }
  if (code === 'mirror.notLatest' || code === 'mirror.peerActive') {
    return failure(NOT_LATEST, message);
  }
  if (config.type === 'md' && code === 'refused') {
    return failure(1, 'Need to start mirror agent at first.');
  }
  return failure(30, `${message} (${code})`);
}

/**
 * At boot the agent may start after the daemon, or still be shaking hands; an address may still be
 * answered for by a server that is just going down.
 */
function isTransient(turn: Turn, purpose: AttemptPurpose, code: string): boolean {
  const run = turn.state.groups[purpose.group]!;
  if (purpose.op !== 'activate' || groupValue(run) !== 'activating') return false;
  const sinceMs = turn.now - run.resources[purpose.resource]!.attemptSince;
  if (code === 'address.conflict') return sinceMs < CONFLICT_MS;
  return (
    resourceConfig(turn.state, purpose.resource).type === 'md' &&
    ['refused', 'mirror.connecting', 'mirror.busy'].includes(code) &&
    sinceMs < AGENT_START_MS
  );
}

/** The end of an attempt; the end of one that was given up is ignored. */
export function onAttemptEnded(
  turn: Turn,
  id: string,
  purpose: AttemptPurpose,
  event: DaemonEvent,
): void {
  const { group, resource, op } = purpose;
  const run = turn.state.groups[group]?.resources[resource];
  if (!run || run.attempt !== id) return;
  if (event.type === 'request.failed' && isTransient(turn, purpose, event.code)) {
    emit(turn, { type: 'armTimer', id: `again:${group}/${resource}`, at: turn.now + AGAIN_MS });
    return;
  }
  setResource(turn, group, resource, { attempt: null });
  if (event.type === 'script.ended') {
    ended(turn, group, resource, scriptResult(turn, purpose, event));
  } else if (event.type === 'request.failed') {
    const config = resourceConfig(turn.state, resource);
    // An address that is not held, or a mirror without agent to hold it, is as good as let go.
    const isGone = op === 'deactivate' && event.code === 'address.notHeld';
    const result = refusal(config, event.code, event.message);
    ended(turn, group, resource, isGone ? { type: 'attempt.succeeded' } : result);
  } else {
    ended(turn, group, resource, { type: 'attempt.succeeded' });
  }
}

/** The agent was not there a moment ago: the same attempt again, unless a stop was ordered. */
export function tryAgain(turn: Turn, group: string, resource: string): void {
  const run = turn.state.groups[group];
  const held = run?.resources[resource];
  if (!run || !held?.attempt) return;
  if (groupValue(run) !== 'activating') {
    setResource(turn, group, resource, { attempt: null });
    ended(turn, group, resource, failure(1, 'The activation was given up.'));
    return;
  }
  const id = begin(turn, group, resource, 'activate');
  setResource(turn, group, resource, { attempt: id });
}
