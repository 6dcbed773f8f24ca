/**
 * Whether somebody whom this server knows has signed a document. Who may say what is judged by whoever
 * reads it; but what nobody known has signed is not stored at all, so that it can neither use up the
 * room nor stand where a signed one should.
 *
 *   policy   follows from the versions held, or is the first
 *   window   says whose it is, and bears the signature of a key that some version held lists for
 *            them
 */

import { policyChain } from '../change/policies.ts';
import type { Receipts } from '../change/receipts.ts';
import { hashText } from '../change/text.ts';
import type { JsonObject } from '../core/json.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { verifySignature } from '../signing/index.ts';
import type { HostState } from './state.ts';
import { own } from './turn.ts';

type Held = Pick<HostState, 'papers' | 'received'>;

/** When this server received what it holds; null: before it noted that. */
export function receiptsOf({ papers: documents, received }: Held): Receipts {
  const held = Object.values(documents).map(({ text }) => {
    const hash = hashText(text);
    return [hash, own(received, hash) ?? null] as const;
  });
  return { held: Object.fromEntries(held), unheldAt: null };
}

function fieldsOf({ text }: SignedDocument): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** The versions that count, of the cluster whose policy this server has held for longest. */
function trusted(held: Held) {
  const policies = Object.values(held.papers).filter(({ name }) => name === 'policy');
  const receipts = receiptsOf(held);
  const age = ({ text }: SignedDocument) =>
    receipts.held[hashText(text)] ?? Number.NEGATIVE_INFINITY;
  const byAge = policies.sort((a, b) => (age(a) === age(b) ? 0 : age(a) < age(b) ? -1 : 1));
  for (const cluster of new Set(byAge.map((document) => String(fieldsOf(document).cluster)))) {
    const chain = policyChain(policies, cluster, receipts);
    if (chain.trusted.length > 0) return chain.trusted;
  }
  return [];
}

function policyWhy(held: Held, document: SignedDocument, came: number | null): string | null {
  const others = Object.values(held.papers).filter(({ text }) => text !== document.text);
  const receipts = receiptsOf(held);
  const hash = hashText(document.text);
  const known: Receipts = { ...receipts, held: { ...receipts.held, [hash]: came } };
  const cluster = String(fieldsOf(document).cluster);
  const chain = policyChain([...others, document], cluster, known);
  const isThis = (one: SignedDocument) =>
    one.text === document.text && one.signature === document.signature;
  if (chain.papers.some(isThis)) return null;
  return chain.passedOver.at(-1) ?? chain.untrusted ?? 'it does not follow from what is held';
}

function windowWhy(held: Held, document: SignedDocument): string | null {
  const versions = trusted(held);
  const { at, by } = fieldsOf(document);
  // Signed by another one it would take the place of what its own signer has signed.
  if (by !== document.by)
    return `it is signed by ${document.by}, and says that it is by ${String(by)}`;
  const whys = versions.map(({ signers }) => {
    const verdict = verifySignature(document.text, document.signature, {
      trust: { signers, revoked: [] },
      principal: document.by,
      namespace: 'drydock.window',
      at: Date.parse(String(at)),
    });
    return verdict.ok ? null : verdict.why;
  });
  return whys.includes(null) ? null : (whys.at(-1) ?? null);
}

/**
 * Why nobody whom this server knows has signed it, in words; null when somebody has. `came`: when
 * this server received it, ms; null: before it noted that.
 */
export function strangerWhy(
  held: Held,
  document: SignedDocument,
  came: number | null,
): string | null {
  return document.name === 'policy' ? policyWhy(held, document, came) : windowWhy(held, document);
}
