/**
 * One look at the whole server, for one request: what the controller says, and what the operating
 * system, the daemon and the agent answer, or why they do not. The daemon and the agent are asked
 * here, where they are near; the chassis answers whatever becomes of them.
 *
 *     look ──► power; the system is not up ────────────────────────────────────► answered at once
 *       │
 *       └────► the host's facts, the daemon, the agent ──► all have said something ──► answered
 *                 │           └── so long, and no longer (`withinMs`) ─────────────┘
 *                 └── what it said last still stands (`HELD_MS`): not asked, not woken;
 *                     where that is half over, it is asked once the look is answered
 *
 * What a part said last still stands while the edition of its view is the one before it was asked
 * (src/core/held-view.ts), which is read anew for every look, and only of a process that can run.
 * So nothing of it is other than it is at the request, and nothing outlives the boot in which it
 * was asked for.
 */
import { HELD_MS } from '../core/held-view.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { PartName } from '../core/part.ts';
import type { Service } from '../ports/machinery.ts';
import type { PartSaid } from '../ports/views.ts';
import type { WireFailure } from '../ports/wire.ts';
import { isObject, whole } from './fields.ts';
import { askFacts } from './files.ts';
import { processState } from './processes.ts';
import type { HostFacts, Looking } from './state.ts';
import {
  armTimer,
  cancelTimer,
  changeLive,
  emit,
  isOsUp,
  isPowerOn,
  own,
  reply,
  type Turn,
  without,
} from './turn.ts';
import { hostView, powerView } from './view.ts';

type Part = keyof Looking['said'];

const PARTS: readonly Part[] = ['host', 'daemon', 'agent'];
/** Begins the ids of timers, requests and readings that belong to a look. */
const LOOK = 'look:';
const MOST_WAIT_MS = 10_000;
/** From then on it is asked again after a look, so that whoever looks steadily waits for no part. */
const RENEWED_FROM_MS = HELD_MS / 2;
/** By then whoever looked has the answer, and goes on by it. */
const RENEWED_AFTER_MS = 5;
const RENEW = 'renew:';

const silent = (code: WireFailure, words: string): PartSaid => ({ silent: { code, words } });

function nameOf(look: string, part: PartName): string {
  return `${LOOK}${look}/${part}`;
}

/** Which part of which look an id belongs to; null: of none. */
function partOf(id: string): { look: string; part: Part } | null {
  if (!id.startsWith(LOOK)) return null;
  const at = id.lastIndexOf('/');
  return { look: id.slice(LOOK.length, at), part: id.slice(at + 1) as Part };
}

export function askLook(turn: Turn, id: string, body: JsonObject): void {
  const withinMs = Math.min(whole(body, 'withinMs', 1), MOST_WAIT_MS);
  const { server, frozen, live } = turn.state;
  setLooking(turn, id, { withinMs, said: {}, at: {}, editions: {} });
  if (!isOsUp(turn.state)) {
    // A machine that hangs says nothing, and who wants to know waits for it, if not to its end.
    if (!frozen || !isPowerOn(turn.state))
      answerDown(turn, id, `the operating system of ${server} is not up`);
    else if (live.killing) answer(turn, id);
    else armTimer(turn, `${LOOK}${id}`, withinMs);
    return;
  }
  armTimer(turn, `${LOOK}${id}`, withinMs);
  askFacts(turn, nameOf(id, 'host'));
  emit(turn, { type: 'readEditions', id });
}

/** Daemon and agent, of which only those are asked whose last word does not stand any more. */
export function askParts(turn: Turn, id: string, editions: Looking['editions']): void {
  const looking = own(turn.state.live.looking, id);
  if (!looking) return;
  setLooking(turn, id, { ...looking, editions });
  const { server } = turn.state;
  for (const part of ['daemon', 'agent'] as const) {
    const view = heldView(turn, part, editions[part] ?? null);
    if (processState(turn.state, part) === 'off') {
      said(turn, id, part, silent('refused', `the ${part} does not run`));
    } else if (view) said(turn, id, part, { view });
    else {
      const request = { id: nameOf(id, part), to: { server, part }, body: { do: 'status' } };
      emit(turn, { type: 'sendRequest', ...request, timeoutMs: looking.withinMs });
    }
  }
}

/** What the part said last, where that is what it would say now; its clock is the server's. */
function heldView({ state, now }: Turn, part: Service, edition: string | null): Json | null {
  const held = state.live.held[part];
  if (!held || held.edition !== edition) return null;
  const ageMs = now - held.at;
  return ageMs >= 0 && ageMs <= HELD_MS ? { ...held.view, now } : null;
}

function setLooking(turn: Turn, id: string, looking: Looking): void {
  changeLive(turn, { looking: { ...turn.state.live.looking, [id]: looking } });
}

