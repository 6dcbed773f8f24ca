/** The drive of the server and the shelf of media beside it (the manuals' floppies). v3 1.1, 6.1. */
import { editConfiguration } from '../config/index.ts';
import type { JsonObject } from '../core/json.ts';
import type { Medium } from '../ports/views.ts';
import { isObject, text, textMap, word } from './fields.ts';
import { absolutePath, awaitFiles } from './files.ts';
import { change, emit, isOsUp, own, refusal, reply, type Turn } from './turn.ts';

/** What the vendor's builder writes on a medium. */
const CONFIG_FILE = 'clp.conf';

export function mediumIn(turn: Turn): Medium | null {
  const { inserted, media } = turn.state;
  return inserted === null ? null : (own(media, inserted) ?? null);
}

export function putMedium(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'name');
  const { medium } = body;
  if (!isObject(medium)) throw refusal('request.malformed', 'request media.put: no medium');
  const label = medium.label === undefined ? name : text(medium, 'label');
  const format = word(medium, 'format', ['linux', 'windows']);
  const files = textMap(medium, 'files');
  change(turn, { media: { ...turn.state.media, [name]: { label, format, files } } });
  reply(turn, id, { name });
}

function mediumBeside(turn: Turn, name: string): Medium {
  const { media, server } = turn.state;
  const found = own(media, name);
  if (found) return found;
  const names = Object.keys(media).join(', ') || 'nothing';
  throw refusal('medium.unknown', `no medium ${name} lies beside ${server}; there is: ${names}`);
}

/** Where there is no drive, a person brings what is on a medium by other means (v3 1.2). */
export function copyMedium(turn: Turn, id: string, body: JsonObject): void {
  const folder = absolutePath(text(body, 'folder'));
  const { server } = turn.state;
  if (!isOsUp(turn.state)) {
    throw refusal('os.off', `cannot copy to ${server}: its operating system is not up`);
  }
  const { files } = mediumBeside(turn, text(body, 'medium'));
  const placed = Object.entries(files).map(([name, said]) => [`${folder}/${name}`, said] as const);
  const names = Object.keys(files).sort();
  awaitFiles(turn, id);
  emit(turn, { type: 'placeFiles', id, files: Object.fromEntries(placed), body: { names } });
}

/**
 * A person changes the configuration on a medium, on the computer where Trekking Tool is: one change, in
 * the words of clpcfset. The medium need not be in the drive for it, and whatever else it holds stays.
 */
export function editMedium(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'medium');
  const medium = mediumBeside(turn, name);
  const before = own(medium.files, CONFIG_FILE);
  if (before === undefined) {
    throw refusal('medium.bare', `the medium ${name} holds no ${CONFIG_FILE}`);
  }
  const after = editConfiguration(
    before,
    `${name}:${CONFIG_FILE}`,
    text(body, 'change').split(' '),
  );
  const files = { ...medium.files, [CONFIG_FILE]: after };
  change(turn, { media: { ...turn.state.media, [name]: { ...medium, files } } });
  reply(turn, id, { medium: name });
}

export function insertMedium(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'medium');
  const { inserted, server } = turn.state;
  mediumBeside(turn, name);
  if (inserted !== null && inserted !== name) {
    throw refusal('medium.occupied', `the drive of ${server} holds ${inserted}; remove it first`);
  }
  change(turn, { inserted: name });
  reply(turn, id, { medium: name });
}

/** A medium taken out while it is mounted takes its mount along. */
export function removeMedium(turn: Turn, id: string): void {
  const mounts = turn.state.mounts.filter((mount) => mount.device !== '/dev/fd0');
  change(turn, { inserted: null, mounts });
  reply(turn, id, {});
}

export function readMedium(turn: Turn, id: string): void {
  reply(turn, id, { medium: mediumIn(turn) });
}

export function writeMedium(turn: Turn, id: string, body: JsonObject): void {
  const files = textMap(body, 'files');
  const medium = mediumIn(turn);
  const { inserted, media, server } = turn.state;
  if (!medium || inserted === null) {
    throw refusal('medium.none', `the drive of ${server} is empty`);
  }
  const written = { ...medium, files: { ...medium.files, ...files } };
  change(turn, { media: { ...media, [inserted]: written } });
  reply(turn, id, {});
}
