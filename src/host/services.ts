/** Services: what starts at boot, and starting and stopping by hand. v3 5, 11.1 (4). */
import type { JsonObject } from '../core/json.ts';
import type { Service } from '../ports/machinery.ts';
import { text, word } from './fields.ts';
import { askToStop, startService } from './life.ts';
import { isServiceRunning, lackingFor, processState, stopCompanions } from './processes.ts';
import { mainOf, type ServiceRow, serviceRow } from './service-table.ts';
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
    return;
  }
  const row = serviceRow(turn.state.manual, name);
  if (!row) throw refusal('service.unknown', `nobody here knows how to ${op} ${name}`);
  if (op === 'start') start(turn, id, row);
  else stop(turn, id, row);
}

function start(turn: Turn, id: string, row: ServiceRow): void {
  const { name } = row;
  if (isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot start ${name}: ${turn.state.server} is going down`);
  }
  if (processState(turn.state, mainOf(row).key) === 'stopping') {
    throw refusal('service.busy', `cannot start ${name}: it is still stopping`);
  }
  const lacking = isServiceRunning(turn.state, name) ? [] : lackingFor(turn.state, row);
  if (lacking.length > 0) {
    throw refusal('service.needs', `cannot start ${name}: ${lacking.join(', ')} does not run`);
  }
  startService(turn, row);
  reply(turn, id, { running: true });
}

/** Answered when the process has ended; of one that only holds its place, at once. */
function stop(turn: Turn, id: string, row: ServiceRow): void {
  const { part } = mainOf(row);
  if (!part || processState(turn.state, part) === 'off') {
    stopCompanions(turn, row);
    reply(turn, id, { running: false });
    return;
  }
  if (part === 'agent' && processState(turn.state, 'daemon') !== 'off') {
    throw refusal('service.busy', `cannot stop ${row.name}: clusterpro runs; stop it first`);
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
