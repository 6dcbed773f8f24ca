/**
 * What ends a ladder of recoveries (v3 10.1, 10.2; x5 2.12.1 to 2.12.3), or follows a stall.
 *
 *     stopDaemon, …AndShutdown, …AndReboot   in order: groups fail over, then the daemon ends
 *     all others                             at once, whatever runs: who has the others' heartbeats
 *                                            sees a server that is gone
 *
 * Panic, reset and I/O fencing are the host's; the controller's orders go to this server's own.
 * When one of them fails, that is said, and the server is shut down in order: our choice, for
 * whoever configured it wants this server to serve no more.
 */
import type { Json } from '../../core/json.ts';
import type { FinalAction } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { sayIfKnown } from '../messages.ts';
import type { FinalCause, Purpose, Stopping } from '../state.ts';
import { ask, type Turn, tell } from '../turn.ts';

const CARRY_OUT_MS = 10_000;

type Orderly = 'stopDaemon' | 'stopDaemonAndShutdown' | 'stopDaemonAndReboot';
export type Immediate = Exclude<FinalAction, Orderly | 'none'>;

const goals: Record<Orderly, Stopping['goal']> = {
  stopDaemon: 'exit',
  stopDaemonAndShutdown: 'shutdown',
  stopDaemonAndReboot: 'reboot',
};

interface Order {
  part: 'host' | 'bmc';
  body: Json;
}

const reset = (why: string): Order => ({ part: 'host', body: { do: 'reset', why } });

const orders: Record<Immediate, Order> = {
  sysrqPanic: reset('panic by sysrq'),
  keepaliveReset: reset('reset by the keepalive driver'),
  keepalivePanic: reset('panic by the keepalive driver'),
  bmcNmi: reset('panic by an NMI of the management controller'),
  ioFencing: reset('I/O fencing'),
  bmcReset: { part: 'bmc', body: { do: 'power.reset' } },
  bmcPowerCycle: { part: 'bmc', body: { do: 'power.reset' } },
  bmcPowerOff: { part: 'bmc', body: { do: 'power.cut' } },
};

const words = {
  activation: {
    stopDaemon: 'activationStopDaemon',
    stopDaemonAndShutdown: 'activationStopDaemonAndShutdown',
    stopDaemonAndReboot: 'activationStopDaemonAndReboot',
    sysrqPanic: 'activationSysrqPanic',
    keepaliveReset: 'activationKeepaliveReset',
    keepalivePanic: 'activationKeepalivePanic',
    bmcReset: 'activationBmcReset',
    bmcPowerOff: 'activationBmcPowerOff',
    bmcPowerCycle: 'activationBmcPowerCycle',
    bmcNmi: 'activationBmcNmi',
    ioFencing: 'activationIoFencing',
  },
  deactivation: {
    stopDaemon: 'deactivationStopDaemon',
    stopDaemonAndShutdown: 'deactivationStopDaemonAndShutdown',
    stopDaemonAndReboot: 'deactivationStopDaemonAndReboot',
    sysrqPanic: 'deactivationSysrqPanic',
    keepaliveReset: 'deactivationKeepaliveReset',
    keepalivePanic: 'deactivationKeepalivePanic',
    bmcReset: 'deactivationBmcReset',
    bmcPowerOff: 'deactivationBmcPowerOff',
    bmcPowerCycle: 'deactivationBmcPowerCycle',
    bmcNmi: 'deactivationBmcNmi',
    ioFencing: 'deactivationIoFencing',
  },
  monitor: {
    stopDaemon: 'stopFor',
    stopDaemonAndShutdown: 'haltFor',
    stopDaemonAndReboot: 'rebootFor',
    sysrqPanic: 'monitorSysrqPanic',
    keepaliveReset: 'monitorKeepaliveReset',
    keepalivePanic: 'monitorKeepalivePanic',
    bmcReset: 'monitorBmcReset',
    bmcPowerOff: 'monitorBmcPowerOff',
    bmcPowerCycle: 'monitorBmcPowerCycle',
    bmcNmi: 'monitorBmcNmi',
    ioFencing: 'monitorIoFencing',
  },
} as const satisfies Partial<Record<FinalCause['by'], Record<Orderly | Immediate, string>>>;

/** null: whoever ordered it has said why. */
function wordsOf<A extends Orderly | Immediate>({ by }: FinalCause, action: A) {
  return by === 'partition' ? null : words[by][action];
}

function isOrderly(action: Orderly | Immediate): action is Orderly {
  return action in goals;
}

export function takeFinalAction(turn: Turn, { action, cause }: FactOf<'finalAction.ready'>): void {
  if (action === 'none') return;
  const said = wordsOf(cause, action);
  if (said) sayIfKnown(turn, said, cause.name);
  if (isOrderly(action)) {
    const goal = goals[action];
    tell(turn, { type: 'exit.ordered', goal, failOver: true, replies: [] });
    return;
  }
  const { part, body } = orders[action];
  const to = { server: turn.state.server, part };
  ask(turn, to, body, CARRY_OUT_MS, { kind: 'finalAction', action, cause });
}

/** Whoever was to end this server at once answered: it is still there when that was a refusal. */
export function onFinalActionAnswered(
  turn: Turn,
  { action, cause }: Extract<Purpose, { kind: 'finalAction' }>,
  failure: { message: string } | null,
): void {
  if (failure === null) return;
  const said = wordsOf(cause, action);
  if (said) sayIfKnown(turn, `${said}Failed`, cause.name);
  tell(turn, { type: 'exit.ordered', goal: 'shutdown', failOver: true, replies: [] });
}
