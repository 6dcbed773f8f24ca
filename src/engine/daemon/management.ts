/**
 * The cluster's management address: whoever looks after the cluster reaches it there, wherever it is.
 * It is held by the first server, in the order of their priority, that serves, or starts, and is heard. No group
 * has to do with it. In a partition each side has one; when they hear each other again, the later
 * server lets go. The manuals do not speak of it: all of this is our choice.
 *
 *     none ──► taking ──► held ──► letting ──► none
 *       ▲        │ another answers for it: again after AGAIN_MS
 *       └────────┘
 */
import { say } from '../messages.ts';
import { isUp } from '../queries.ts';
import type { DaemonState, Management, Purpose } from '../state.ts';
import { askHere, emit, patch, type Turn } from '../turn.ts';

const HOST_MS = 5_000;
const AGAIN_MS = 5_000;
/** In a row; the one before it may only just be letting go. */
const REFUSALS = 2;
/** Also one that starts: it will take the address in a moment. */
const SERVES: readonly string[] = ['waiting', 'online'];

function set(turn: Turn, management: Management): void {
  patch(turn, { management });
}

function isFirst({ config, server, peers }: DaemonState): boolean {
  const serving = config.servers.filter(({ name }) => {
    const peer = peers[name];
    return name === server || (isUp(peer) && SERVES.includes(peer?.reported?.phase ?? ''));
  });
  const [first] = serving.toSorted((a, b) => a.priority - b.priority);
  return first?.name === server;
}

function wanted(state: DaemonState): string | null {
  const { config, phase, stopping } = state;
  const address = config.managementAddress ?? null;
  return address !== null && phase === 'online' && !stopping && isFirst(state) ? address : null;
}

/** Upkeep: a level, so that no edge can be missed. */
export function tendManagement(turn: Turn): void {
  const { address, isMoving, notBefore } = turn.state.management;
  if (address === null && turn.state.config.managementAddress === undefined) return;
  const next = wanted(turn.state);
  if (isMoving || address === next || (address === null && turn.now < notBefore)) return;
  const op = address === null ? 'add' : 'remove';
  const about = address ?? next ?? '';
  set(turn, { ...turn.state.management, isMoving: true });
  const body = { do: 'address', op, address: about };
  askHere(turn, 'host', body, HOST_MS, { kind: 'management', op, address: about });
}

export function onManagementAnswered(
  turn: Turn,
  { op, address }: Extract<Purpose, { kind: 'management' }>,
  failure: { message: string } | null,
): void {
  if (op === 'remove') {
    say(turn, 'managementLet', address);
    set(turn, { address: null, isMoving: false, notBefore: 0, refusals: 0 });
    return;
  }
  if (failure === null) {
    say(turn, 'managementTaken', address);
    set(turn, { address, isMoving: false, notBefore: 0, refusals: 0 });
    return;
  }
  const refusals = turn.state.management.refusals + 1;
  if (refusals === REFUSALS) say(turn, 'managementRefused', address, failure.message);
  const notBefore = turn.now + AGAIN_MS;
  set(turn, { address: null, isMoving: false, notBefore, refusals });
  emit(turn, { type: 'armTimer', id: 'management', at: notBefore });
}
