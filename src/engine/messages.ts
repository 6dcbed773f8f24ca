/** Raising a message of the catalogue (src/messages/), in the words of the cluster's generation. */
import {
  type ArgumentsOf,
  type MessageKey,
  messageIfKnown,
  messageOf,
  type Said,
} from '../messages/index.ts';
import type { Turn } from './turn.ts';

export type Message = MessageKey;

/** One that x5 has a message for, and v3 perhaps none: then nothing is said, and false returned. */
export function sayIfKnown(turn: Turn, key: MessageKey<'x5'>, ...args: Said[]): boolean {
  const message = messageIfKnown(turn.state.config.manual, key, args);
  if (message) turn.effects.push({ type: 'log', ...message });
  return message !== null;
}

export function say<K extends Message>(turn: Turn, key: K, ...args: ArgumentsOf<K>): void {
  turn.effects.push({ type: 'log', ...messageOf(turn.state.config.manual, key, ...args) });
}
