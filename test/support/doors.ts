/** A door that is another one but for some of its commands. */
import type { Commands } from '../../src/ports/commands.ts';

export function withCommands<D extends { commands: Commands }>(
  door: D,
  more: Partial<Commands>,
): D {
  return { ...door, commands: { ...door.commands, ...more } };
}
