/** A runner that dies at the boundaries of its record, and what it started meanwhile. */
import type { Journal } from '../../src/ports/journal.ts';
import type { RunnerDoor } from '../../src/runbook/run/context.ts';
import { withCommands } from './doors.ts';

export class Crash extends Error {}

/** Before the entry is durable (acted, not recorded), or right after (recorded, not acted on). */
export type When = 'never' | 'before' | 'after';

/** Dies once at every entry, by type and step; the next life gets past it. */
export function deadlyJournal<J extends Journal>(journal: J, when: When, survived: Set<string>): J {
  return {
    ...journal,
    async append(entries, after) {
      const names = entries.map(({ type, body }) => `${type} ${body.step ?? ''}`);
      const isFirst = when !== 'never' && names.some((name) => !survived.has(name));
      for (const name of names) survived.add(name);
      if (isFirst && when === 'before') throw new Crash();
      const sealed = await journal.append(entries, after);
      if (isFirst) throw new Crash();
      return sealed;
    },
    // A process that dies lets go by itself.
    hold: async () => async () => {},
  };
}

/**
 * Counts the commands that were started: an operation that is attached to does not count, nor does
 * looking again and again while a step waits.
 */
export function countingDoor(door: RunnerDoor, commands: string[]): RunnerDoor {
  const seen = new Set<string>();
  return withCommands(door, {
    exec(request) {
      const { isLook = false } = request;
      if (!isLook && !seen.has(request.operation)) {
        commands.push(`${request.server}: ${request.argv.join(' ')}`);
      }
      seen.add(request.operation);
      return door.commands.exec(request);
    },
  });
}
