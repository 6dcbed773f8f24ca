/**
 * Scripts that go before a recovery: before a monitor's target is restarted or fails over (rm 170, 171),
 * and before a final action (rm 82, 83; of a resource rc 160, 161, 180). What they precede follows
 * whatever came of them, and after their limit at the latest.
 *
 *     recovery.wanted ─────► script? ──► recovery.ready
 *     finalAction.ordered ─► script? ──► finalAction.ready
 *
 * The X series has them. A file lies beside the monitor's own script, or the resource's.
 */
import { scriptPath } from '../../core/paths.ts';
import type { BeforeScript } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { sayIfKnown } from '../messages.ts';
import { groupOfResource, monitorConfig, resourceConfig } from '../queries.ts';
import type { FinalCause, Purpose } from '../state.ts';
import { type Turn, tell } from '../turn.ts';
import { type End, order } from '../work.ts';

type Before = Extract<Purpose, { kind: 'before' }>;

function run(turn: Turn, folder: string, script: BeforeScript, before: Before): void {
  const name = before.of === 'recovery' ? before.monitor : before.cause.name;
  const work = {
    by: 'script',
    path: scriptPath(folder, script.path),
    env: { CLP_NAME: name },
  } as const;
  order(turn, work, script.timeoutMs, before);
}

export function beforeRecovery(turn: Turn, { monitor, step }: FactOf<'recovery.wanted'>): void {
  const { beforeRecovery: script } = monitorConfig(turn.state, monitor).recovery;
  const isOff = turn.state.config.noMonitorRecovery || turn.state.stopping !== null;
  if (!script || step === 'finalAction' || isOff) {
    tell(turn, { type: 'recovery.ready', monitor, step });
    return;
  }
  run(turn, `monitor.s/${monitor}`, script, { kind: 'before', of: 'recovery', monitor, step });
}

/** Null: none is configured. */
function scriptOf({ state }: Turn, { by, name }: FinalCause): [string, BeforeScript] | null {
  if (by === 'partition') return null;
  if (by === 'monitor') {
    const script = monitorConfig(state, name).recovery.beforeFinalAction;
    return script ? [`monitor.s/${name}`, script] : null;
  }
  const script = resourceConfig(state, name)[by].beforeFinalAction;
  return script ? [`${groupOfResource(state, name)?.name}/${name}`, script] : null;
}

export function beforeFinalAction(
  turn: Turn,
  { action, cause }: FactOf<'finalAction.ordered'>,
): void {
  const found = action === 'none' ? null : scriptOf(turn, cause);
  if (found === null) {
    tell(turn, { type: 'finalAction.ready', action, cause });
    return;
  }
  if (cause.by !== 'monitor') sayIfKnown(turn, 'actionScriptStarted', cause.by, cause.name);
  run(turn, ...found, { kind: 'before', of: 'finalAction', action, cause });
}

function sayEnd(turn: Turn, { by, name }: FinalCause, isDone: boolean): void {
  if (by === 'monitor') {
    sayIfKnown(turn, isDone ? 'beforeActionDone' : 'beforeActionFailed', 'final action', name);
  } else if (isDone) sayIfKnown(turn, 'actionScriptEnded', by, name);
  else sayIfKnown(turn, 'actionScriptFailed', by, name);
}

export function onBeforeEnded(turn: Turn, before: Before, end: End): void {
  const isDone = end.type === 'script.ended' && end.code === 0 && !end.timedOut;
  if (before.of === 'finalAction') {
    const { action, cause } = before;
    sayEnd(turn, cause, isDone);
    tell(turn, { type: 'finalAction.ready', action, cause });
    return;
  }
  const { monitor, step } = before;
  sayIfKnown(turn, isDone ? 'recoveryScriptDone' : 'recoveryScriptFailed', monitor);
  tell(turn, { type: 'recovery.ready', monitor, step });
}
