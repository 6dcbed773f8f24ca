/**
 * Whether somebody whom this server knows has signed a paper. Who may say what is judged by whoever
 * reads it; but what nobody known has signed is not kept at all, so that it can neither use up the
 * room nor stand where a signed one should.
 *
 *   policy   follows from the versions held, or is the first
 *   window   says whose it is, and bears the signature of a key that some version held lists for
 *            them
 */
import { hashText } from '../change/papers.ts';
import { policyChain } from '../change/policies.ts';
import type { Receipts } from '../change/receipts.ts';
import type { JsonObject } from '../core/json.ts';
import type { Paper } from '../schema/generated/paper.ts';
import { verifySignature } from '../signing/index.ts';
import type { HostState } from './state.ts';
import { own } from './turn.ts';

type Held = Pick<HostState, 'papers' | 'received'>;

/** When this server received what it holds; null: before it noted that. */
export function receiptsOf({ papers, received }: Held): Receipts {
  const held = Object.values(papers).map(({ text }) => {
    const hash = hashText(text);
    return [hash, own(received, hash) ?? null] as const;
  });
  return { held: Object.fromEntries(held), unheldAt: null };
}

function fieldsOf({ text }: Paper): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** The versions that count, of the cluster whose policy this server has held for longest. */
function trusted(held: Held) {
  const policies = Object.values(held.papers).filter(({ name }) => name === 'policy');
  const receipts = receiptsOf(held);
  const age = ({ text }: Paper) => receipts.held[hashText(text)] ?? Number.NEGATIVE_INFINITY;
  const byAge = policies.sort((a, b) => (age(a) === age(b) ? 0 : age(a) < age(b) ? -1 : 1));
  for (const cluster of new Set(byAge.map((paper) => String(fieldsOf(paper).cluster)))) {
    const chain = policyChain(policies, cluster, receipts);
    if (chain.trusted.length > 0) return chain.trusted;
  }
  return [];
}

function policyWhy(held: Held, paper: Paper, came: number | null): string | null {
  const others = Object.values(held.papers).filter(({ text }) => text !== paper.text);
  const receipts = receiptsOf(held);
  const hash = hashText(paper.text);
  const known: Receipts = { ...receipts, held: { ...receipts.held, [hash]: came } };
  const cluster = String(fieldsOf(paper).cluster);
  const chain = policyChain([...others, paper], cluster, known);
  const isThis = (one: Paper) => one.text === paper.text && one.signature === paper.signature;
  if (chain.papers.some(isThis)) return null;
  return chain.passedOver.at(-1) ?? chain.untrusted ?? 'it does not follow from what is held';
}

function windowWhy(held: Held, paper: Paper): string | null {
  const versions = trusted(held);
  const { at, by } = fieldsOf(paper);
  // Signed by another one it would take the place of what its own signer has signed.
  if (by !== paper.by) return `it is signed by ${paper.by}, and says that it is by ${String(by)}`;
  const whys = versions.map(({ signers }) => {
    const verdict = verifySignature(paper.text, paper.signature, {
      trust: { signers, revoked: [] },
      principal: paper.by,
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
export function strangerWhy(held: Held, paper: Paper, came: number | null): string | null {
  return paper.name === 'policy' ? policyWhy(held, paper, came) : windowWhy(held, paper);
}
