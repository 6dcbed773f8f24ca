/**
 * Papers of change windows as this server holds them: the cluster's policy, and the signed papers
 * of its windows. Who may sign what is not judged here but by whoever reads them; here it is kept
 * that nothing newer is lost.
 *
 *   policy          every version, for good: the versions tell who let whom sign the next
 *   window/ID/HASH  once; the name holds the hash of the text, so it cannot be another one
 *
 * When the room is used up, the papers of windows whose end is 90 days past make room, the oldest
 * window first. Papers survive a power loss; a system disk restored from an image has what lay on
 * it then.
 */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.ts';
import type { Paper } from '../schema/generated/paper.ts';
import { isObject, text, whole, word } from './fields.ts';
import { pageAfter, pageOf } from './pages.ts';
import type { HostState } from './state.ts';
import { change, own, refusal, reply, type Turn } from './turn.ts';

export const MOST_PAPERS = 500;
export const MOST_BYTES = 4 * 1024 * 1024;
const PAPER_BYTES = 256 * 1024;
const SIGNATURE_BYTES = 16 * 1024;
const LONG_OVER_MS = 90 * 86_400_000;
const NAME = /^(policy|window\/[A-Za-z0-9][A-Za-z0-9._-]{2,63}\/[0-9a-f]{64})$/;

type Papers = HostState['papers'];

const bytesOf = (said: string) => Buffer.byteLength(said);
const hashOf = (said: string) => createHash('sha256').update(said).digest('hex');
const sizeOf = ({ text: said, signature }: Paper) => bytesOf(said) + bytesOf(signature);

/** Under which a paper is kept: of a policy every version, of a window's paper the one there is. */
function keyOf({ name, version }: Paper): string {
  return name === 'policy' ? `policy ${version}` : name;
}

function malformed(message: string): never {
  throw refusal('paper.malformed', message);
}

function contentOf(said: string): JsonObject {
  try {
    const content = JSON.parse(said) as Json;
    if (isObject(content)) return content;
  } catch {
    // Said below.
  }
  return malformed('the text of the paper is no JSON object');
}

function readPaper(body: JsonObject): Paper {
  const given = body.paper;
  if (!isObject(given)) return malformed('request paper: no paper is given');
  const paper: Paper = {
    schema: 'drydock.paper/1',
    name: text(given, 'name'),
    version: whole(given, 'version', 1),
    text: text(given, 'text'),
    by: text(given, 'by'),
    signature: text(given, 'signature'),
  };
  if (given.schema !== paper.schema) malformed(`the paper is not a ${paper.schema}`);
  if (!NAME.test(paper.name)) malformed(`${paper.name.slice(0, 100)} is no name for a paper`);
  if (paper.by.length > 256) malformed('the name of who signed the paper is too long');
  if (bytesOf(paper.text) > PAPER_BYTES || bytesOf(paper.signature) > SIGNATURE_BYTES) {
    malformed(`${paper.name} is too large: at most ${PAPER_BYTES / 1024} KiB of text are held`);
  }
  const content = contentOf(paper.text);
  if (paper.name === 'policy') {
    if (content.version !== paper.version) malformed('the policy is of another version inside');
  } else if (!paper.name.endsWith(hashOf(paper.text))) {
    malformed(`${paper.name} is named after another text`);
  }
  return paper;
}

function refuseOlder(turn: Turn, paper: Paper): void {
  const { papers, server } = turn.state;
  const same = own(papers, keyOf(paper));
  if (same && same.text !== paper.text) {
    throw refusal(
      'paper.older',
      `${server} holds another text of ${paper.name}, version ${paper.version}`,
      'give the change a higher version',
    );
  }
  if (same || paper.name !== 'policy') return;
  const newest = newestPolicy(papers) ?? 0;
  if (newest > paper.version) {
    throw refusal('paper.older', `${server} holds policy ${newest}, newer than ${paper.version}`);
  }
}

/** The version of the newest policy that is held. */
export function newestPolicy(papers: Papers): number | null {
  const versions = Object.values(papers)
    .filter(({ name }) => name === 'policy')
    .map(({ version }) => version);
  return versions.length === 0 ? null : Math.max(...versions);
}

function windowOf({ name }: Paper): string | null {
  return name.split('/')[1] ?? null;
}

/** When a window ended, by its request; a window without a request that can be read never began. */
function endOf(papers: readonly Paper[]): number {
  const ends = papers.map(({ text: said }) => {
    const { kind, body } = JSON.parse(said) as { kind?: unknown; body?: { end?: unknown } };
    return kind === 'request' ? Date.parse(String(body?.end)) : Number.NaN;
  });
  return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
}

/** Windows that are long over, the oldest first. */
function longOver(papers: Papers, now: number): string[] {
  const windows = new Map<string, Paper[]>();
  for (const paper of Object.values(papers)) {
    const id = windowOf(paper);
    if (id !== null) windows.set(id, [...(windows.get(id) ?? []), paper]);
  }
  return [...windows]
    .map(([id, own]) => ({ id, end: endOf(own) }))
    .filter(({ end }) => end + LONG_OVER_MS < now)
    .sort((a, b) => a.end - b.end)
    .map(({ id }) => id);
}

function hasRoom(papers: Papers): boolean {
  const all = Object.values(papers);
  return all.length <= MOST_PAPERS && all.reduce((sum, one) => sum + sizeOf(one), 0) <= MOST_BYTES;
}

function madeRoom(turn: Turn, wanted: Papers, paper: Paper): Papers {
  let papers = wanted;
  for (const id of hasRoom(papers) ? [] : longOver(wanted, turn.now)) {
    if (id === windowOf(paper)) continue;
    papers = Object.fromEntries(Object.entries(papers).filter(([, one]) => windowOf(one) !== id));
    if (hasRoom(papers)) break;
  }
  if (hasRoom(papers)) return papers;
  throw refusal(
    'paper.full',
    `${turn.state.server} holds ${MOST_PAPERS} papers or ${MOST_BYTES / 1024 / 1024} MiB already, ` +
      'and no window among them ended more than 90 days ago',
  );
}

export function askPaper(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['put', 'list']);
  if (op === 'list') {
    const { items, next } = pageOf(Object.entries(turn.state.papers), pageAfter(body));
    reply(turn, id, { now: turn.now, papers: items, next });
    return;
  }
  const paper = readPaper(body);
  refuseOlder(turn, paper);
  const known = own(turn.state.papers, keyOf(paper));
  if (known?.signature !== paper.signature || known.by !== paper.by) {
    const papers = { ...turn.state.papers, [keyOf(paper)]: paper };
    change(turn, { papers: madeRoom(turn, papers, paper) });
  }
  reply(turn, id, { kept: true });
}
