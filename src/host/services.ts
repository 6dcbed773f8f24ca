/** Services: what starts at boot, and starting and stopping by hand. v3 5, 11.1 (4). */
import type { JsonObject } from '../core/json.ts';
import type { Service } from '../ports/machinery.ts';
import { text, word } from './fields.ts';
import { askToStop, startService } from './life.ts';
import { SERVICE_PARTS } from './service-parts.ts';
import {
  armTimer,
  change,
  changeLive,
  isGoingDown,
  own,
  refusal,
  refuse,
  reply,
  type Turn,
} from './turn.ts';

export function isRunning(turn: Turn, name: string): boolean {
  const part = own(SERVICE_PARTS, name) ?? null;
  return part ? turn.state.processes[part] !== 'off' : own(turn.state.started, name) === true;
}

export function askService(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'name');
  const op = word(body, 'op', ['enable', 'disable', 'start', 'stop']);
  const known = own(turn.state.services, name);
  if (!known) {
    const names = Object.keys(turn.state.services).join(', ');
    throw refusal(
      'service.unknown',
      `${turn.state.server} has no service ${name}; it has ${names}`,
    );
  }
  if (op === 'enable' || op === 'disable') {
    const enabled = op === 'enable';
    if (known.enabled !== enabled) {
      change(turn, { services: { ...turn.state.services, [name]: { enabled } } });
    }
    reply(turn, id, { enabled });
  } else if (op === 'start') start(turn, id, name);
  else stop(turn, id, name);
}

function start(turn: Turn, id: string, name: string): void {
  const part = SERVICE_PARTS[name] ?? null;
  if (isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot start ${name}: ${turn.state.server} is going down`);
  }
  if (part && turn.state.processes[part] === 'stopping') {
    throw refusal('service.busy', `cannot start ${name}: it is still stopping`);
  }
  startService(turn, name);
  reply(turn, id, { running: true });
}

/** Answered when the process has ended. */
function stop(turn: Turn, id: string, name: string): void {
  const part = SERVICE_PARTS[name] ?? null;
  if (part === null) change(turn, { started: { ...turn.state.started, [name]: false } });
  if (part === null || turn.state.processes[part] === 'off') {
    reply(turn, id, { running: false });
    return;
  }
  if (part === 'agent' && turn.state.processes.daemon !== 'off') {
    throw refusal('service.busy', `cannot stop ${name}: clusterpro runs; stop it first`);
  }
  const waiters = [...turn.state.live.stopWaiters[part], id];
  changeLive(turn, { stopWaiters: { ...turn.state.live.stopWaiters, [part]: waiters } });
  askToStop(turn, part);
  armTimer(turn, `stop:${part}`, turn.state.timing.stopMs);
}

/** The process goes on stopping; who waited is told that it takes too long. */
export function stopTakesTooLong(turn: Turn, part: Service): void {
  const { stopMs } = turn.state.timing;
  for (const id of turn.state.live.stopWaiters[part]) {
    refuse(turn, id, 'service.stalled', `the ${part} has not stopped within ${stopMs} ms`);
  }
  changeLive(turn, { stopWaiters: { ...turn.state.live.stopWaiters, [part]: [] } });
}
