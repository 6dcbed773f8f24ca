/**
 * Documents of change windows as this server holds them: the cluster's policy, and the signed documents
 * of its windows. Who may say what is judged by whoever reads them; here it is kept that nothing is
 * lost, that what nobody known has signed is not taken (document-signers.ts), and when each one came.
 *
 *   policy          every version: the versions tell who let whom sign the next
 *   window/ID/HASH  once; the name holds the hash of the text, so it cannot be another one
 *
 * Documents survive a power loss; a system disk restored from an image has what lay on it then.
 */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { bytesOf, madeRoom } from './document-room.ts';
import { strangerWhy } from './document-signers.ts';
import { isObject, text, whole, word } from './fields.ts';
import { pageAfter, pageOf } from './pages.ts';
import { change, own, refusal, reply, type Turn } from './turn.ts';

const PAPER_BYTES = 256 * 1024;
const SIGNATURE_BYTES = 16 * 1024;
const NAME = /^(policy|window\/[A-Za-z0-9][A-Za-z0-9._-]{2,63}\/[0-9a-f]{64})$/;

const hashOf = (said: string) => createHash('sha256').update(said).digest('hex');

/**
 * Under which a document is stored: of a policy every version, of a window's document the one there is. Two
 * clusters may have a policy of one number.
 */
function keyFor(
  documents: Record<string, SignedDocument>,
  { name, version, text: said }: SignedDocument,
): string {
  if (name !== 'policy') return name;
  const key = `policy ${version}`;
  const there = own(documents, key);
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
  return malformed('the text of the document is no JSON object');
}

function readDocument(body: JsonObject): SignedDocument {
  const given = body.paper;
  if (!isObject(given)) return malformed('request paper: no document is given');
  const document: SignedDocument = {
    schema: 'drydock.paper/1',
    name: text(given, 'name'),
    version: whole(given, 'version', 1),
    text: text(given, 'text'),
    by: text(given, 'by'),
    signature: text(given, 'signature'),
  };
  if (given.schema !== document.schema) malformed(`the document is not a ${document.schema}`);
  if (!NAME.test(document.name))
    malformed(`${document.name.slice(0, 100)} is no name for a document`);
  if (document.by.length > 256) malformed('the name of who signed the document is too long');
  if (bytesOf(document.text) > PAPER_BYTES || bytesOf(document.signature) > SIGNATURE_BYTES) {
    malformed(`${document.name} is too large: at most ${PAPER_BYTES / 1024} KiB of text are held`);
  }
  const content = contentOf(document.text);
  if (document.name === 'policy') {
    if (content.version !== document.version) malformed('the policy is of another version inside');
  } else if (!document.name.endsWith(hashOf(document.text))) {
    malformed(`${document.name} is named after another text`);
  }
  return document;
}

function refuse(turn: Turn, document: SignedDocument, why: string): never {
  const { server, papers: documents } = turn.state;
  const clusterOf = ({ text: said }: SignedDocument) => contentOf(said).cluster;
  const isAbove = (one: SignedDocument) =>
    one.name === 'policy' &&
    clusterOf(one) === clusterOf(document) &&
    one.version >= document.version;
  const isOlder = document.name === 'policy' && Object.values(documents).some(isAbove);
  const label = document.name === 'policy' ? `policy ${document.version}` : document.name;
  const code = isOlder ? 'paper.older' : 'paper.stranger';
  throw refusal(code, `${server} does not take ${label}: ${why}`);
}

/** Now; but no two policies at one time, whatever the clock says: their order decides. */
function receiptFor({ state, now }: Turn, { name }: SignedDocument): number {
  if (name !== 'policy') return now;
  const policies = Object.values(state.papers).filter((one) => one.name === 'policy');
  const before = policies.map((one) => own(state.received, hashOf(one.text)) ?? 0);
  return Math.max(now, ...before.map((at) => at + 1));
}

function put(turn: Turn, document: SignedDocument): void {
  const { server, papers: documents, received } = turn.state;
  const key = keyFor(documents, document);
  const known = own(documents, key);
  if (known && known.signature === document.signature && known.by === document.by) return;
  const hash = hashOf(document.text);
  // A text that is signed once more, or comes back, was here when it first came.
  const came = own(received, hash) ?? (known ? null : receiptFor(turn, document));
  const why = strangerWhy(turn.state, document, came);
  if (why !== null) refuse(turn, document, why);
  const wanted = {
    papers: { ...documents, [key]: document },
    received: came === null ? received : { ...received, [hash]: came },
  };
  change(turn, madeRoom(server, wanted, document, turn.now));
}

function list(turn: Turn, body: JsonObject) {
  const { papers: documents, received } = turn.state;
  const { items, next } = pageOf(Object.entries(documents), pageAfter(body));
  const came = items.map(({ text: said }) => own(received, hashOf(said)) ?? null);
  return { now: turn.now, papers: items, received: came, next };
}

export function askDocument(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['put', 'list']);
  if (op === 'list') {
    reply(turn, id, list(turn, body));
    return;
  }
  put(turn, readDocument(body));
  reply(turn, id, { kept: true });
}
