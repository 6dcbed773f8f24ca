/**
 * The record as a Merkle tree, hashed as in RFC 6962: a leaf is the hash of one entry. The root
 * over the first N entries stands for all of them, so that one entry can be shown to be among
 * them (inclusion), and an older root to be of a beginning of the same record (consistency),
 * with a few hashes and without the rest.
 *
 *                 root(7)             proof for d5: d6, h(d4), root(4)
 *              ┌─────┴─────┐          frontier(7):  root(4), h(d4 d5), d6
 *           root(4)        │
 *          ┌───┴───┐     ┌─┴──┐
 *          ·       ·     ·    d6
 *        ┌─┴─┐   ┌─┴─┐ ┌─┴─┐
 *        d0  d1  d2 d3 d4  d5
 */
import { isHash, sha256, sha256Bytes } from './digest.ts';

const BYTES = 32;
const FIRST_CAPACITY = 64;

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const leafInput = Buffer.alloc(1 + BYTES, 0);
const nodeInput = Buffer.alloc(1 + 2 * BYTES, 1);

/** The leaf of an entry, from the entry's hash. */
export function leafHash(entryHash: string): Uint8Array {
  leafInput.write(entryHash, 1, 'hex');
  return sha256Bytes(leafInput);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + BYTES);
  return sha256Bytes(nodeInput);
}

/** The largest power of two below `count` (count > 1). */
function splitOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** The root of no entries at all. */
const EMPTY_ROOT = sha256('');

/** Hashes of equal length side by side: a million of them are one piece of memory. */
class Level {
  #bytes = new Uint8Array(FIRST_CAPACITY * BYTES);
  count = 0;

  push(hash: Uint8Array): void {
    if ((this.count + 1) * BYTES > this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(hash, this.count * BYTES);
    this.count += 1;
  }

  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * BYTES, (index + 1) * BYTES);
  }
}

/** The whole tree: every root and every proof over what was added so far. */
export class MerkleTree {
  /** Of each height, the nodes whose leaves are all there. */
  readonly #levels: Level[] = [new Level()];

  get size(): number {
    return this.#levels[0]!.count;
  }

  add(entryHash: string): void {
    let hash = leafHash(entryHash);
    for (let height = 0; ; height += 1) {
      this.#levels[height] ??= new Level();
      const level = this.#levels[height]!;
      level.push(hash);
      if (level.count % 2 === 1) return;
      hash = nodeHash(level.at(level.count - 2), level.at(level.count - 1));
    }
  }

  /** Whether the entry of that number (from 1) has that hash. */
  hasLeaf(seq: number, entryHash: string): boolean {
    if (seq < 1 || seq > this.size) return false;
    return hexOf(this.#levels[0]!.at(seq - 1)) === hexOf(leafHash(entryHash));
  }

  root(size = this.size): string {
    return size === 0 ? EMPTY_ROOT : hexOf(this.#rangeRoot(0, size));
  }

  /** Roots of the full trees that `size` entries fall into, the largest first. */
  frontier(size = this.size): string[] {
    const found: string[] = [];
    let start = 0;
    while (start < size) {
      let part = 1;
      while (part * 2 <= size - start) part *= 2;
      found.push(hexOf(this.#rangeRoot(start, start + part)));
      start += part;
    }
    return found;
  }

  /** What proves that the entry at `index` (from 0) is among the first `size`. */
  inclusion(index: number, size: number): string[] {
    return this.#path(index, 0, size).map(hexOf);
  }

  /** What proves that the first `from` entries are the beginning of the first `to`. */
  consistency(from: number, to: number): string[] {
    return from === 0 || from === to ? [] : this.#subproof(from, 0, to, true).map(hexOf);
  }

  #rangeRoot(start: number, end: number): Uint8Array {
    const count = end - start;
    const height = Math.log2(count);
    if (Number.isInteger(height) && start % count === 0) {
      return this.#levels[height]!.at(start / count);
    }
    const middle = start + splitOf(count);
    return nodeHash(this.#rangeRoot(start, middle).slice(), this.#rangeRoot(middle, end));
  }

  #path(index: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    if (index < middle) {
      return [...this.#path(index, start, middle), this.#rangeRoot(middle, end)];
    }
    return [...this.#path(index, middle, end), this.#rangeRoot(start, middle)];
  }

  #subproof(from: number, start: number, end: number, isKnown: boolean): Uint8Array[] {
    if (from === end) return isKnown ? [] : [this.#rangeRoot(start, end)];
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      return [...this.#subproof(from, start, middle, isKnown), this.#rangeRoot(middle, end)];
    }
    return [...this.#subproof(from, middle, end, false), this.#rangeRoot(start, middle)];
  }
}

/** The right edge of a tree: enough to add to it and to know its root. */
export interface Frontier {
  size: number;
  hashes: readonly string[];
}

export function addToFrontier({ size, hashes }: Frontier, entryHash: string): Frontier {
  const edge = [...hashes];
  let hash: Uint8Array = leafHash(entryHash);
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    hash = nodeHash(Buffer.from(edge.pop() as string, 'hex'), hash);
  }
  edge.push(hexOf(hash));
  return { size: size + 1, hashes: edge };
}

/** null: these are not the hashes of so many entries. */
export function rootOfFrontier({ size, hashes }: Frontier): string | null {
  const wanted = size.toString(2).replaceAll('0', '').length;
  if (!Number.isSafeInteger(size) || size < 0 || hashes.length !== wanted) return null;
  if (!hashes.every(isHash)) return null;
  if (size === 0) return EMPTY_ROOT;
  const [last, ...rest] = [...hashes].reverse().map((hash) => Buffer.from(hash, 'hex'));
  return hexOf(rest.reduce<Uint8Array>((right, left) => nodeHash(left, right), last as Uint8Array));
}

/** Whether the path leads from the entry at `index` to the root over `size` entries. */
export function provesInclusion(proof: {
  entryHash: string;
  index: number;
  size: number;
  path: readonly string[];
  root: string;
}): boolean {
  const { entryHash, index, size, path, root } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false;
  if (index < 0 || index >= size || ![entryHash, root, ...path].every(isHash)) return false;
  let [place, last] = [index, size - 1];
  let hash = leafHash(entryHash);
  for (const step of path) {
    if (last === 0) return false;
    const other = Buffer.from(step, 'hex');
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(other, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, other);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && hexOf(hash) === root;
}

/** Whether the tree of `from` entries with one root is a beginning of that of `to` with the other. */
export function provesConsistency(proof: {
  from: number;
  to: number;
  path: readonly string[];
  fromRoot: string;
  toRoot: string;
}): boolean {
  const { from, to, path, fromRoot, toRoot } = proof;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to) {
    return false;
  }
  if (![fromRoot, toRoot, ...path].every(isHash)) return false;
  if (from === to) return path.length === 0 && fromRoot === toRoot;
  const steps = Number.isInteger(Math.log2(from)) ? [fromRoot, ...path] : [...path];
  const [first, ...rest] = steps.map((hash) => Buffer.from(hash, 'hex'));
  if (first === undefined) return false;
  let [place, last] = [from - 1, to - 1];
  while (place % 2 === 1) [place, last] = [(place - 1) / 2, Math.floor(last / 2)];
  let [older, newer]: Uint8Array[] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = nodeHash(step, older as Uint8Array);
      newer = nodeHash(step, newer as Uint8Array);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else newer = nodeHash(newer as Uint8Array, step);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return (
    last === 0 && hexOf(older as Uint8Array) === fromRoot && hexOf(newer as Uint8Array) === toRoot
  );
}
