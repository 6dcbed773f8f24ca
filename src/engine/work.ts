/** What a resource or a monitor has done for it by a part of a server, and how that ended. */
import type { Json } from '../core/json.ts';
import type { OcfCall } from '../ports/ocf.ts';
import type { OcfParameters } from './ocf.ts';
import type { DaemonEvent, Purpose } from './state.ts';
import { ask, emit, expect, type Turn } from './turn.ts';

export type Work =
  | {
      by: 'host' | 'agent';
      /** Whose host or agent; this server's where it is left out. */
      server?: string;
      body: Json;
      /** How long it may take at most, ms, where that is less than its resource or monitor allows. */
      limitMs?: number;
    }
  | { by: 'script'; path: string; env: Record<string, string> }
  /** `begins`: with these it may run from now on, and is to be stopped. `limitMs` stands whatever is left. */
  | { by: 'ocf'; call: OcfCall; limitMs: number; begins?: OcfParameters }
  | { by: 'ocfLook'; at: 'addresses' | 'mounts'; device: string };

export type End = Extract<
  DaemonEvent,
  {
    type: 'request.answered' | 'request.failed' | 'script.ended' | 'ocf.ended' | 'ocf.looked';
  }
>;

/** Every parameter, for a script: `mount/point` is CLP_PARAMETER_MOUNT_POINT. */
export function asVariables(parameters: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(parameters).map(([path, value]) => {
    return [`CLP_PARAMETER_${path.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`, String(value)];
  });
  return Object.fromEntries(entries);
}

/** It took too long: the port that carries it out holds the limit. */
export function isTimedOut(end: End): boolean {
  if (end.type === 'script.ended' || end.type === 'ocf.ended') return end.timedOut;
  return end.type === 'request.failed' && end.code === 'timeout';
}

/** Has it done, within `limitMs`. The id that its end comes with. */
export function order(turn: Turn, work: Work, limitMs: number, purpose: Purpose): string {
  if (work.by === 'ocf' || work.by === 'ocfLook') {
    const id = expect(turn, purpose);
    if (work.by === 'ocf')
      emit(turn, { type: 'runOcf', id, call: work.call, limitMs: work.limitMs });
    else emit(turn, { type: 'lookOcf', id, at: work.at, device: work.device });
    return id;
  }
  if (work.by !== 'script') {
    const to = { server: work.server ?? turn.state.server, part: work.by };
    return ask(turn, to, work.body, Math.min(work.limitMs ?? limitMs, limitMs), purpose);
  }
  const id = expect(turn, purpose);
  const { path, env } = work;
  emit(turn, { type: 'runScript', id, path, env, timeoutMs: limitMs });
  return id;
}