function said(turn: Turn, id: string, part: Part, what: PartSaid): void {
  const looking = own(turn.state.live.looking, id);
  if (!looking || looking.said[part]) return;
  const next = {
    ...looking,
    said: { ...looking.said, [part]: what },
    at: { ...looking.at, [part]: turn.now },
  };
  setLooking(turn, id, next);
  if (PARTS.every((one) => next.said[one])) answer(turn, id);
}

/** What nobody has said until now nobody will. */
function answer(turn: Turn, id: string): void {
  const looking = own(turn.state.live.looking, id);
  if (!looking) return;
  changeLive(turn, { looking: without(turn.state.live.looking, id) });
  cancelTimer(turn, `${LOOK}${id}`);
  const parts = PARTS.map((part) => {
    const what = looking.said[part] ?? silent('timeout', 'no answer in time');
    return [part, { ...what, agoMs: turn.now - (looking.at[part] ?? turn.now) }] as const;
  });
  reply(turn, id, { power: powerView(turn.state), ...Object.fromEntries(parts) });
  renewLater(turn, id, looking);
}

/** Of what a part said that is not so new any more; nothing is asked twice at a time. */
function renewLater(turn: Turn, id: string, { editions }: Looking): void {
  for (const part of ['daemon', 'agent'] as const) {
    const held = turn.state.live.held[part];
    if (!held || held.renewal !== undefined || held.edition !== editions[part]) continue;
    if (turn.now - held.at <= RENEWED_FROM_MS) continue;
    const renewal = `${RENEW}${id}/${part}`;
    changeLive(turn, { held: { ...turn.state.live.held, [part]: { ...held, renewal } } });
    armTimer(turn, renewal, RENEWED_AFTER_MS);
  }
}

function renewedPart({ state }: Turn, renewal: string): Service | undefined {
  return (['daemon', 'agent'] as const).find((part) => state.live.held[part]?.renewal === renewal);
}

/** It answers for the edition that was read before: what is another one since is noticed as ever. */
function renewed(turn: Turn, renewal: string, view: Json): boolean {
  const part = renewedPart(turn, renewal);
  if (part) hold(turn, part, turn.state.live.held[part]?.edition, view);
  return renewal.startsWith(RENEW);
}

function answerDown(turn: Turn, id: string, words: string): void {
  said(turn, id, 'host', { refused: { code: 'os.off', words } });
  for (const part of ['daemon', 'agent'] as const) said(turn, id, part, silent('refused', words));
}

/** False: that reading was for nobody's look. */
export function lookRead(turn: Turn, id: string, facts: HostFacts): boolean {
  const found = partOf(id);
  if (found) {
    const view = hostView(turn.state, turn.now, facts) as unknown as Json;
    said(turn, found.look, 'host', { view });
  }
  return found !== null;
}

/** Likewise. */
export function lookFailed(turn: Turn, id: string, code: string, words: string): boolean {
  const found = partOf(id);
  if (!found) return false;
  const isSilence = code === 'timeout' || code === 'refused' || code === 'unreachable';
  said(
    turn,
    found.look,
    found.part,
    isSilence ? silent(code, words) : { refused: { code, words } },
  );
  return true;
}

/** Likewise. */
export function lookAnswered(turn: Turn, id: string, view: Json): boolean {
  if (renewed(turn, id, view)) return true;
  const found = partOf(id);
  if (!found) return false;
  const { look, part } = found;
  if (part !== 'host') hold(turn, part, own(turn.state.live.looking, look)?.editions[part], view);
  said(turn, look, part, { view });
  return true;
}

/** `edition`: as it was before the part was asked, so that whatever came after it is noticed. */
function hold(turn: Turn, part: Service, edition: string | null | undefined, view: Json): void {
  const isHeld = typeof edition === 'string' && isObject(view);
  const { [part]: _, ...others } = turn.state.live.held;
  const held = isHeld ? { ...others, [part]: { view, edition, at: turn.now } } : others;
  changeLive(turn, { held });
}

export function lookIsOver(turn: Turn, id: string): void {
  if (id.startsWith(LOOK)) answer(turn, id.slice(LOOK.length));
  const part = renewedPart(turn, id);
  if (!part) return;
  const to = { server: turn.state.server, part };
  emit(turn, { type: 'sendRequest', id, to, body: { do: 'status' }, timeoutMs: HELD_MS });
}

/** The operating system goes, and with it whoever has not said anything yet. */
export function endLooks(turn: Turn): void {
  for (const id of Object.keys(turn.state.live.looking)) {
    if (turn.state.frozen) answer(turn, id);
    else answerDown(turn, id, `${turn.state.server} went down`);
  }
}
