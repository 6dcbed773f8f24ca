/**
 * One look at the whole server, for one request: what the controller says, and what the operating
 * system, the daemon and the agent answer, or why they do not. The daemon and the agent are asked
 * here, where they are near; the chassis answers whatever becomes of them.
 *
 *     look ──► power; the system is not up ────────────────────────────────────► answered at once
 *       │
 *       └────► the host's facts, the daemon, the agent ──► all have said something ──► answered
 *                             └── so long, and no longer (`withinMs`) ─────────────┘
 *
 * Nothing of it is older than the request, and nothing outlives the boot in which it was asked for.
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { PartName } from '../core/part.ts';
import type { PartSaid } from '../ports/views.ts';
import type { WireFailure } from '../ports/wire.ts';
import { whole } from './fields.ts';
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
  const { server, frozen, live, mirrors } = turn.state;
  changeLive(turn, { looking: { ...turn.state.live.looking, [id]: { said: {}, at: {} } } });
  if (!isOsUp(turn.state)) {
    // A machine that hangs says nothing, and who wants to know waits for it, if not to its end.
    if (!frozen || !isPowerOn(turn.state))
      answerDown(turn, id, `the operating system of ${server} is not up`);
    else if (live.killing) answer(turn, id);
    else armTimer(turn, `${LOOK}${id}`, withinMs);
    return;
  }
  armTimer(turn, `${LOOK}${id}`, withinMs);
  const left =
    processState(turn.state, 'agent') === 'off' ? mirrors.map(({ mirror }) => mirror) : [];
  emit(turn, { type: 'readFacts', id: nameOf(id, 'host'), mirrors: left });
  for (const part of ['daemon', 'agent'] as const) {
    if (processState(turn.state, part) === 'off') {
      said(turn, id, part, silent('refused', `the ${part} does not run`));
      continue;
    }
    const to = { server, part };
    const request = { id: nameOf(id, part), to, body: { do: 'status' }, timeoutMs: withinMs };
    emit(turn, { type: 'sendRequest', ...request });
  }
}

function said(turn: Turn, id: string, part: Part, what: PartSaid): void {
  const looking = own(turn.state.live.looking, id);
  if (!looking || looking.said[part]) return;
  const next = {
    said: { ...looking.said, [part]: what },
    at: { ...looking.at, [part]: turn.now },
  };
  changeLive(turn, { looking: { ...turn.state.live.looking, [id]: next } });
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
  const found = partOf(id);
  if (found) said(turn, found.look, found.part, { view });
  return found !== null;
}

export function lookIsOver(turn: Turn, id: string): void {
  if (id.startsWith(LOOK)) answer(turn, id.slice(LOOK.length));
}

/** The operating system goes, and with it whoever has not said anything yet. */
export function endLooks(turn: Turn): void {
  for (const id of Object.keys(turn.state.live.looking)) {
    if (turn.state.frozen) answer(turn, id);
    else answerDown(turn, id, `${turn.state.server} went down`);
  }
}
