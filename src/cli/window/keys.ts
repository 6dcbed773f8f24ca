/**
 * With which key, and as whom, somebody signs: what is given, else the only key of theirs that the
 * policy knows. The private half may lie in an agent or on a hardware key: only the public half is
 * looked at here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sshKeygen } from '../../adapters/ssh-keygen.ts';
import { canonicalText, paperOf } from '../../change/papers.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Namespace, Trust } from '../../ports/signatures.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowPaper } from '../../schema/generated/window-paper.ts';
import { fingerprintOf, keysOf, verifySignature } from '../../signing/index.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';

export interface Identity {
  principal: string;
  key: string;
}

/** The public line of a key: of FILE.pub, or of FILE where that is public itself. */
export function publicLineOf(key: string): string | null {
  for (const file of [`${key}.pub`, key]) {
    if (!existsSync(file)) continue;
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    if (/^(ssh-|ecdsa-|sk-)\S+ \S+/.test(line)) return line.trim();
  }
  return null;
}

/** Keys of this login: `~/.ssh/id_*`, private half or none (an agent has it). */
export function ownKeys(folder = join(homedir(), '.ssh')): { key: string; line: string }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^id_.*\.pub$/.test(name));
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const line = publicLineOf(file.slice(0, -'.pub'.length));
    if (!line) return [];
    const bare = file.slice(0, -'.pub'.length);
    return [{ key: existsSync(bare) ? bare : file, line }];
  });
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

function givenKey(args: Args): string | null {
  if (typeof args.key === 'string') return args.key;
  const { DRYDOCK_KEY } = process.env;
  return DRYDOCK_KEY ? DRYDOCK_KEY : null;
}

function keyFor(args: Args, policy: Policy): string {
  const given = givenKey(args);
  if (given !== null) {
    if (existsSync(given)) return given;
    throw badInput(`there is no key ${given}`, {
      code: 'key.unknown',
      remedy: 'name a private key, or the .pub of one that an agent holds',
    });
  }
  const known = ownKeys().filter(({ line }) => principalsOf(line, policy).length > 0);
  if (known.length === 1) return known[0]!.key;
  throw badInput(
    known.length === 0
      ? 'none of your SSH keys is one that the policy knows'
      : `${known.length} of your SSH keys are known to the policy`,
    { code: 'key.unnamed', remedy: 'name the one to sign with: --key FILE' },
  );
}

/** Who signs, and with what. Asks nobody: a wrong guess would be somebody else's name. */
export function identityOf(args: Args, policy: Policy): Identity {
  const key = keyFor(args, policy);
  const line = publicLineOf(key);
  const known = line === null ? [] : principalsOf(line, policy);
  if (typeof args.as === 'string') {
    if (line === null || known.includes(args.as)) return { principal: args.as, key };
    throw badInput(`the key ${key} is not one of ${args.as}'s`, {
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

export interface ToSign {
  document: Policy | WindowPaper;
  identity: Identity;
  namespace: Namespace;
  trust: Trust;
  at: number;
}

/** Signs, and sees that the signature counts before anybody else has to find out. */
export async function signedPaper({
  document,
  identity,
  namespace,
  trust,
  at,
}: ToSign): Promise<Paper> {
  const { principal, key } = identity;
  const text = canonicalText(document);
  const signature = await sshKeygen().sign(text, namespace, key);
  const verdict = verifySignature(text, signature, { trust, principal, namespace, at });
  if (verdict.ok) return paperOf(document, principal, signature);
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

export function sayWhoSigns(cli: Cli, { principal, key }: Identity, what: string): void {
  cli.say(`${what} is to be signed by ${principal}, with ${key}`);
}
