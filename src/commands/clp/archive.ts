/**
 * An archive of texts, as `tar -xzf` of any machine reads it: ustar, compressed. Pure but for the
 * compression. Which file comes when, and how many, is for whoever makes one.
 */
import { gzipSync } from 'node:zlib';
import { bytesOfText } from '../../core/byte-text.ts';

export interface Member {
  /** Relative, at most 255 bytes with a part of at most 99 after some `/`. */
  name: string;
  text: string;
}

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** null: no header has room for it. */
function split(name: string): { prefix: string; rest: string } | null {
  const fits = (text: string, most: number) => Buffer.byteLength(text) <= most;
  if (fits(name, NAME_BYTES)) return { prefix: '', rest: name };
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (rest !== '' && fits(rest, NAME_BYTES))
      return fits(prefix, PREFIX_BYTES) ? { prefix, rest } : null;
  }
  return null;
}

export function hasRoomFor(name: string): boolean {
  return split(name) !== null;
}

function header(name: string, size: number, at: number): Buffer {
  const { prefix, rest } = split(name) ?? { prefix: '', rest: '' };
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(rest, 0);
  block.write(octal(0o600, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(at / 1000), 12), 136);
  // The sum is that of the header with blanks in its own place.
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** `at`: of all its files, in ms. A name without room for it is an error of whoever made the list. */
export function archiveOf(members: readonly Member[], at: number): Uint8Array {
  const blocks = members.flatMap(({ name, text }) => {
    if (!hasRoomFor(name)) throw new Error(`no archive has room for the name ${name}`);
    const bytes = bytesOfText(text);
    const fill = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    return [header(name, bytes.length, at), bytes, fill];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}
