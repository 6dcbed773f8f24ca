/**
 * Heartbeats: who is heard, on what, and what follows. They are sent in sending.ts.
 *
 *     datagram ────► time noted (no chart) ──► only an edge moves the heartbeat's chart
 *     watch timer ─► late, lost ──► every resource lost: the peer is lost
 *
 * Timers are lazy: one per peer, due at the earliest possible edge, so a beat arms nothing. A watch
 * timer that fires much too late means that this server itself stalled; the beats that wait in
 * its sockets are read before anybody is declared dead.
 */
import { type HeartbeatEvent, heartbeatMachine } from '../../../machines/heartbeat.machine.ts';
import { netOf } from '../../config/index.ts';
import { moveChart } from '../../core/chart.ts';
import type { Json } from '../../core/json.ts';
import type { FactOf } from '../facts.ts';
import { isDeaf } from '../heard.ts';
import { say } from '../messages.ts';
import { beatTimeoutMs, entry, isIdle, isLost, isUp, lifeOf } from '../queries.ts';
import type { Beat, DaemonState, Ear, NodeState, Peer } from '../state.ts';
import { emit, patch, setEar, setPeer, type Turn, tell } from '../turn.ts';
import { warnOfDelay } from './delays.ts';
import { onMark } from './marks.ts';
import { readNodeState } from './node-state.ts';
import { movePeer } from './peer.ts';
import { keepStep, onBeatTimer, sendBeats } from './sending.ts';

/** A watch timer later than this says that this server stalled. */
const STALL_MS = 100;

/** When a peer was last heard on a resource; 0: never. */
function heardOn({ heardAt }: Ear, resource: string): number {
  return heardAt[resource] ?? 0;
}

/** When the next edge of a beat can come. */
function edgeAt({ value }: Beat, heardAt: number, timeoutMs: number): number | null {
  if (value === 'up') return heardAt + timeoutMs / 2;
  return value === 'late' ? heardAt + timeoutMs : null;
}

/** Arms the watch over a peer for the earliest edge; also when a timeout was changed. */
function armWatch(turn: Turn, name: string): void {
  const { beats } = turn.state.peers[name]!;
  const ear = turn.state.ears[name]!;
  const timeoutMs = beatTimeoutMs(turn.state, turn.now);
  const edges = Object.entries(beats)
    .map(([resource, beat]) => edgeAt(beat, heardOn(ear, resource), timeoutMs))
    .filter((at) => at !== null);
  const id = `watch:${name}`;
  if (edges.length === 0) {
    if (ear.watchAt !== null) emit(turn, { type: 'cancelTimer', id });
    setEar(turn, name, { watchAt: null });
    return;
  }
  const watchAt = Math.min(...edges);
  if (watchAt === ear.watchAt) return;
  emit(turn, { type: 'armTimer', id, at: watchAt });
  setEar(turn, name, { watchAt });
}

/** The timeout or the heartbeats changed: every watch is due at another time. */
export function armWatches(turn: Turn): void {
  if (turn.state.phase === 'suspended') return;
  for (const name of Object.keys(turn.state.peers)) armWatch(turn, name);
}

function moveBeat(turn: Turn, name: string, resource: string, event: HeartbeatEvent): void {
  const peer = turn.state.peers[name]!;
  const move = moveChart(heartbeatMachine, peer.beats[resource]!, event);
  const beats = { ...peer.beats, [resource]: move.chart };
  setPeer(turn, name, { beats });
  for (const effect of move.effects) {
    const isUpAgain = effect.type === 'reportUp';
    say(turn, isUpAgain ? 'beatUp' : 'beatDown', resource, name);
    if (isUpAgain) tell(turn, { type: 'beat.up', peer: name, resource });
  }
}

/** Every heartbeat of the peer leaves the watch: it stopped or was suspended in order. */
function leaveBeats(turn: Turn, name: string): void {
  for (const resource of Object.keys(turn.state.peers[name]!.beats)) {
    moveBeat(turn, name, resource, { type: 'peer.left' });
  }
  setEar(turn, name, { heardAt: {} });
  armWatch(turn, name);
}

