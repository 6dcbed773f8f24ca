/**
 * Files as texts that lose no byte. What is UTF-8 is read as such; a byte that is not becomes one
 * code unit of its own, U+DC80 to U+DCFF, which no UTF-8 holds and which JSON carries. So a file in
 * another character set goes through requests, media and memory as text, and is the same file
 * when it is written again.
 */

const ESCAPES = 0xdc00;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** How many bytes the character takes that begins there; 0 where none does. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // Neither overlong, nor a surrogate, nor beyond the last character.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + size; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

export function textOfBytes(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return strict.decode(bytes);
  } catch {
    // Some of it is no UTF-8.
  }
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = sizeAt(bytes, at);
    if (size === 0) {
      parts.push(strict.decode(bytes.subarray(from, at)));
      parts.push(String.fromCharCode(ESCAPES + (bytes[at] ?? 0)));
      from = at + 1;
    }
    at += size || 1;
  }
  return [...parts, strict.decode(bytes.subarray(from))].join('');
}

/** The same bytes again; half a character that stands for no byte becomes U+FFFD, as elsewhere. */
export function bytesOfText(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!LONE.test(text)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  for (const part of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)) {
    const unit = part.length === 1 ? part.charCodeAt(0) : 0;
    const isByte = unit >= ESCAPES + 0x80 && unit <= ESCAPES + 0xff;
    parts.push(isByte ? Uint8Array.of(unit - ESCAPES) : encoder.encode(part));
  }
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Does it hold bytes that are no UTF-8? */
export function holdsBytes(text: string): boolean {
  return LONE.test(text);
}
