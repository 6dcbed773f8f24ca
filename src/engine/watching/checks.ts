/**
 * One check of a monitor, by its type, with the field's codes and texts:
 *
 *     mdw         the mirror's two copies, by both agents                       v3 12.5.6
 *     mdnw        the mirror disk connect                                       v3 12.5.7
 *     fipw, ipw   the address is held here and nobody else answers for it; for
 *                 ipw without a target: somebody answers for it                 v3 12.5.1
 *     pidw        the exec resource that it watches is active here              v3 12.5.3
 *     genw        a script of the operator's own ends with 0                    x5
 *
 * Scripts of genw lie below SCRIPTS_PATH/monitor.s/<monitor>. What is only passing (a recovery
 * under way, the other server not seen) warns and never leads to a recovery action.
 */
import type { Json } from '../../core/json.ts';
import { SCRIPTS_PATH } from '../../core/paths.ts';
import type { AgentView } from '../../ports/views.ts';
import type { ConfiguredMonitor } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf, Verdict } from '../facts.ts';
import { groupOfResource, isUp, monitorConfig, resourceState } from '../queries.ts';
import type { DaemonEvent, Purpose } from '../state.ts';
import { ask, askHere, emit, expect, setMonitor, type Turn, tell } from '../turn.ts';

type Side = AgentView['mirrors'][string];
type CheckPurpose = Extract<Purpose, { kind: 'check' }>;

const passed: Verdict = { type: 'check.passed' };

function fails(code: number, text: string): Verdict {
  return { type: 'check.failed', code, text };
}

function warns(code: number, text: string): Verdict {
  return { type: 'check.warned', code, text };
}

/** What a monitor looks at: its own parameter, or the resource it is bound to. */
function objectOf(monitor: ConfiguredMonitor): string {
  const { object } = monitor.parameters;
  if (typeof object === 'string' && object !== '') return object;
  return monitor.target ?? monitor.recovery.target;
}

function addressOf(turn: Turn, monitor: ConfiguredMonitor): string {
  const { ip } = monitor.parameters;
  if (typeof ip === 'string') return ip;
  const object = objectOf(monitor);
  const resource = turn.state.config.resources.find((one) => one.name === object);
  return String(resource?.parameters.ip ?? '');
}

function checkProcess(turn: Turn, monitor: ConfiguredMonitor): Verdict {
  const object = objectOf(monitor);
  const group = groupOfResource(turn.state, object);
  const run = group ? turn.state.groups[group.name]!.resources[object] : undefined;
  if (run && resourceState(run) === 'Online') return passed;
  return fails(1, `Resource ${object} was not found.`);
}

export function beginCheck(turn: Turn, fact: FactOf<'check.due'>): void {
  const monitor = monitorConfig(turn.state, fact.monitor);
  const { name, type, timeoutMs, parameters } = monitor;
  if (type === 'pidw') {
    const verdict = checkProcess(turn, monitor);
    tell(turn, { type: 'check.judged', monitor: name, verdict });
    return;
  }
  const purpose: CheckPurpose = { kind: 'check', monitor: name, about: 'local', local: null };
  let id: string;
  if (type === 'genw') {
    id = expect(turn, purpose);
    const file = typeof parameters.path === 'string' ? parameters.path : 'genw.sh';
    const path = file.startsWith('/') ? file : `${SCRIPTS_PATH}/monitor.s/${name}/${file}`;
    const env = { CLP_MONITORNAME: name };
    emit(turn, { type: 'runScript', id, path, env, timeoutMs });
  } else if (type === 'mdw' || type === 'mdnw') {
    id = askHere(turn, 'agent', { do: 'status' }, timeoutMs, purpose);
  } else {
    const address = addressOf(turn, monitor);
    id = askHere(turn, 'host', { do: 'address', op: 'probe', address }, timeoutMs, purpose);
  }
  setMonitor(turn, name, { check: id });
}

function judgeAddress(turn: Turn, monitor: ConfiguredMonitor, body: Json): Verdict {
  const said = (body ?? {}) as { held?: unknown; conflict?: unknown };
  const { held, conflict } = said;
  const address = addressOf(turn, monitor);
  const isAnswered = held === true || typeof conflict === 'string';
  if (monitor.type === 'ipw' && monitor.target === null) {
    return isAnswered ? passed : fails(1, `Ping cannot reach. (ret=1) IP=${address}`);
  }
  if (held !== true) return fails(14, 'IP address did not exist.');
  if (typeof conflict === 'string') {
    return fails(15, `This ip address was already used. IP=${address}`);
  }
  return passed;
}

