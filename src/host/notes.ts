/**
 * Notes of changing commands that people typed on this server. A note is durable before its
 * command does anything, so that a command which takes its server down has left one too.
 */
import type { JsonObject } from '../core/json.ts';
import type { HandNote, Login, LoginName } from '../ports/authority.ts';
import { flag, isObject, text, texts, whole, word } from './fields.ts';
import { pageAfter, pageOf } from './pages.ts';
import { change, drawId, refusal, reply, type Turn } from './turn.ts';

const MOST_NOTES = 1_000;
/** Of all notes together, as JSON: they are saved with the rest at every turn. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ARGUMENTS = 100;
const ARGUMENT_LENGTH = 200;
const NAME_LENGTH = 100;

function loginName(body: JsonObject, key: string): LoginName {
  const value = body[key];
  if (!isObject(value)) throw refusal('request.malformed', `request note: ${key} is no login`);
  return { uid: whole(value, 'uid', 0), name: text(value, 'name').slice(0, NAME_LENGTH) };
}

export function loginOf(body: JsonObject): Login {
  const { login } = body;
  if (!isObject(login)) throw refusal('request.malformed', 'request note: login is not given');
  const terminal = login.terminal ?? null;
  return {
    real: loginName(login, 'real'),
    effective: loginName(login, 'effective'),
    terminal: terminal === null ? null : String(terminal).slice(0, NAME_LENGTH),
  };
}

function textOrNull(body: JsonObject, key: string): string | null {
  return (body[key] ?? null) === null ? null : text(body, key).slice(0, NAME_LENGTH);
}

/** The last ones, as many as there is room for. */
function newest(notes: readonly HandNote[]): HandNote[] {
  const stored = notes.slice(-MOST_NOTES);
  let left = MOST_BYTES;
  const from = stored.findLastIndex((note) => {
    left -= Buffer.byteLength(JSON.stringify(note));
    return left < 0;
  });
  return stored.slice(from + 1);
}

export function addNote(turn: Turn, note: HandNote): void {
  change(turn, { notes: newest([...turn.state.notes, note]) });
}

/** More windows than that are not open at once. */
const MOST_WINDOWS = 20;

function duringOf(body: JsonObject): { during?: string[] } {
  const during = body.during === undefined ? [] : texts(body, 'during').slice(0, MOST_WINDOWS);
  if (during.length === 0) return {};
  return { during: during.map((id) => id.slice(0, NAME_LENGTH)) };
}

function begin(turn: Turn, body: JsonObject): { id: string } {
  const argv = texts(body, 'argv').slice(0, MOST_ARGUMENTS);
  const refused = textOrNull(body, 'refused');
  const note: HandNote = {
    id: drawId(turn),
    at: turn.now,
    endedAt: refused === null ? null : turn.now,
    login: loginOf(body),
    ...(flag(body, 'byCluster') ? { byCluster: true } : {}),
    argv: argv.map((argument) => argument.slice(0, ARGUMENT_LENGTH)),
    window: textOrNull(body, 'window'),
    emergency: flag(body, 'emergency'),
    refused,
    ...duringOf(body),
    exitCode: null,
  };
  addNote(turn, note);
  return { id: note.id };
}

function end(turn: Turn, body: JsonObject): void {
  const id = text(body, 'id');
  const exitCode = whole(body, 'exitCode', 0);
  const notes = turn.state.notes.map((note) =>
    note.id === id && note.endedAt === null ? { ...note, exitCode, endedAt: turn.now } : note,
  );
  change(turn, { notes });
}

export function askNote(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['begin', 'end']);
  if (op === 'begin') {
    reply(turn, id, begin(turn, body));
    return;
  }
  end(turn, body);
  reply(turn, id, {});
}

export function listNotes(turn: Turn, id: string, body: JsonObject): void {
  const named = turn.state.notes.map((note): [string, HandNote] => [note.id, note]);
  const { items, next } = pageOf(named, pageAfter(body));
  reply(turn, id, { notes: items, next });
}
