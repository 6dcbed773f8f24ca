/**
 * The cables in a server's network interfaces. One that is pulled carries nothing, and the
 * interface says that it has no link; a cable that is cut further away it does not notice.
 */
import type { JsonObject } from '../core/json.ts';
import { text } from './fields.ts';
import type { HostState } from './state.ts';
import { change, reply, type Turn } from './turn.ts';

function isPlugged({ unplugged }: HostState, net: string): boolean {
  return !unplugged.includes(net);
}

function plug(turn: Turn, id: string, body: JsonObject, up: boolean): void {
  const net = text(body, 'net');
  const others = turn.state.unplugged.filter((one) => one !== net);
  change(turn, { unplugged: up ? others : [...others, net].sort() });
  reply(turn, id, { net, up });
}

export function pullCable(turn: Turn, id: string, body: JsonObject): void {
  plug(turn, id, body, false);
}

export function plugCable(turn: Turn, id: string, body: JsonObject): void {
  plug(turn, id, body, true);
}

/** Whether the interface on a net has a link, as ethtool tells it. */
export function askLink(turn: Turn, id: string, body: JsonObject): void {
  reply(turn, id, { up: isPlugged(turn.state, text(body, 'net')) });
}