/** What was never heard counts as lost from now on (the wait at start is over). */
export function giveUpUnheard(turn: Turn): void {
  for (const [name, peer] of Object.entries(turn.state.peers)) {
    for (const [resource, beat] of Object.entries(peer.beats)) {
      if (beat.value === 'unknown') moveBeat(turn, name, resource, { type: 'beat.missed' });
    }
  }
}

export function onWatchTimer(turn: Turn, name: string): void {
  const peer = turn.state.peers[name];
  if (!peer || turn.state.phase === 'suspended') return;
  const ear = turn.state.ears[name]!;
  const stalled = ear.watchAt !== null && turn.now - ear.watchAt > STALL_MS;
  setEar(turn, name, { watchAt: null });
  if (stalled || isIdle(turn.state, 'nodes')) {
    const watchAt = turn.now + turn.state.config.heartbeat.intervalMs;
    emit(turn, { type: 'armTimer', id: `watch:${name}`, at: watchAt });
    setEar(turn, name, { watchAt });
    return;
  }
  const timeoutMs = beatTimeoutMs(turn.state, turn.now);
  let isLate = false;
  for (const [resource, beat] of Object.entries(peer.beats)) {
    const heardAt = heardOn(ear, resource);
    const age = turn.now - heardAt;
    if (edgeAt(beat, heardAt, timeoutMs) === null || age < timeoutMs / 2) continue;
    isLate ||= age < timeoutMs;
    moveBeat(turn, name, resource, { type: age < timeoutMs ? 'beat.delayed' : 'beat.missed' });
  }
  if (isLate) movePeer(turn, name, { type: 'peer.delayed' });
  armWatch(turn, name);
  const received = Object.values(turn.state.peers[name]!.beats);
  const areLost = received.every(({ value }) => ['lost', 'unknown', 'unused'].includes(value));
  if (areLost) {
    // What is heard from now on, a suspension or not, is news of it.
    setEar(turn, name, { heardAt: {} });
    movePeer(turn, name, { type: 'peer.lost' });
  } else noteHeard(turn, name);
  tell(turn, { type: 'beats.judged', peer: name });
}

/** Suspected no more once none of its heartbeats is late. */
function noteHeard(turn: Turn, name: string): void {
  const peer = turn.state.peers[name]!;
  if (lifeOf(peer) !== 'suspected') return;
  const isLate = Object.values(peer.beats).some(({ value }) => value === 'late');
  if (!isLate) movePeer(turn, name, { type: 'peer.heard' });
}

/** The peer's heartbeat resources that go over this net and are at work. */
function resourcesOn({ state }: Turn, name: string, net: string) {
  const { config } = state;
  return config.heartbeats.filter((one) => {
    const isIts = state.peers[name]!.beats[one.name] !== undefined;
    return isIts && netOf(config, one) === net && !isIdle(state, one.type);
  });
}

function noteTime(turn: Turn, name: string, resource: string): void {
  const { heardAt } = turn.state.ears[name]!;
  setEar(turn, name, { heardAt: { ...heardAt, [resource]: turn.now } });
}

/** Notes the beat; only one that ends a silence moves a chart. */
function noteBeat(turn: Turn, name: string, net: string, isNews: boolean): void {
  for (const resource of resourcesOn(turn, name, net)) {
    const beat = turn.state.peers[name]!.beats[resource.name]!;
    if (beat.value === 'late') {
      warnOfDelay(turn, resource, name, turn.now - heardOn(turn.state.ears[name]!, resource.name));
    }
    noteTime(turn, name, resource.name);
    if (beat.value === 'up') continue;
    moveBeat(turn, name, resource.name, { type: 'beat.heard' });
    armWatch(turn, name);
  }
  const peer = turn.state.peers[name]!;
  // What is heard one way only is no connection: both sides lose each other. Only news of it ends
  // one: what was on its way as the two found each other again is old.
  const isLostThere = isDeaf(turn.state, peer, turn.now) && (isNews || !isUp(peer));
  if (isLostThere) movePeer(turn, name, { type: 'peer.lost' });
  else if (isUp(peer)) noteHeard(turn, name);
  else movePeer(turn, name, { type: 'peer.heard' });
}

