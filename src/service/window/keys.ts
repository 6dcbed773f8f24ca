/**
 * With which key, and as whom, somebody signs: what is given, else the only key of theirs that the
 * policy knows. The private half may lie in an agent or on a hardware key: only the public half is
 * looked at here.
 */
import { documentOf } from '../../change/documents.ts';
import { canonicalText } from '../../change/text.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Namespace, Signer, Trust } from '../../ports/signatures.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { WindowDocument } from '../../schema/generated/window-document.ts';
import { fingerprintOf, keysOf, verifySignature } from '../../signing/index.ts';
import type { Context } from '../context.ts';

/** The keys of the one who asks, as a port. */
export interface Keys extends Signer {
  /** The file that they named; null: the only key of theirs that the policy knows. */
  named: string | null;
  /** The person of the policy whom they sign as; null: whose key it is. */
  as: string | null;
  isThere(key: string): boolean;
  /** Of FILE.pub, or of FILE where that is public itself; null where neither can be seen. */
  publicLineOf(key: string): string | null;
  /** Keys of this login: `~/.ssh/id_*`, private half or none (an agent has it). */
  own(): { key: string; line: string }[];
}

export interface Identity {
  principal: string;
  key: string;
}

/** People of the policy whose key that is. */
export function principalsOf(line: string, policy: Policy): string[] {
  const fingerprint = fingerprintOf(line);
  const people = policy.people.map(({ principal }) => principal);
  return people.filter((one) => keysOf(trustOf(policy), one).includes(fingerprint));
}

export function trustOf(policy: Policy): Trust {
  return { signers: policy.signers, revoked: policy.revoked ?? [] };
}

function keyFor(keys: Keys, policy: Policy): string {
  const { named } = keys;
  if (named !== null) {
    if (keys.isThere(named)) return named;
    throw badInput(`there is no key ${named}`, {
      code: 'key.unknown',
      remedy: 'name a private key, or the .pub of one that an agent holds',
    });
  }
  const known = keys.own().filter(({ line }) => principalsOf(line, policy).length > 0);
  if (known.length === 1) return known[0]!.key;
  throw badInput(
    known.length === 0
      ? 'none of your SSH keys is one that the policy knows'
      : `${known.length} of your SSH keys are known to the policy`,
    { code: 'key.unnamed', remedy: 'name the one to sign with: --key FILE' },
  );
}

/** Who signs, and with what. Asks nobody: a wrong guess would be somebody else's name. */
export function identityOf(keys: Keys, policy: Policy): Identity {
  const { as } = keys;
  const key = keyFor(keys, policy);
  const line = keys.publicLineOf(key);
  const known = line === null ? [] : principalsOf(line, policy);
  if (as !== null) {
    if (line === null || known.includes(as)) return { principal: as, key };
    throw badInput(`the key ${key} is not one of ${as}'s`, {
      code: 'key.other',
      remedy: known.length ? `it is of ${known.join(', ')}` : 'the policy does not know that key',
    });
  }
  if (known.length === 1) return { principal: known[0]!, key };
  const people = policy.people.map(({ principal }) => principal).join(', ');
  if (known.length > 1) {
    throw badInput(`the key ${key} is of ${known.join(' and of ')}`, {
      code: 'key.shared',
      remedy: 'say as whom you sign: --as PRINCIPAL',
    });
  }
  throw new DrydockError(
    line === null
      ? `whose key ${key} is cannot be seen: there is no ${key}.pub`
      : `the key ${key} is of nobody whom the policy knows`,
    {
      code: 'key.stranger',
      exit: 2,
      remedy: `the policy knows ${people}; name the key with --key, the person with --as`,
    },
  );
}

/** What is to be signed; a version of the policy by its number, a request by its window's name. */
export type SignedThing =
  | { is: 'approval' | 'opening' | 'closing' }
  | { is: 'request'; window: string }
  | { is: 'policy'; version: number };

export interface ToSign {
  document: Policy | WindowDocument;
  identity: Identity;
  namespace: Namespace;
  trust: Trust;
  at: number;
}

/** Signs, and sees that the signature counts before anybody else has to find out. */
export async function signedDocument(
  keys: Keys,
  { document, identity, namespace, trust, at }: ToSign,
): Promise<SignedDocument> {
  const { principal, key } = identity;
  const text = canonicalText(document);
  const signature = await keys.sign(text, namespace, key);
  const verdict = verifySignature(text, signature, { trust, principal, namespace, at });
  if (verdict.ok) return documentOf(document, principal, signature);
  throw new DrydockError(
    `a signature of ${principal} with ${key} would not count: ${verdict.why}`,
    {
      code: 'signature.worthless',
      exit: 4,
      remedy: 'use a key that the policy lets sign, or have the policy changed',
    },
  );
}

/** Whose act this is must be in the policy's list of people, with that role. */
export function needRole(policy: Policy, { principal }: Identity, role: string, act: string): void {
  const person = policy.people.find((one) => one.principal === principal);
  if (person?.roles.includes(role as never)) return;
  const able = policy.people.filter(({ roles }) => roles.includes(role as never));
  const names = able.map((one) => one.principal).join(', ');
  throw new DrydockError(`${principal} may not ${act}: the policy gives no role '${role}'`, {
    code: 'person.role',
    exit: 4,
    remedy: names ? `ask ${names}` : `nobody has that role; the policy needs one who has`,
  });
}

/** Told before somebody is asked for a yes. */
export function tellWhoSigns(ctx: Context, { principal, key }: Identity, what: SignedThing): void {
  ctx.tell({ type: 'signature.prepared', what, principal, key });
}
