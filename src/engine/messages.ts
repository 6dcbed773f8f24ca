/** Raising a message of the catalogue (src/messages/), in the words of the cluster's generation. */
import { type ArgumentsOf, type MessageKey, messageOf } from '../messages/index.ts';
import type { Turn } from './turn.ts';

export type Message = MessageKey;

export function say<K extends Message>(turn: Turn, key: K, ...args: ArgumentsOf<K>): void {
  turn.effects.push({ type: 'log', ...messageOf(turn.state.config.manual, key, ...args) });
}