/**
 * Takes in what a peer reports of itself. False when it is older than what is known. A daemon that
 * began before the known one is an older one only while that is heard: a clock may be set back.
 */
function absorb(turn: Turn, name: string, body: unknown): boolean {
  const peer = entry(turn.state.peers, name);
  const reported = readNodeState(body, turn.state.config);
  if (!reported || !peer) return false;
  const { born, rev } = reported;
  const known = peer.reported;
  const isOlder = known && born < known.born && isUp(peer);
  if (isOlder || (born === known?.born && rev < known.rev)) return false;
  setPeer(turn, name, { reported });
  if (born !== known?.born) {
    setEar(turn, name, { hearsThis: false });
    patch(turn, { newcomers: [...turn.state.newcomers, name] });
  }
  tell(turn, { type: 'node.reported', peer: name });
  if (known && born > known.born && isUp(peer)) {
    say(turn, 'serverDown', name);
    say(turn, 'serverUp', name);
    tell(turn, { type: 'peer.reborn', peer: name, before: peer });
  }
  return true;
}

/**
 * Whether the daemon there has heard this one. What it said before may have been under way while the
 * daemon before this one handed it a group.
 */
function noteHearing(turn: Turn, name: string, heard: Json | undefined): void {
  const { born, server, ears } = turn.state;
  if (ears[name]!.hearsThis) return;
  if ((heard as { [name: string]: unknown } | null | undefined)?.[server] !== born) return;
  setEar(turn, name, { hearsThis: true });
  tell(turn, { type: 'peer.hears', peer: name });
}

/**
 * The last act of a turn: daemons that were first heard in it are told so, with all that followed from
 * it here. One that starts waits for that, so it is told at once.
 */
export function answerNewcomers(turn: Turn): void {
  const { newcomers } = turn.state;
  if (newcomers.length === 0) return;
  const { peers } = turn.state;
  const found = newcomers.map((name) => [name, peers[name]!.reported!.born] as const);
  patch(turn, { newcomers: [], heard: { ...turn.state.heard, ...Object.fromEntries(found) } });
  for (const name of newcomers) {
    if (peers[name]!.reported!.phase === 'waiting') sendBeats(turn, name);
  }
}

/** Who hands a group over reports with it what it runs: newer than its last heartbeat. */
export function hearTaker(turn: Turn, { from, order }: FactOf<'order.given'>): void {
  if (order.do === 'take') absorb(turn, from, order.word);
}

export function sayUp(turn: Turn, { peer }: FactOf<'peer.returned'>): void {
  say(turn, 'serverUp', peer);
}

export function sayDown(turn: Turn, { peer }: FactOf<'peer.lost'>): void {
  say(turn, 'serverDown', peer);
}

/**
 * It stopped or was suspended in order: nobody listens for its heartbeats. Of one that was lost
 * before it is said already that it is down.
 */
function hearGoing(turn: Turn, name: string, phase: 'stopped' | 'suspended'): void {
  leaveBeats(turn, name);
  if (phase === 'stopped' && !isLost(turn.state.peers[name]!)) say(turn, 'serverDown', name);
  movePeer(turn, name, { type: phase === 'stopped' ? 'peer.left' : 'peer.suspended' });
}

function isSame(known: NodeState | null, body: unknown): boolean {
  const found = body as { born?: unknown; rev?: unknown } | null;
  return known !== null && found?.born === known.born && found.rev === known.rev;
}

/** `heard`: by server the start of the daemon there that its sender last heard. */
function isBeat(body: Json): body is { kind: 'beat'; word: Json; heard?: Json } {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && body.kind === 'beat';
}

/** Its power was read as off since: what is still heard of that daemon was under way. */
function isFromBefore({ chart, reported }: Peer, word: Json): boolean {
  const { born } = (word ?? {}) as { born?: unknown };
  return chart.context.evidence?.by === 'fence' && born === reported?.born;
}

