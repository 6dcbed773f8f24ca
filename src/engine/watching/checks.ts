/**
 * One check of a monitor: what its type (src/engine/monitors) says is done, and what that found. A
 * check may take several pieces of work, one after the other, until there is a result, or the
 * monitor's limit is over.
 */
import type { FactOf } from '../facts.ts';
import { monitorTypeOf } from '../monitors/registry.ts';
import { fails } from '../monitors/type.ts';
import { checkOf, monitorConfig } from '../queries.ts';
import type { Purpose } from '../state.ts';
import { type Turn, tell } from '../turn.ts';
import { type End, order } from '../work.ts';

type CheckPurpose = Extract<Purpose, { kind: 'check' }>;

function goOn(turn: Turn, purpose: CheckPurpose): void {
  const monitor = monitorConfig(turn.state, purpose.monitor);
  const type = monitorTypeOf(monitor.type);
  if (!('next' in type)) return;
  const { begunAt, ends } = purpose;
  const next = type.next(checkOf(turn.state, monitor, turn.now), ends);
  const leftMs = begunAt + monitor.timeoutMs - turn.now;
  if ('type' in next || (ends.length > 0 && leftMs <= 0)) {
    const result = 'type' in next ? next : fails('stalled');
    const tookMs = Math.round(turn.now - begunAt);
    tell(turn, { type: 'check.judged', monitor: monitor.name, result, tookMs });
    return;
  }
  const id = order(turn, next, leftMs, purpose);
  tell(turn, { type: 'check.begun', monitor: monitor.name, id });
}

export function beginCheck(turn: Turn, { monitor }: FactOf<'check.due'>): void {
  if (turn.state.monitors[monitor]?.fails) {
    tell(turn, { type: 'check.judged', monitor, result: fails('dummyFailure'), tookMs: 0 });
    return;
  }
  goOn(turn, { kind: 'check', monitor, begunAt: turn.now, ends: [] });
}

/** The end of a piece of work; that of a check which was given up is ignored. */
export function onCheckEnded(turn: Turn, id: string, purpose: CheckPurpose, end: End): void {
  if (turn.state.monitors[purpose.monitor]?.check !== id) return;
  goOn(turn, { ...purpose, ends: [...purpose.ends, end] });
}
