/** References to characters in a clp.conf: read for what they mean, kept as they were written. */

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What XML may hold at all; a reference to something else stays what it is. */
function characterOf(point: number): string | null {
  const isControl = point < 0x20 && point !== 9 && point !== 10 && point !== 13;
  const isNone = (point >= 0xd800 && point < 0xe000) || (point & 0xfffe) === 0xfffe;
  return isControl || isNone || point > 0x10ffff ? null : String.fromCodePoint(point);
}

export function decodeEntities(raw: string): string {
  return raw.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, decimal?: string, hex?: string) => {
      if (name) return NAMED[name] ?? whole;
      return characterOf(decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16)) ?? whole;
    },
  );
}

export function encodeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Within quotation marks. */
export function encodeAttribute(text: string): string {
  return encodeText(text).replaceAll('"', '&quot;');
}
