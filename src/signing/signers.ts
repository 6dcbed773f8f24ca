/**
 * Allowed signers: who may sign what, with which key, when (ssh-keygen(1), ALLOWED SIGNERS).
 *
 *   PRINCIPALS [OPTIONS] TYPE BASE64 [COMMENT]
 *   anna@example.com,!root@example.com namespaces="drydock.*",valid-before="20300101Z" ssh-ed25519 …
 *
 * One thing differs from ssh-keygen on purpose: a date without Z is read as UTC, not as the local
 * time of whoever verifies, because every server has to come to the same verdict. A line that
 * cannot be read lets nobody sign; a revoked key that cannot be read lets nobody sign either.
 */
import type { Trust } from '../ports/signatures.ts';
import { type PublicKey, readKeyLine } from './keys.ts';
import { Problem } from './wire.ts';

export interface AllowedSigner {
  principals: string;
  key: PublicKey;
  isAuthority: boolean;
  /** Patterns; null: any. */
  namespaces: string | null;
  validAfter: number | null;
  validBefore: number | null;
}

/** `*` and `?`, without backtracking: a line of signers must not be able to cost time. */
function matches(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      resumeAt = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      t = resumeAt;
      p = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}

/** A list as ssh(1) has it under PATTERNS: one that is negated and fits refuses, whatever else. */
export function matchesList(text: string, list: string): boolean {
  const patterns = list.split(',');
  const isRefused = patterns.some((one) => one.startsWith('!') && matches(text, one.slice(1)));
  return !isRefused && patterns.some((one) => !one.startsWith('!') && matches(text, one));
}

const STAMP = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?$/i;

/** YYYYMMDD[HHMM[SS]][Z] */
function readStamp(text: string, option: string): number {
  const found = STAMP.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (found ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const iso = found ? new Date(at).toISOString() : '';
  const reported = [year, month, day, hour, minute, second].map((part) => String(part));
  const same = iso
    .split(/[-T:.]/)
    .slice(0, 6)
    .map((part) => String(Number(part)));
  if (!found || reported.join() !== same.join())
    throw new Problem(`${option} has no date: ${text}`);
  return at;
}

/** Takes the word at the start, quoted or not; blanks within quotes belong to it. */
function takeWord(text: string): { word: string; rest: string } {
  const found = /^((?:"(?:\\"|[^"])*"|[^ \t"])+)[ \t]+(.*)$/s.exec(text);
  if (!found) throw new Problem('the line is not PRINCIPALS [OPTIONS] TYPE KEY');
  return { word: found[1] as string, rest: found[2] as string };
}

type Options = Pick<AllowedSigner, 'isAuthority' | 'namespaces' | 'validAfter' | 'validBefore'>;

function readOptions(text: string): Options {
  const options: Options = {
    isAuthority: false,
    namespaces: null,
    validAfter: null,
    validBefore: null,
  };
  const seen = new Set<string>();
  for (const one of text.match(/(?:"(?:\\"|[^"])*"|[^,"])+/g) ?? []) {
    const [, name = '', value] = /^([A-Za-z-]+)(?:="((?:\\"|[^"])*)")?$/.exec(one) ?? [];
    const option = name.toLowerCase();
    if (seen.has(option)) throw new Problem(`the option ${option} stands there twice`);
    seen.add(option);
    if (option === 'cert-authority' && value === undefined) options.isAuthority = true;
    else if (option === 'namespaces' && value) options.namespaces = value;
    else if (option === 'valid-after' && value) options.validAfter = readStamp(value, option);
    else if (option === 'valid-before' && value) options.validBefore = readStamp(value, option);
    else throw new Problem(`the option ${one} is not known`);
  }
  const { validAfter, validBefore } = options;
  if (validAfter !== null && validBefore !== null && validBefore <= validAfter) {
    throw new Problem('valid-before lies before valid-after');
  }
  return options;
}

const KEY_TYPE = /^(ssh-|ecdsa-|sk-)[\w@.-]+$/;

/** Null for blank lines and comments. */
function readLine(line: string): AllowedSigner | null {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return null;
  const first = takeWord(text);
  const second = takeWord(first.rest);
  const hasOptions = !KEY_TYPE.test(second.word);
  const options = readOptions(hasOptions ? second.word : '');
  const key = readKeyLine(hasOptions ? second.rest : first.rest);
  return { principals: first.word.replace(/^"(.*)"$/, '$1'), key, ...options };
}

export interface Signers {
  signers: readonly AllowedSigner[];
  /** What is wrong with the lines that cannot be read. */
  problems: readonly string[];
}

function readLines(text: string): Signers {
  const signers: AllowedSigner[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    try {
      const signer = readLine(line);
      if (signer) signers.push(signer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(`line ${index + 1} of the allowed signers: ${error.message}`);
    }
  }
  return { signers, problems };
}

/** The same people sign document after document: what was read last is kept, by its whole text. */
let last: { text: string; read: Signers } | null = null;

export function readSigners(trust: Trust): Signers {
  const text = trust.signers.join('\n');
  if (last?.text !== text) last = { text, read: readLines(text) };
  return last.read;
}

/** Throws a Problem when the key is revoked, or when an entry cannot be read. */
export function demandNotRevoked(trust: Trust, fingerprint: string): void {
  for (const line of trust.revoked.flatMap((entry) => entry.split(/\r?\n/))) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    let revoked = text.split(/[ \t]/)[0] as string;
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(revoked)) {
      try {
        revoked = readKeyLine(text).fingerprint;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        throw new Problem(`a revoked key cannot be read (${text.slice(0, 40)}): ${error.message}`);
      }
    }
    if (revoked === fingerprint) throw new Problem(`the key ${revoked} is revoked`);
  }
}
