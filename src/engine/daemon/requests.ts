/**
 * The requests that a daemon answers (DaemonRequest in src/ports/protocol.ts): what is well-formed
 * is told to those who have to do with it.
 */
import type { Json } from '../../core/json.ts';
import type { CommonEvent } from '../../core/part.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import { entry } from '../queries.ts';
import { refuse, type Turn, tell } from '../turn.ts';

type Field = (value: unknown) => boolean;

const isText: Field = (value) => typeof value === 'string';
const isName: Field = (value) => value === null || typeof value === 'string';
const isTexts: Field = (value) => Array.isArray(value) && value.every(isText);
const isNumber: Field = (value) => typeof value === 'number';
const isFlag: Field = (value) => typeof value === 'boolean';
const oneOf =
  (...words: string[]): Field =>
  (value) =>
    words.includes(value as string);

/** The fields that a request must have, by its `do`. */
const shapes: Record<DaemonRequest['do'], Record<string, Field>> = {
  status: {},
  group: { op: oneOf('start', 'stop', 'move'), group: isName, target: isName },
  resource: { op: oneOf('start', 'stop'), resource: isText, target: isName },
  take: { group: isText, why: oneOf('move', 'failover'), failovers: isNumber, wait: isFlag },
  monitor: { op: oneOf('suspend', 'resume', 'fail', 'heal'), monitor: isName },
  cluster: { op: oneOf('stop', 'suspend', 'resume') },
  shutdown: { reboot: isFlag },
  toratio: { op: oneOf('set', 'reset', 'show') },
  'cancel-wait': {},
  script: { script: isText, limitMs: isNumber },
  perf: { of: oneOf('monitor', 'group'), name: isText },
  idle: { work: isTexts },
  reboots: { op: oneOf('show', 'clear'), of: oneOf('rc', 'rm') },
  reload: {},
  'mirror-event': { mirror: isText, event: isText },
  'peer-broke': { mirror: isText, server: isText, generation: isText },
};

/** Null for a well-formed request, else what is wrong with it. */
function objectionTo(body: Json): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return 'a request is an object that says in `do` what it wants';
  }
  const shape = entry<Record<string, Field>>(shapes, body.do);
  if (!shape) return `a daemon does not know the request ${JSON.stringify(body.do)}`;
  const bad = Object.keys(shape).find((field) => !shape[field]!(body[field]));
  return bad ? `${String(body.do)}: ${bad} cannot be ${JSON.stringify(body[bad])}` : null;
}

export function onRequest(
  turn: Turn,
  { id, from, body }: Extract<CommonEvent, { type: 'request.received' }>,
): void {
  const objection = objectionTo(body);
  if (objection) {
    refuse(turn, id, 'request.invalid', objection);
    return;
  }
  const order = body as unknown as DaemonRequest;
  tell(turn, { type: 'order.given', id, from: from.server, order });
}
