/**
 * The output of a command that got secrets, without them. A program may print what it was given;
 * what it prints comes in pieces, and a value may lie across two of them.
 *
 *   a value of six characters and more   wherever it stands, its lines and usual encodings too
 *   a shorter one                        where it stands alone: `7` in "7 blocks" and "pin=7",
 *                                        not in "17" or "7th"
 *
 * So a secret of one letter takes that letter out where it is a word, and leaves words whole.
 */
import { maskOf, type Secrets } from './secrets.ts';

/** From this length on a value is no accident inside another word. */
const LONG = 6;
const WORD = /[\p{L}\p{N}\p{M}]/u;

interface Pattern {
  text: string;
  mask: string;
  /** Only where no letter or figure stands beside it. */
  alone: boolean;
}

/** What was printed and cannot be judged before more of it comes. */
export interface Held {
  text: string;
  /** The last character that was let through, for where a word begins. */
  before: string;
}

export const NOTHING_HELD: Held = { text: '', before: '' };

function encodings(value: string): string[] {
  const wellFormed = value.toWellFormed();
  const all = [JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed)];
  return all.filter((text) => text !== value && text.length >= LONG);
}

function patternsOf(secrets: Secrets): Pattern[] {
  const found: Pattern[] = [];
  for (const [name, value] of secrets) {
    if (value.trim() === '') continue;
    const mask = maskOf(name);
    const lines = value
      .split(/\r?\n/)
      .filter((line) => line !== value && line.trim().length >= LONG);
    for (const text of [value, ...lines, ...encodings(value)]) {
      found.push({ text, mask, alone: text.length < LONG });
    }
  }
  return found.sort((a, b) => b.text.length - a.text.length);
}

function isWordAt(text: string, at: number): boolean {
  const code = text.codePointAt(at);
  return code !== undefined && WORD.test(String.fromCodePoint(code));
}

function endsInWord(text: string): boolean {
  const last = [...text.slice(-2)].at(-1);
  return last !== undefined && WORD.test(last);
}

/** Whether what stands beside a short value leaves it a word of its own. */
function standsAlone(before: string, text: string, at: number, pattern: Pattern): boolean {
  const after = at + pattern.text.length;
  // A value of signs, like `-`, is one only where values are written: not in "a-b".
  const isWord = WORD.test(pattern.text);
  if (isWord) return !endsInWord(before) && !isWordAt(text, after);
  return /^$|[\s=:"'(,]$/u.test(before) && /^$|^[\s"'),;]/u.test(text.slice(after, after + 1));
}

/** Puts masks in place of values, in texts that come in pieces. */
export class Masking {
  readonly #patterns: Pattern[];
  readonly #heads: Set<string>;

  constructor(secrets: Secrets) {
    const masks = [...secrets.keys()].map(maskOf);
    // A mask that is there already stays: what was masked once is masked.
    const stored = masks.map((mask) => ({ text: mask, mask, alone: false }));
    this.#patterns = [...stored, ...patternsOf(secrets)];
    this.#heads = new Set(this.#patterns.map(({ text }) => text.charAt(0)));
  }

  /** The whole of a text. */
  all(text: string): string {
    return this.take(NOTHING_HELD, text, true).text;
  }

  /** What may be kept of `held` and what was printed since; the end lets everything go. */
  take(held: Held, added: string, isEnd: boolean): { text: string; held: Held } {
    const text = held.text + added;
    let made = '';
    let { before } = held;
    let at = 0;
    while (at < text.length) {
      if (!this.#heads.has(text.charAt(at))) {
        const from = at;
        while (at < text.length && !this.#heads.has(text.charAt(at))) at += 1;
        made += text.slice(from, at);
        before = text.slice(Math.max(from, at - 2), at);
        continue;
      }
      if (!isEnd && this.#mayGrow(text, at)) break;
      const found = this.#found(before, text, at);
      const taken = found ? found.text : text.charAt(at);
      made += found ? found.mask : taken;
      before = (before + taken).slice(-2);
      at += taken.length;
    }
    return { text: made, held: { text: text.slice(at), before } };
  }

  /** What is left of the text is the beginning of a value, or a short one at the very end. */
  #mayGrow(text: string, at: number): boolean {
    const rest = text.length - at;
    return this.#patterns.some(
      (pattern) =>
        rest < pattern.text.length + (pattern.alone ? 2 : 0) &&
        (rest < pattern.text.length
          ? pattern.text.startsWith(text.slice(at))
          : text.startsWith(pattern.text, at)),
    );
  }

  #found(before: string, text: string, at: number): Pattern | undefined {
    return this.#patterns.find(
      (pattern) =>
        text.startsWith(pattern.text, at) &&
        (!pattern.alone || standsAlone(before, text, at, pattern)),
    );
  }
}
