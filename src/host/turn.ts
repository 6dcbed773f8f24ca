/**
 * One turn of the step: the state as it becomes, and the effects as they are listed. Handlers are
 * plain functions over a turn; the state itself is never changed in place, only replaced, so that
 * a turn that fails half-way can be dropped.
 */
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { type ArgumentsOf, type MessageKey, messageOf } from '../messages/index.ts';
import type { HostEffect, HostState, Live } from './state.ts';

export interface Turn {
  state: HostState;
  readonly effects: HostEffect[];
  readonly now: number;
}

export function change(turn: Turn, part: Partial<HostState>): void {
  turn.state = { ...turn.state, ...part };
}

export function changeLive(turn: Turn, part: Partial<Live>): void {
  change(turn, { live: { ...turn.state.live, ...part } });
}

export function emit(turn: Turn, effect: HostEffect): void {
  turn.effects.push(effect);
}

export function reply(turn: Turn, id: string, body: unknown): void {
  emit(turn, { type: 'sendReply', id, body: body as Json });
}

export function refuse(turn: Turn, id: string, code: string, message: string): void {
  emit(turn, { type: 'refuseRequest', id, code, message });
}

/** A refusal with one of the codes of src/ports/protocol.ts; the step sends it. */
export function refusal(code: string, message: string, remedy?: string): DrydockError {
  return new DrydockError(message, remedy === undefined ? { code } : { code, remedy });
}

/** Raises a message of the catalogue (src/messages/), in the words of the cluster's generation. */
export function log<K extends MessageKey>(turn: Turn, key: K, ...args: ArgumentsOf<K>): void {
  emit(turn, { type: 'log', ...messageOf(turn.state.manual, key, ...args) });
}

export function armTimer(turn: Turn, id: string, afterMs: number): void {
  emit(turn, { type: 'armTimer', id, at: turn.now + afterMs });
}

export function cancelTimer(turn: Turn, id: string): void {
  emit(turn, { type: 'cancelTimer', id });
}

/** The value under a key that came from outside: nothing of Object's own. */
export function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** A fresh identifier, 16 hex digits, from the supervisor's entropy. */
export function drawId(turn: Turn): string {
  const { seed, drawn } = turn.state.entropy;
  change(turn, { entropy: { seed, drawn: drawn + 1 } });
  const half = (salt: number) => {
    let hash = 0x811c9dc5 ^ salt;
    for (const char of `${seed}/${turn.state.server}/${drawn}`) {
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
  };
  return half(0) + half(0x9e3779b9);
}

/** The operating system is there to be asked: not booting, not dying, not frozen. */
export function isOsUp({ node, live, frozen }: HostState): boolean {
  if (frozen || live.killing) return false;
  return !['poweredOff', 'booting', 'down'].includes(node.value);
}

export function isPowerOn({ node }: HostState): boolean {
  return node.value !== 'poweredOff';
}

export function isGoingDown({ node }: HostState): boolean {
  return node.value === 'shuttingDown' || node.value === 'rebooting';
}
