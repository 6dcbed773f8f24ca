/** How many of a program run on this server, as the host's table of programs tells it. */
import type { End, Work } from '../work.ts';

export function lookForProgram(name: string): Work {
  return { by: 'host', body: { do: 'program', op: 'look', name } };
}

/** Null: that could not be looked up. */
export function countOf(end: End): number | null {
  const body = end.type === 'request.answered' ? end.body : null;
  const { count } = (body ?? {}) as { count?: unknown };
  return typeof count === 'number' ? count : null;
}
