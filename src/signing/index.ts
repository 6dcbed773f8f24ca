/**
 * Whether a text bears a person's SSH signature: what `ssh-keygen -Y verify` decides, without that
 * program, so that every server, and an auditor years later, comes to the same verdict.
 *
 * The verdict is about `at`, the instant at which the text says it was signed: a key counts when it
 * was valid then. That a document is not dated wrongly is for the fold to judge (src/change/fold.ts).
 */
import { badInput } from '../core/errors.ts';
import type { SignatureCheck, Trust } from '../ports/signatures.ts';
import { readSignature } from './blob.ts';
import { readKey, readKeyLine } from './keys.ts';
import { type AllowedSigner, demandNotRevoked, matchesList, readSigners } from './signers.ts';
import { Problem } from './wire.ts';

export interface VerifyOptions {
  trust: Trust;
  principal: string;
  namespace: string;
  /** ms since the epoch */
  at: number;
  /** When somebody who is not the signer saw it first; null or left out: nobody knows. */
  receivedAt?: number | null;
}

/** How far the clock of whoever signed may be ahead of another one, or behind it. */
export const CLOCK_SLACK_MS = 5 * 60_000;

/** Why this line does not let the principal sign; null when it does. */
function objection(signer: AllowedSigner, options: VerifyOptions): string | null {
  const { namespaces, validAfter, validBefore } = signer;
  const day = (at: number) => new Date(at).toISOString();
  if (signer.isAuthority) return 'the line is a certificate authority, which is not supported';
  if (namespaces !== null && !matchesList(options.namespace, namespaces)) {
    return `the key may sign in ${namespaces}, not in ${options.namespace}`;
  }
  if (validAfter !== null && options.at < validAfter) {
    return `the key is valid from ${day(validAfter)}, and the text is dated ${day(options.at)}`;
  }
  if (validBefore !== null && options.at > validBefore) {
    return `the key was valid until ${day(validBefore)}, and the text is dated ${day(options.at)}`;
  }
  const receivedAt = options.receivedAt ?? null;
  if (validBefore !== null && receivedAt !== null && receivedAt > validBefore + CLOCK_SLACK_MS) {
    const until = `the key was valid until ${day(validBefore)}`;
    return `${until}, and no server had the text before ${day(receivedAt)}: it came too late`;
  }
  return null;
}

function findSigner(fingerprint: string, options: VerifyOptions): void {
  const { signers, problems } = readSigners(options.trust);
  const bySameKey = signers.filter(({ key }) => key.fingerprint === fingerprint);
  const own = bySameKey.filter(({ principals }) => matchesList(options.principal, principals));
  const objections = own.map((signer) => objection(signer, options));
  if (objections.includes(null)) return;
  const why = objections.find((one) => one !== null);
  if (why) throw new Problem(why);
  const whose = bySameKey.map(({ principals }) => principals).join(', ');
  const reported = whose
    ? `the key ${fingerprint} is that of ${whose}, not of ${options.principal}`
    : `the key ${fingerprint} is not among the allowed signers`;
  throw new Problem([reported, ...problems].join('; '));
}

export function verifySignature(
  text: string,
  armored: string,
  options: VerifyOptions,
): SignatureCheck {
  try {
    if (!Number.isFinite(options.at)) throw new Problem('the text does not say when it was signed');
    // Half a character has no bytes of its own: two such texts would share one signature.
    if (!text.isWellFormed()) throw new Problem('the text is not Unicode');
    const blob = readSignature(armored);
    if (blob.namespace !== options.namespace) {
      throw new Problem(`it was signed for ${blob.namespace}, not for ${options.namespace}`);
    }
    const key = readKey(blob.key);
    key.check(blob.signedData(text), blob.signature);
    demandNotRevoked(options.trust, key.fingerprint);
    findSigner(key.fingerprint, options);
    return { ok: true, fingerprint: key.fingerprint };
  } catch (error) {
    // Whatever else the arithmetic throws at a hostile key: it is not verified.
    return { ok: false, why: error instanceof Problem ? error.message : 'it cannot be verified' };
  }
}

/** `SHA256:…` of a line of a .pub file. */
export function fingerprintOf(publicKeyLine: string): string {
  try {
    return readKeyLine(publicKeyLine).fingerprint;
  } catch (error) {
    throw badInput(`not a public key: ${error instanceof Error ? error.message : error}`, {
      code: 'key.unreadable',
      remedy: 'give the line of a .pub file: TYPE BASE64 COMMENT',
    });
  }
}

/** Fingerprints of the keys that the allowed signers list for a principal, whenever valid. */
export function keysOf(trust: Trust, principal: string): string[] {
  const { signers } = readSigners(trust);
  const own = signers.filter(({ principals }) => matchesList(principal, principals));
  return [...new Set(own.map(({ key }) => key.fingerprint))];
}

/** Those of `principals` for whom the allowed signers list this public key. */
export function signersOf(
  publicKeyLine: string,
  trust: Trust,
  principals: readonly string[],
): string[] {
  const fingerprint = fingerprintOf(publicKeyLine);
  return principals.filter((one) => keysOf(trust, one).includes(fingerprint));
}

/** What is wrong with lines of allowed signers and revoked keys; for whoever writes a policy. */
export function trustProblems(trust: Trust): string[] {
  const revoked = trust.revoked.flatMap((line) => {
    try {
      demandNotRevoked({ signers: [], revoked: [line] }, '');
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
  return [...readSigners(trust).problems, ...revoked];
}
