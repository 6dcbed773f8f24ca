/**
 * Bytes as they came from a socket, in pieces: taken out again without being joined. Only crumbs
 * are gathered, so that a client that sends single bytes costs no more memory than any other.
 */
const CRUMB_BYTES = 512;
const GATHER_BYTES = 16 * 1024;
/** Below this crumbs are not worth a block of their own. */
const FEW_PIECES = 64;

export class Pieces {
  #pieces: Buffer[] = [];
  #start = 0;
  /** The last piece is the beginning of this block, so many bytes of it. */
  #gathered: { block: Buffer; used: number } | null = null;
  #length = 0;
  #pushed = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes that were taken out so far: the position in the stream. */
  get position(): number {
    return this.#pushed - this.#length;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pushed += piece.length;
    this.#length += piece.length;
    if (piece.length > CRUMB_BYTES || this.#pieces.length < FEW_PIECES) {
      this.#gathered = null;
      this.#pieces.push(piece);
    } else this.#gather(piece);
  }

  #gather(crumb: Buffer): void {
    let into = this.#gathered;
    const isLast = into !== null && this.#pieces.length > 0;
    if (!into || !isLast || into.used + crumb.length > GATHER_BYTES) {
      into = { block: Buffer.allocUnsafe(GATHER_BYTES), used: 0 };
      this.#gathered = into;
      this.#pieces.push(into.block.subarray(0, 0));
    }
    crumb.copy(into.block, into.used);
    into.used += crumb.length;
    this.#pieces[this.#pieces.length - 1] = into.block.subarray(0, into.used);
  }

  /** The next `length` bytes, which must be there, in one: for heads, which are short. */
  take(length: number): Buffer {
    const first = this.#pieces[0];
    if (first && first.length - this.#start > length) {
      this.#start += length;
      this.#length -= length;
      return first.subarray(this.#start - length, this.#start);
    }
    const parts = this.takePieces(length);
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** The next `length` bytes, which must be there, as they lie. */
  takePieces(length: number): Buffer[] {
    if (length > this.#length) throw new RangeError(`${length} bytes of ${this.#length}`);
    const parts: Buffer[] = [];
    let left = length;
    let used = 0;
    while (left > 0) {
      const piece = this.#pieces[used] as Buffer;
      const end = Math.min(piece.length, this.#start + left);
      parts.push(piece.subarray(this.#start, end));
      left -= end - this.#start;
      if (end === piece.length) {
        used += 1;
        this.#start = 0;
      } else this.#start = end;
    }
    if (used > 0) this.#pieces.splice(0, used);
    this.#length -= length;
    return parts;
  }
}
