/**
 * Network partition resolution (x5 2.12.10): when every heartbeat of a server is lost, is it down, or
 * is this server the one that is cut off?
 *
 *     timer ─────┐
 *     peer.lost ─┴─► round: all that the resources ask ──► every answer there, or its limit over
 *                                                             ├ charts: normal, error (nm 36, 37)
 *                                                             └ servers are lost:
 *        any resource says that this side is cut off ──► the configured action (nm 30, 40, 42, 43)
 *        else ──► a moment for the others to end ──► peer.settled: forced stop, takeover
 *
 * Nothing of a lost server starts here before it is settled. v3 knows no resolution, nor does a
 * cluster without these resources: there a loss is settled at once, and both sides go on. A server
 * that was never heard since this one started leads to no resolution (our choice). How often the
 * resources are asked (with every heartbeat) and how long the others are given are our choice, too.
 *
 * Servers tell one another whom they do not hear. Who is heard one way only is lost to both; who is
 * lost here and heard by a server that is heard runs, and nothing of it is taken (all of it our choice).
 */
import { type PartitionEvent, partitionMachine } from '../../../machines/partition.machine.ts';
import { markNetOf, partitionAction } from '../../config/index.ts';
import { moveChart } from '../../core/chart.ts';
import type { MessageKey } from '../../messages/index.ts';
import type {
  FinalAction,
  NetworkPartitionResource,
} from '../../schema/generated/cluster-configuration.ts';
import { freshPartition } from '../daemon/fresh.ts';
import type { FactOf } from '../facts.ts';
import { sightOf } from '../heard.ts';
import { sayIfKnown } from '../messages.ts';
import { beatTimeoutMs, isUp, lifeOf, partitionResources } from '../queries.ts';
import type { PartitionRound, Purpose } from '../state.ts';
import { emit, expect, patch, setPeer, type Turn, tell } from '../turn.ts';
import { partitionTypes } from './registry.ts';
import type { Situation, Verdict } from './type.ts';

/** Heartbeats that the other side is given to find out and end, before anything of it starts here. */
const GRACE_BEATS = 3;

function setPartition(turn: Turn, change: Partial<Turn['state']['partition']>): void {
  patch(turn, { partition: { ...turn.state.partition, ...change } });
}

function typeOf({ type }: NetworkPartitionResource) {
  return partitionTypes.get(type)!;
}

export function onPartitionTimer(turn: Turn): void {
  const { config, phase } = turn.state;
  if (phase === 'suspended' || partitionResources(config).length === 0) return;
  emit(turn, { type: 'armTimer', id: 'partition', at: turn.now + config.heartbeat.intervalMs });
  if (turn.state.partition.round === null) beginRound(turn);
}

/** What is still configured goes on as it was. */
export function onConfigChanged(turn: Turn): void {
  const { runs } = turn.state.partition;
  const fresh = Object.entries(freshPartition(turn.state.config).runs);
  const kept = fresh.map(([name, chart]) => [name, runs[name] ?? chart]);
  setPartition(turn, { runs: Object.fromEntries(kept), round: null });
  onPartitionTimer(turn);
}

/** Everything is asked at once; the answers that an older round waits for count for nothing. */
function beginRound(turn: Turn): void {
  const { config, server } = turn.state;
  const own = config.servers.find(({ name }) => name === server)!;
  const answers: PartitionRound['answers'] = {};
  setPartition(turn, { round: { at: turn.now, answers } });
  for (const resource of partitionResources(config)) {
    const questions = typeOf(resource).questions(config, own, resource);
    answers[resource.name] = questions.map(() => null);
    questions.forEach(({ net, target }, index) => {
      const about = { kind: 'reach', resource: resource.name, index, at: turn.now } as const;
      const id = expect(turn, about);
      emit(turn, { type: 'reach', id, net, target, timeoutMs: config.heartbeat.intervalMs });
    });
  }
  endRound(turn);
}

export function onReachEnded(
  turn: Turn,
  { resource, index, at }: Extract<Purpose, { kind: 'reach' }>,
  isAnswered: boolean,
): void {
  const { round } = turn.state.partition;
  const before = round?.answers[resource];
  if (!round || round.at !== at || !before) return;
  const answers = { ...round.answers, [resource]: before.with(index, isAnswered) };
  setPartition(turn, { round: { at, answers } });
  endRound(turn);
}

function endRound(turn: Turn): void {
  const { round } = turn.state.partition;
  if (!round || Object.values(round.answers).some((given) => given.includes(null))) return;
  setPartition(turn, { round: null });
  const resources = partitionResources(turn.state.config);
  const answered = ({ name }: NetworkPartitionResource) => round.answers[name] as boolean[];
  for (const resource of resources) {
    const isWell = typeOf(resource).isWell(answered(resource));
    moveRun(turn, resource.name, { type: isWell ? 'check.passed' : 'check.failed' });
  }
  const { lost, isEnding } = turn.state.partition;
  if (lost.length === 0 || isEnding) return;
  resolve(
    turn,
    resources.map((one) => typeOf(one).judge(situationOf(turn, one), answered(one))),
  );
}

function moveRun(turn: Turn, resource: string, event: PartitionEvent): void {
  const { runs } = turn.state.partition;
  const { chart, effects } = moveChart(partitionMachine, runs[resource]!, event);
  if (chart.value !== runs[resource]!.value) {
    setPartition(turn, { runs: { ...runs, [resource]: chart } });
  }
  for (const { type } of effects) {
    const key = type === 'reportError' ? 'partitionError' : 'partitionNormal';
    sayIfKnown(turn, key, resource, turn.state.server);
  }
}

