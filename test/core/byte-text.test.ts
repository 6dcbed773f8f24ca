/** Every file comes through a text, a request and back as the same bytes. */
import test from 'ava';
import fc from 'fast-check';
import { bytesOfText, holdsBytes, textOfBytes } from '../../src/core/byte-text.ts';

const through = (bytes: Uint8Array) => {
  const sent = Buffer.from(JSON.stringify({ text: textOfBytes(bytes) })).toString('utf8');
  return bytesOfText((JSON.parse(sent) as { text: string }).text);
};

test('any bytes come back from a text that was sent as JSON', (t) => {
  const utf8 = fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text));
  const mixed = fc.array(fc.oneof(utf8, fc.uint8Array({ maxLength: 6 })), { maxLength: 8 });
  fc.assert(
    fc.property(mixed, (parts) => {
      const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
      t.deepEqual(through(bytes), bytes);
    }),
  );
});

test('what is UTF-8 is the text that it says, a byte order mark and all', (t) => {
  const text = '\ufeffé 日本 😀\r\n';
  t.is(textOfBytes(new TextEncoder().encode(text)), text);
  t.false(holdsBytes(text));
});

test('no byte that UTF-8 does not allow passes for a character', (t) => {
  const table: [number[], string][] = [
    [[0xa4, 0xb3], '\udca4\udcb3'],
    [[0xc0, 0xaf], '\udcc0\udcaf'],
    [[0xe0, 0x80, 0x80], '\udce0\udc80\udc80'],
    [[0xed, 0xb2, 0xa4], '\udced\udcb2\udca4'],
    [[0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    [[0x61, 0xe3, 0x81], 'a\udce3\udc81'],
    [[0xe3, 0x81, 0x82, 0x82, 0x61], 'あ\udc82a'],
  ];
  for (const [bytes, expected] of table) {
    t.is(textOfBytes(Uint8Array.from(bytes)), expected);
    t.true(holdsBytes(expected));
  }
});
