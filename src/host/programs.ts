/**
 * Programs of the operating system that monitors look for by name, besides the cluster's own: each
 * runs from the boot on, until it ends. What a resource's script starts is none of them.
 */
import type { JsonObject } from '../core/json.ts';
import { text, word } from './fields.ts';
import { change, reply, type Turn } from './turn.ts';

/** `end` is what happens to one, `start` what an operator does about it. */
export function askProgram(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['look', 'end', 'start']);
  const name = text(body, 'name');
  const { programs = [], ended } = turn.state;
  const others = ended.filter((one) => one !== name);
  const isKnown = programs.includes(name);
  if (op === 'end' && isKnown) change(turn, { ended: [...others, name] });
  if (op === 'start') change(turn, { ended: others });
  reply(turn, id, { count: isKnown && !turn.state.ended.includes(name) ? 1 : 0 });
}