function situationOf({ state, now }: Turn, resource: NetworkPartitionResource): Situation {
  const { server, peers, ears } = state;
  const others = Object.values(peers).filter((peer) => lifeOf(peer) !== 'left');
  const isIn = (name: string) => name === server || others.some((peer) => peer.name === name);
  const byPriority = state.config.servers.toSorted((a, b) => a.priority - b.priority);
  const freshMs = beatTimeoutMs(state, now) / 2;
  const net = markNetOf(state.config, resource) ?? '';
  const isMarking = (name: string) => now - (ears[name]!.marks[net] ?? 0) < freshMs;
  return {
    server,
    members: byPriority.map(({ name }) => name).filter(isIn),
    heard: [server, ...others.filter(isUp).map(({ name }) => name)],
    marking: state.partition.lost.filter(isMarking),
  };
}

/** One resource that says so is enough. */
function resolve(turn: Turn, verdicts: readonly Verdict[]): void {
  const { config, server } = turn.state;
  const action = partitionAction(config);
  const found = verdicts.find((verdict) => verdict !== 'goesOn');
  if (found === undefined || action === 'none') {
    if (turn.state.partition.settlesAt !== null) return;
    const settlesAt = turn.now + GRACE_BEATS * config.heartbeat.intervalMs;
    setPartition(turn, { settlesAt });
    emit(turn, { type: 'armTimer', id: 'settle', at: settlesAt });
    return;
  }
  setPartition(turn, { isEnding: true });
  emit(turn, { type: 'cancelTimer', id: 'settle' });
  sayWhy(turn, found === 'fails' ? 'resolutionFailed' : 'partitioned', action);
  tell(turn, { type: 'finalAction.due', action, cause: { by: 'partition', name: server } });
}

interface Ending extends Partial<Record<FinalAction, MessageKey<'x5'>>> {
  other: MessageKey<'x5'>;
}

/** What is said before an action that ends in order, and before every other one. */
const endings: Record<'partitioned' | 'resolutionFailed', Ending> = {
  partitioned: {
    stopDaemon: 'partitionedStop',
    stopDaemonAndShutdown: 'partitionedHalt',
    stopDaemonAndReboot: 'partitionedReboot',
    other: 'partitionedAction',
  },
  resolutionFailed: {
    stopDaemon: 'resolutionFailedStop',
    stopDaemonAndShutdown: 'resolutionFailedHalt',
    stopDaemonAndReboot: 'resolutionFailedReboot',
    other: 'resolutionFailedAction',
  },
};

const actionWords: Partial<Record<FinalAction, string>> = {
  sysrqPanic: 'sysrq panic',
  keepaliveReset: 'keepalive reset',
  keepalivePanic: 'keepalive panic',
  bmcReset: 'BMC reset',
  bmcPowerOff: 'BMC power off',
  bmcPowerCycle: 'BMC power cycle',
  bmcNmi: 'BMC NMI',
  ioFencing: 'I/O fencing',
};

function sayWhy(turn: Turn, why: keyof typeof endings, action: FinalAction): void {
  const { server } = turn.state;
  const ending = endings[why];
  const inOrder = ending[action];
  if (inOrder) sayIfKnown(turn, inOrder, server);
  else sayIfKnown(turn, ending.other, actionWords[action] ?? action, server);
}

export function onPeerLost(turn: Turn, { peer }: FactOf<'peer.lost' | 'peer.sightChanged'>): void {
  const { config, phase, stopping, partition } = turn.state;
  const isUsed = phase === 'online' && !stopping && partitionResources(config).length > 0;
  if (!isUsed) {
    tell(turn, { type: 'peer.settled', peer });
    return;
  }
  const seen = sightOf(turn.state, peer, turn.now);
  setPeer(turn, peer, { seen });
  if (seen === 'elsewhere') return;
  setPartition(turn, { lost: [...new Set([...partition.lost, peer])], settlesAt: null });
  emit(turn, { type: 'cancelTimer', id: 'settle' });
  beginRound(turn);
}

/** Whoever was lost here and known to run may not be so any more. */
export function lookForSeen(turn: Turn): void {
  for (const { name, seen } of Object.values(turn.state.peers)) {
    if (seen === 'no' || sightOf(turn.state, name, turn.now) === seen) continue;
    tell(turn, { type: 'peer.sightChanged', peer: name });
  }
}

/** It is back, or left in order: nothing is to be found out about it. */
export function forget(turn: Turn, { peer }: FactOf<'peer.returned' | 'peer.left'>): void {
  if (turn.state.peers[peer]!.seen !== 'no') setPeer(turn, peer, { seen: 'no' });
  const lost = turn.state.partition.lost.filter((name) => name !== peer);
  if (lost.length === turn.state.partition.lost.length) return;
  setPartition(turn, lost.length === 0 ? { lost, settlesAt: null } : { lost });
  if (lost.length === 0) emit(turn, { type: 'cancelTimer', id: 'settle' });
}

export function onSettled(turn: Turn): void {
  const { lost, isEnding } = turn.state.partition;
  if (isEnding) return;
  setPartition(turn, { lost: [], settlesAt: null });
  for (const peer of lost) {
    if (turn.state.peers[peer]!.seen === 'no') tell(turn, { type: 'peer.settled', peer });
  }
}
