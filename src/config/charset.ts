/**
 * The character set of a clp.conf: EUC-JP, SJIS, GB2312, ASCII or UTF-8, as its declaration says,
 * else its `<charset>`. Bytes that are no character of it, and those that a writer would choose
 * otherwise, stay as they are (`core/byte-text.ts`). Where bytes are none of what is declared, and
 * UTF-8, they are taken for that: earlier versions wrote UTF-8 whatever was declared.
 */
import { createRequire } from 'node:module';
import type Iconv from 'iconv-lite';
import { bytesOfText, holdsBytes, textOfBytes } from '../core/byte-text.ts';
import { badInput } from '../core/errors.ts';

let loaded: typeof Iconv | null = null;

/** Half a megabyte of tables: in no bundle, and loaded where a file is in one of those sets. */
function iconv(): typeof Iconv {
  loaded ??= createRequire(import.meta.url)('iconv-lite') as typeof Iconv;
  return loaded;
}

const UNICODE = /^utf-?8$/i;
const UNKNOWN = '\ufffd';

/** `null`: the text is what its bytes say as UTF-8. */
export type Charset = string | null;

/** What the file says of itself, the declaration first; both stand in ASCII. */
function declared(text: string): string[] {
  const [, inHead] = /^\ufeff?<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(text) ?? [];
  const [, within] = /<charset>\s*([\w.:-]+)\s*<\/charset>/.exec(text) ?? [];
  return [inHead, within].filter((name) => name !== undefined);
}

const isAscii = (name: string) => /^(us-?)?ascii$/i.test(name);

const ASCII = Array.from({ length: 0x80 }, (_, point) => String.fromCodePoint(point)).join('');

/** A set that reads ASCII otherwise is not that of a file which says so in ASCII. */
function holdsAscii(charset: string): boolean {
  return iconv().encodingExists(charset) && iconv().decode(Buffer.from(ASCII), charset) === ASCII;
}

/** One character after the other, so that single ones can be kept as bytes. */
function decodeFaithfully(bytes: Uint8Array, charset: string): string {
  const whole = iconv().decode(Buffer.from(bytes), charset, { stripBOM: false });
  if (Buffer.compare(iconv().encode(whole, charset), bytes) === 0) return whole;
  const decoder = iconv().getDecoder(charset, { stripBOM: false });
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const found = decoder.write(Buffer.from(bytes.subarray(at, at + 1)));
    if (found === '') continue;
    const own = bytes.subarray(from, at + 1);
    // What is said of no character may be of an earlier byte, and these be a question mark.
    const isKnown = !found.includes(UNKNOWN);
    const isSame = isKnown && Buffer.compare(iconv().encode(found, charset), own) === 0;
    parts.push(isSame ? found : escaped(own));
    from = at + 1;
  }
  return parts.join('') + escaped(bytes.subarray(from));
}

/** Every byte above ASCII on its own, also where some together would be UTF-8. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => textOfBytes(Uint8Array.of(byte))).join('');
}

/** A file's text as characters, and in which set they stand. */
export function decodeConfiguration(text: string): { text: string; charset: Charset } {
  const bytes = bytesOfText(text);
  const isPlain = bytes.every((byte) => byte < 0x80);
  for (const name of declared(text)) {
    if (UNICODE.test(name)) return { text, charset: null };
    if (isAscii(name)) {
      if (isPlain && declared(text).every(isAscii)) return { text, charset: 'ascii' };
      continue;
    }
    if (!holdsAscii(name)) continue;
    const isFitting = !iconv().decode(Buffer.from(bytes), name).includes(UNKNOWN);
    if (isFitting || holdsBytes(text))
      return { text: decodeFaithfully(bytes, name), charset: name };
  }
  return { text, charset: null };
}

/** The characters as the file's bytes. Throws badInput with the first one that the set lacks. */
export function encodeConfiguration(text: string, charset: Charset, file: string): string {
  if (charset === null) return text;
  const parts: Uint8Array[] = [];
  for (const part of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff]+)/)) {
    if (/^[\udc80-\udcff]/.test(part)) {
      parts.push(bytesOfText(part));
      continue;
    }
    const bytes = iconv().encode(part, charset);
    if (iconv().decode(bytes, charset) !== part) refuseCharacter(part, charset, file);
    parts.push(bytes);
  }
  return textOfBytes(Buffer.concat(parts));
}

function refuseCharacter(text: string, charset: string, file: string): never {
  const lacking = [...text].find((one) => {
    return iconv().decode(iconv().encode(one, charset), charset) !== one;
  });
  const point = (lacking ?? '').codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  throw badInput(`the character set ${charset} of this file lacks ${lacking} (U+${point})`, {
    code: 'configuration.charset',
    place: { file },
    remedy: 'write it with other characters, or save the whole file in UTF-8 with the builder',
  });
}
