/**
 * The management controller: power, freezing, and the reset paths. It answers whatever the
 * operating system does. `freeze` stands for a machine that hangs: its processes stop, its
 * operating system answers nothing any more, and only the watchdog (v3 10.5) or the power switch
 * ends it.
 */
import type { JsonObject } from '../core/json.ts';
import { carrierFaults, noteCarriers } from './carriers.ts';
import { flag, text, texts, whole, word } from './fields.ts';
import { disarmWatchdog, goOnShuttingDown, moveNode } from './life.ts';
import { tellIdleWork } from './process-work.ts';
import { processState, startAwaiting } from './processes.ts';
import { ENDS, STALL_ENDS } from './stalls.ts';
import {
  armTimer,
  change,
  changeLive,
  emit,
  isPowerOn,
  log,
  refusal,
  reply,
  type Turn,
} from './turn.ts';
import { powerView } from './view.ts';

export function powerStatus(turn: Turn, id: string): void {
  reply(turn, id, powerView(turn.state));
}

export function powerOn(turn: Turn, id: string, body: JsonObject): void {
  const singleUser = flag(body, 'singleUser');
  moveNode(turn, { type: 'power.turnedOn', singleUser });
  reply(turn, id, { power: 'on', bootId: turn.state.bootId });
}

export function powerCut(turn: Turn, id: string): void {
  if (!isPowerOn(turn.state)) {
    reply(turn, id, { power: 'off' });
    return;
  }
  log(turn, 'powerCut', turn.state.server);
  changeLive(turn, { cutWaiters: [...turn.state.live.cutWaiters, id] });
  moveNode(turn, { type: 'power.cut' });
}

export function powerReset(turn: Turn, id: string): void {
  needPower(turn, 'reset it');
  reply(turn, id, { power: 'on' });
  die(turn, 'the reset button');
}

function needPower(turn: Turn, what: string): void {
  if (isPowerOn(turn.state)) return;
  throw refusal('power.off', `cannot ${what}: the power of ${turn.state.server} is off`);
}

/** A reset without any orderly stop. */
export function die(turn: Turn, why: string): void {
  log(turn, 'serverReset', turn.state.server, why);
  moveNode(turn, { type: 'os.died' });
}

export function freeze(turn: Turn, id: string): void {
  needPower(turn, 'freeze it');
  if (!turn.state.frozen) emit(turn, { type: 'freezeAll' });
  change(turn, { frozen: true });
  reply(turn, id, { frozen: true });
}

export function thaw(turn: Turn, id: string): void {
  if (turn.state.frozen) emit(turn, { type: 'thawAll' });
  change(turn, { frozen: false });
  reply(turn, id, { frozen: false });
}

/** Orderly shutdown or reboot: answered first. Ordering it twice changes nothing. */
export function orderPower(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['shutdown', 'reboot']);
  reply(turn, id, {});
  moveNode(turn, { type: op === 'reboot' ? 'os.rebootOrdered' : 'os.shutdownOrdered' });
}

export function orderReset(turn: Turn, id: string, body: JsonObject): void {
  const why = text(body, 'why');
  reply(turn, id, {});
  die(turn, why);
}

/** v3 10.5, x5 2.12.7: a stall longer than the heartbeat timeout ends the server. */
export function petWatchdog(turn: Turn, id: string, body: JsonObject): void {
  const timeoutMs = whole(body, 'timeoutMs', 0);
  if (timeoutMs === 0 || processState(turn.state, 'daemon') !== 'running') disarmWatchdog(turn);
  else {
    const watchdogEnd = body.end === undefined ? 'reset' : word(body, 'end', ENDS);
    change(turn, { watchdogMs: timeoutMs, watchdogEnd });
    armTimer(turn, 'watchdog', timeoutMs);
  }
  reply(turn, id, {});
}

export function watchdogExpired(turn: Turn): void {
  const { watchdogMs, watchdogEnd = 'reset' } = turn.state;
  if (watchdogMs === null || processState(turn.state, 'daemon') === 'off') return;
  const how = watchdogEnd === 'reset' ? '' : `${STALL_ENDS[watchdogEnd]}, because `;
  die(turn, `${how}nobody pet the watchdog for ${watchdogMs} ms`);
}

export function shutdownStalled(turn: Turn): void {
  if (turn.state.live.killing) return;
  const { server, timing, onStall = 'reset' } = turn.state;
  log(turn, 'shutdownStalled', server, timing.shutdownMs, STALL_ENDS[onStall]);
  moveNode(turn, { type: 'os.stalled' });
}

export function drainIsOver(turn: Turn): void {
  changeLive(turn, { draining: 'over' });
  goOnShuttingDown(turn);
}

const NODE_EVENTS = {
  waiting: 'daemon.waited',
  online: 'daemon.joined',
  suspended: 'daemon.suspended',
  stopping: 'daemon.stopping',
} as const;

/** The daemon's own word, with the types of its heartbeat resources. A daemon that suspends or stops no longer pets the watchdog. */
export function tellNode(turn: Turn, id: string, body: JsonObject): void {
  const event = word(body, 'event', ['waiting', 'online', 'suspended', 'stopping']);
  if (event === 'suspended' || event === 'stopping') disarmWatchdog(turn);
  const heartbeats = body.heartbeats === undefined ? [] : texts(body, 'heartbeats');
  if (body.onDeath !== undefined) {
    change(turn, { onDeath: word(body, 'onDeath', ['shutdown', 'reboot']) });
  }
  if (body.onStall !== undefined) change(turn, { onStall: word(body, 'onStall', ENDS) });
  noteCarriers(turn, body);
  moveNode(turn, { type: NODE_EVENTS[event] });
  if (event !== 'stopping') startAwaiting(turn, heartbeats);
  tellIdleWork(turn);
  reply(turn, id, { carriers: carrierFaults(turn.state) });
}
