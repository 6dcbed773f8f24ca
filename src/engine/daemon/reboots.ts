/**
 * How often final actions may end this server's system (X: maximum reboot count, and the time after
 * which it is counted anew; rc 100, rm 100). A cause that every boot brings back would reboot the
 * server for ever: at the limit the final action is left out, and the server stays as it is.
 *
 *     finalAction.due ──► counted, and on disk ──► finalAction.ordered
 *                    └──► as often as it may ──► said, and nothing done
 *
 * What failed resources led to is counted apart from what monitors did. The time runs while the
 * server is in order: from when it serves, and anew from a final action that was left out. Our
 * choices: stopping the daemon alone is no reboot; stalls count as their resource's; what follows a
 * partition or the death of a process is not counted.
 */
import type { Json } from '../../core/json.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { FinalAction } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { sayIfKnown } from '../messages.ts';
import { resourceState } from '../queries.ts';
import type { DaemonState, FinalCause, Purpose, Reboots } from '../state.ts';
import { emit, expect, reply, saveFacts, type Turn, tell } from '../turn.ts';

type Counted = keyof Reboots;

const counted: Partial<Record<FinalCause['by'], Counted>> = {
  activation: 'rc',
  deactivation: 'rc',
  monitor: 'rm',
};

const ALL: readonly Counted[] = ['rc', 'rm'];

const exceeded = { rc: 'resourceRebootsExceeded', rm: 'monitorRebootsExceeded' } as const;

function endsSystem(action: FinalAction): boolean {
  return action !== 'none' && action !== 'stopDaemon';
}

/** The time in order begins anew, if there is anything to forget. */
function watch(turn: Turn, of: Counted): void {
  const { config, facts } = turn.state;
  const id = `reboots:${of}`;
  const resetMs = facts.reboots[of] === 0 ? 0 : (config.rebootLimit?.resetMs ?? 0);
  if (resetMs === 0) emit(turn, { type: 'cancelTimer', id });
  else emit(turn, { type: 'armTimer', id, at: turn.now + resetMs });
}

export function watchOver(turn: Turn): void {
  for (const of of ALL) if (turn.state.facts.reboots[of] > 0) watch(turn, of);
}

function write(turn: Turn, of: Counted, count: number): void {
  saveFacts(turn, { reboots: { ...turn.state.facts.reboots, [of]: count } });
}

export function count(turn: Turn, { action, cause }: FactOf<'finalAction.due'>): void {
  const { rebootLimit } = turn.state.config;
  const of = counted[cause.by];
  if (!rebootLimit || !of || !endsSystem(action)) {
    tell(turn, { type: 'finalAction.ordered', action, cause });
    return;
  }
  const before = turn.state.facts.reboots[of];
  if (before >= rebootLimit.max) {
    sayIfKnown(turn, exceeded[of], rebootLimit.max, cause.name);
    watch(turn, of);
    return;
  }
  write(turn, of, before + 1);
  emit(turn, { type: 'settleFacts', id: expect(turn, { kind: 'counted', action, cause }) });
}

/** A disk that cannot be written keeps nothing from ending. */
export function onCounted(
  turn: Turn,
  { action, cause }: Extract<Purpose, { kind: 'counted' }>,
): void {
  tell(turn, { type: 'finalAction.ordered', action, cause });
}

/** Nothing that could end the server stands as failed. */
function isInOrder({ config, groups, monitors }: DaemonState, of: Counted): boolean {
  if (of === 'rm') {
    return config.monitors.every(({ name, recovery }) => {
      const { value } = monitors[name]!.chart;
      return !endsSystem(recovery.finalAction) || (value !== 'error' && value !== 'recovery');
    });
  }
  const all = Object.values(groups).flatMap(({ resources }) => Object.values(resources));
  return all.every((run) => !resourceState(run).endsWith('Failure'));
}

/** Its time is over: what is still wrong by then is not in order. */
export function onInOrder(turn: Turn, name: string): void {
  const of = ALL.find((one) => one === name);
  if (of === undefined) return;
  if (isInOrder(turn.state, of)) write(turn, of, 0);
  watch(turn, of);
}

export function onRebootsOrder(
  turn: Turn,
  id: string,
  { op, of }: Extract<DaemonRequest, { do: 'reboots' }>,
): void {
  if (op === 'clear') {
    write(turn, of, 0);
    watch(turn, of);
  }
  const { max, resetMs } = turn.state.config.rebootLimit ?? { max: 0, resetMs: 0 };
  reply(turn, id, { ...turn.state.facts.reboots, max, resetMs } satisfies Json);
}