/** v3 12.5.6, of what both agents say. `remote` null: it does not answer. */
export function judgeMirror(name: string, local: Side | undefined, remote: Side | null): Verdict {
  if (!local?.constructed || local.color === 'GRAY') {
    return fails(58, `Local mirror disk status is unknown or not constructed.(${name})`);
  }
  const isBad = (side: Side): boolean => side.color === 'RED';
  if (local.recovery || local.color === 'YELLOW') {
    return warns(100, `The recovery is in progress. (${name})`);
  }
  if (local.active === true && remote?.active === true) {
    return fails(66, `Mirror disk was activated on both servers.(${name})`);
  }
  if (isBad(local) && remote && isBad(remote)) {
    return fails(65, `Both mirror disks are abnormal.(${name})`);
  }
  if (isBad(local)) return fails(63, `Local mirror disk is abnormal. (${name})`);
  if (!remote) return warns(51, 'Remote driver status is unknown.');
  if (isBad(remote)) return fails(64, `Remote mirror disk is abnormal.(${name})`);
  return passed;
}

function sideOf(body: unknown, mirror: string): Side | undefined {
  return (body as Partial<AgentView> | null)?.mirrors?.[mirror];
}

/** The first other server of the mirror's group. */
function partnerOf(turn: Turn, mirror: string): string | null {
  const servers = groupOfResource(turn.state, mirror)?.servers ?? [];
  return servers.find((server) => turn.state.peers[server]) ?? null;
}

function judgeAgent(turn: Turn, purpose: CheckPurpose, body: unknown): Verdict | null {
  const monitor = monitorConfig(turn.state, purpose.monitor);
  const mirror = objectOf(monitor);
  if (purpose.about === 'remote') {
    const local = sideOf(purpose.local, mirror);
    return judgeMirror(mirror, local, sideOf(body, mirror) ?? null);
  }
  if (monitor.type === 'mdnw') {
    const isConnected = sideOf(body, mirror)?.connected === true;
    return isConnected ? passed : fails(31, 'Network was interrupted');
  }
  const partner = partnerOf(turn, mirror);
  const isThere = partner !== null && isUp(turn.state.peers[partner]);
  if (!isThere) return judgeMirror(mirror, sideOf(body, mirror), null);
  const limitMs = Math.min(monitor.timeoutMs, turn.state.config.heartbeat.timeoutMs);
  const id = ask(turn, { server: partner, part: 'agent' }, { do: 'status' }, limitMs, {
    ...purpose,
    about: 'remote',
    local: body,
  });
  setMonitor(turn, monitor.name, { check: id });
  return null;
}

function judgeFailure(
  turn: Turn,
  purpose: CheckPurpose,
  event: Extract<DaemonEvent, { type: 'request.failed' }>,
): Verdict {
  const { type, name } = monitorConfig(turn.state, purpose.monitor);
  const isMirror = type === 'mdw' || type === 'mdnw';
  if (purpose.about === 'remote') {
    const object = objectOf(monitorConfig(turn.state, name));
    return judgeMirror(object, sideOf(purpose.local, object), null);
  }
  if (isMirror && event.code === 'refused') return fails(1, 'Need to start mirror agent at first.');
  if (event.code === 'timeout') return fails(99, 'command is timeout');
  return isMirror
    ? fails(30, `Internal error[status=${event.code}]`)
    : fails(6, `Internal error. (status=${event.code})`);
}

function judge(turn: Turn, purpose: CheckPurpose, event: DaemonEvent): Verdict | null {
  if (event.type === 'script.ended') {
    if (event.timedOut) return fails(99, 'command is timeout');
    return event.code === 0 ? passed : fails(1, `Termination code ${event.code} was returned.`);
  }
  if (event.type === 'request.failed') return judgeFailure(turn, purpose, event);
  if (event.type !== 'request.answered') return null;
  const monitor = monitorConfig(turn.state, purpose.monitor);
  const isAddress = monitor.type === 'fipw' || monitor.type === 'ipw';
  if (isAddress) return judgeAddress(turn, monitor, event.body);
  return judgeAgent(turn, purpose, event.body);
}

export function onCheckEnded(
  turn: Turn,
  id: string,
  purpose: CheckPurpose,
  event: DaemonEvent,
): void {
  if (turn.state.monitors[purpose.monitor]?.check !== id) return;
  const verdict = judge(turn, purpose, event);
  if (verdict) tell(turn, { type: 'check.judged', monitor: purpose.monitor, verdict });
}
