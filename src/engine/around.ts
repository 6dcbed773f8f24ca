/**
 * The scripts around the start and the stop of a resource (X series; rc 162, 163, 181): which there is,
 * and what is said of it. One that fails or takes too long is said, and keeps nothing from going on.
 */
import { scriptPath } from '../core/paths.ts';
import type { BeforeScript } from '../schema/generated/cluster-configuration.ts';
import { sayIfKnown } from './messages.ts';
import { resourceConfig } from './queries.ts';
import type { Purpose } from './state.ts';
import type { Turn } from './turn.ts';
import { type End, isTimedOut, order } from './work.ts';

export type Around = Extract<Purpose, { kind: 'around' }>;

const halves = { activate: 'activation', deactivate: 'deactivation' } as const;

function scriptOf({ state }: Turn, { resource, op, when }: Around): BeforeScript | undefined {
  const rules = resourceConfig(state, resource)[halves[op]];
  return when === 'before' ? rules.scriptBefore : rules.scriptAfter;
}

const wordsOf = ({ op, when }: Around): string => `${when} ${halves[op]}`;

/** Begins the script. The id that its end comes with; null: there is none. */
export function beginAround(turn: Turn, around: Around): string | null {
  const script = scriptOf(turn, around);
  if (!script) return null;
  const { group, resource } = around;
  const { path, timeoutMs } = script;
  const file = scriptPath(`${group}/${resource}`, path);
  const env = { CLP_GROUPNAME: group, CLP_RESOURCENAME: resource };
  sayIfKnown(turn, 'aroundStarted', wordsOf(around), resource);
  return order(turn, { by: 'script', path: file, env }, timeoutMs, around);
}

export function sayAroundEnded(turn: Turn, around: Around, end: End): void {
  const words = wordsOf(around);
  const code = end.type === 'script.ended' ? end.code : null;
  if (code === 0 && !isTimedOut(end)) {
    sayIfKnown(turn, 'aroundEnded', words, around.resource);
    return;
  }
  const why = isTimedOut(end) ? 'timeout' : String(code ?? 'killed');
  sayIfKnown(turn, 'aroundFailed', words, around.resource, why);
}
