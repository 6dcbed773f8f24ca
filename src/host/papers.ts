/**
 * Papers of change windows as this server holds them: the cluster's policy, and the signed papers
 * of its windows. Who may say what is judged by whoever reads them; here it is kept that nothing is
 * lost, that what nobody known has signed is not taken (paper-signers.ts), and when each one came.
 *
 *   policy          every version: the versions tell who let whom sign the next
 *   window/ID/HASH  once; the name holds the hash of the text, so it cannot be another one
 *
 * Papers survive a power loss; a system disk restored from an image has what lay on it then.
 */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.ts';
import type { Paper } from '../schema/generated/paper.ts';
import { isObject, text, whole, word } from './fields.ts';
import { pageAfter, pageOf } from './pages.ts';
import { bytesOf, madeRoom } from './paper-room.ts';
import { strangerWhy } from './paper-signers.ts';
import { change, own, refusal, reply, type Turn } from './turn.ts';

const PAPER_BYTES = 256 * 1024;
const SIGNATURE_BYTES = 16 * 1024;
const NAME = /^(policy|window\/[A-Za-z0-9][A-Za-z0-9._-]{2,63}\/[0-9a-f]{64})$/;

const hashOf = (said: string) => createHash('sha256').update(said).digest('hex');

/**
 * Under which a paper is kept: of a policy every version, of a window's paper the one there is. Two
 * clusters may have a policy of one number.
 */
function keyFor(papers: Record<string, Paper>, { name, version, text: said }: Paper): string {
  if (name !== 'policy') return name;
  const key = `policy ${version}`;
  const there = own(papers, key);
  return there === undefined || there.text === said ? key : `${key} ${hashOf(said)}`;
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

function refuse(turn: Turn, paper: Paper, why: string): never {
  const { server, papers } = turn.state;
  const clusterOf = ({ text: said }: Paper) => contentOf(said).cluster;
  const isAbove = (one: Paper) =>
    one.name === 'policy' && clusterOf(one) === clusterOf(paper) && one.version >= paper.version;
  const isOlder = paper.name === 'policy' && Object.values(papers).some(isAbove);
  const label = paper.name === 'policy' ? `policy ${paper.version}` : paper.name;
  const code = isOlder ? 'paper.older' : 'paper.stranger';
  throw refusal(code, `${server} does not take ${label}: ${why}`);
}

/** Now; but no two policies at one time, whatever the clock says: their order decides. */
function receiptFor({ state, now }: Turn, { name }: Paper): number {
  if (name !== 'policy') return now;
  const policies = Object.values(state.papers).filter((one) => one.name === 'policy');
  const before = policies.map((one) => own(state.received, hashOf(one.text)) ?? 0);
  return Math.max(now, ...before.map((at) => at + 1));
}

function put(turn: Turn, paper: Paper): void {
  const { server, papers, received } = turn.state;
  const key = keyFor(papers, paper);
  const known = own(papers, key);
  if (known && known.signature === paper.signature && known.by === paper.by) return;
  const hash = hashOf(paper.text);
  // A text that is signed once more, or comes back, was here when it first came.
  const came = own(received, hash) ?? (known ? null : receiptFor(turn, paper));
  const why = strangerWhy(turn.state, paper, came);
  if (why !== null) refuse(turn, paper, why);
  const wanted = {
    papers: { ...papers, [key]: paper },
    received: came === null ? received : { ...received, [hash]: came },
  };
  change(turn, madeRoom(server, wanted, paper, turn.now));
}

function list(turn: Turn, body: JsonObject) {
  const { papers, received } = turn.state;
  const { items, next } = pageOf(Object.entries(papers), pageAfter(body));
  const came = items.map(({ text: said }) => own(received, hashOf(said)) ?? null);
  return { now: turn.now, papers: items, received: came, next };
}

export function askPaper(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['put', 'list']);
  if (op === 'list') {
    reply(turn, id, list(turn, body));
    return;
  }
  put(turn, readPaper(body));
  reply(turn, id, { kept: true });
}
