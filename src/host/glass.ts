/**
 * The way past a gate that cannot judge: nobody's documents can be asked when they are what is broken.
 * A person says why, every server notes it among the commands that people type, and for an hour its
 * gate lets through what it cannot judge. What it can judge it judges as ever.
 */
import type { JsonObject } from '../core/json.ts';
import type { Caller } from '../core/part.ts';
import { NOBODY, text, word } from './fields.ts';
import { addNote, loginOf } from './notes.ts';
import { change, drawId, log, refusal, reply, type Turn } from './turn.ts';

const LASTS_MS = 60 * 60_000;
const REASON_LENGTH = 1_000;

function broken(turn: Turn, body: JsonObject, from: Caller): void {
  const login = loginOf(body);
  const reason = text(body, 'reason').trim().slice(0, REASON_LENGTH);
  if (reason === '') throw refusal('request.malformed', 'request glass: the reason is empty');
  const who = from.who ?? NOBODY;
  change(turn, { glass: { until: turn.now + LASTS_MS, who, reason } });
  addNote(turn, {
    id: drawId(turn),
    at: turn.now,
    endedAt: turn.now,
    login,
    argv: ['break-glass', reason],
    window: null,
    emergency: true,
    refused: null,
    exitCode: 0,
  });
  const until = new Date(turn.now + LASTS_MS).toISOString();
  log(turn, 'glassBroken', who, until, reason);
}

/** → { glass: { until, who, reason } | null }: null when nobody broke it, or when it is over. `who` by the wire's word. */
export function askGlass(turn: Turn, id: string, body: JsonObject, from: Caller): void {
  if (word(body, 'op', ['break', 'show']) === 'break') broken(turn, body, from);
  const { glass } = turn.state;
  reply(turn, id, { glass: glass !== null && glass.until > turn.now ? glass : null });
}