/** Whoever hears this net's heartbeats, and whoever judges them, is at work. */
function isHearing(state: DaemonState, net: string): boolean {
  if (isIdle(state, 'nodes')) return false;
  const { config } = state;
  const types = config.heartbeats.filter((one) => netOf(config, one) === net);
  return types.length === 0 || types.some(({ type }) => !isIdle(state, type));
}

export function onDatagram(turn: Turn, net: string, from: string, body: Json): void {
  const peer = entry(turn.state.peers, from);
  if (!peer || onMark(turn, net, from, body)) return;
  if (!isBeat(body) || turn.state.phase === 'stopped' || !isHearing(turn.state, net)) return;
  if (isFromBefore(peer, body.word)) return;
  const isNews = !isSame(peer.reported, body.word);
  if (isNews && !absorb(turn, from, body.word)) return;
  hearBeat(turn, net, peer, isNews);
  noteHearing(turn, from, body.heard);
}

/** `before`: the peer before this beat, which is taken in. */
function hearBeat(turn: Turn, net: string, before: Peer, isNews: boolean): void {
  const from = before.name;
  const { phase, born } = turn.state.peers[from]!.reported!;
  if (phase === 'stopped' || phase === 'suspended') {
    if (isNews || isLost(before)) hearGoing(turn, from, phase);
    return;
  }
  if (turn.state.phase === 'suspended') {
    // A suspended daemon is silent, but tells a newcomer that it is here.
    if (phase === 'waiting') sendBeats(turn, from);
    for (const { name } of resourcesOn(turn, from, net)) noteTime(turn, from, name);
    return;
  }
  const isSameDaemon = before.reported?.born === born;
  if (isLost(before) && isSameDaemon) setPeer(turn, from, { regainedAt: turn.now });
  noteBeat(turn, from, net, isNews);
  keepStep(turn, from);
  // After a partition also an old state can collide with what was started here meanwhile.
  const isBack = !isUp(before) && isUp(turn.state.peers[from]);
  if (isNews || isBack) tell(turn, { type: 'peer.spoke', peer: from });
}

/** The process of a type of heartbeats is at work no more: nobody knows what comes over them (nm 10). */
function sayUnknown(turn: Turn, before: readonly string[]): void {
  const { config, idle, peers } = turn.state;
  for (const { name, type } of config.heartbeats) {
    if (!idle.includes(type) || before.includes(type)) continue;
    for (const peer of Object.values(peers)) {
      const value = peer.beats[name]?.value;
      if (value === 'up' || value === 'late') say(turn, 'beatUnknown', name, peer.name);
    }
  }
}

/** The node manager goes on: nobody was listened to meanwhile. */
export function onWorkChanged(turn: Turn, { before }: FactOf<'work.changed'>): void {
  sayUnknown(turn, before);
  const goesOn = before.includes('nodes') && !isIdle(turn.state, 'nodes');
  const { phase } = turn.state;
  if (goesOn && phase !== 'suspended' && phase !== 'stopped') listenAgain(turn);
}

/**
 * After a suspension: nobody was listened to, so the silence until now counts for nothing. Who left,
 * was lost or was never heard, and has sent since, is back, and watched from now on: it may go down
 * at once.
 */
export function listenAgain(turn: Turn): void {
  patch(turn, { speaksSince: turn.now });
  for (const [name, peer] of Object.entries(turn.state.peers)) {
    const sent = Object.keys(turn.state.ears[name]!.heardAt);
    for (const resource of sent) noteTime(turn, name, resource);
    setEar(turn, name, { watchAt: null });
    const isBack = !isUp(peer) && sent.length > 0;
    if (isBack) for (const one of sent) moveBeat(turn, name, one, { type: 'beat.heard' });
    armWatch(turn, name);
    if (!isBack) continue;
    movePeer(turn, name, { type: 'peer.heard' });
    tell(turn, { type: 'peer.spoke', peer: name });
  }
  onBeatTimer(turn);
}
