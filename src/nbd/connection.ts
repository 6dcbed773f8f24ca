/**
 * One client of an NBD server, whatever carries its bytes.
 *
 *     greeting ─► negotiation ─► transmission ─► ended
 *
 * Requests are carried out side by side and answered as they end. A client may have only so many
 * requests and bytes under way: `isFull` asks its carrier to read no more of it meanwhile.
 */
import type { NbdExport } from './export.ts';
import { type Exports, greeting, NbdEnd, Negotiation } from './negotiation.ts';
import { Pieces } from './pieces.ts';
import { errorNumber, type NbdRequest, RequestReader, replyHead } from './transmission.ts';
import { commands } from './words.ts';

const MOST_UNDER_WAY = 512;
const MOST_BYTES_UNDER_WAY = 64 * 1024 * 1024;
/**
 * Begun at once, before the answers of these go out: a client with many requests under way works
 * on the first answers while the next requests are carried out, instead of both taking turns.
 */
const AT_ONCE = 8;
const BYTES_AT_ONCE = 256 * 1024;

export interface Carrier {
  send(pieces: readonly Uint8Array[]): void;
  /** Nothing is sent any more; what was sent before still goes out. */
  end(why: string): void;
  /** `isFull` may have changed. */
  changed(): void;
  /** Calls `resume` once what was answered until then has gone out. */
  later(): void;
}

export class NbdConnection {
  readonly #input = new Pieces();
  readonly #carrier: Carrier;
  #isLater = false;
  readonly #negotiation: Negotiation;
  #reader: RequestReader | null = null;
  #export: NbdExport | null = null;
  /** Where in the stream each request under way begins, in their order. */
  readonly #underWay = new Map<number, number>();
  #number = 0;
  #bytes = 0;
  /** Where the request begins of which only a part has come. */
  #start: number | null = null;
  #ended = false;
  #ending: string | null = null;

  constructor(exports: Exports, carrier: Carrier) {
    this.#carrier = carrier;
    this.#negotiation = new Negotiation(exports);
    carrier.send([greeting()]);
  }

  get isFull(): boolean {
    return this.#underWay.size >= MOST_UNDER_WAY || this.#bytes >= MOST_BYTES_UNDER_WAY;
  }

  /** Bytes of the stream before this position are not used any more. */
  get doneUpTo(): number {
    for (const start of this.#underWay.values()) return start;
    return this.#start ?? this.#input.position;
  }

  /** The name of the export that was chosen, or null. */
  get chosen(): string | null {
    return this.#export?.name ?? null;
  }

  receive(chunk: Buffer): void {
    if (this.#ended || this.#ending !== null) return;
    this.#input.push(chunk);
    if (!this.#isLater) this.resume();
  }

  /** Takes what waits, as far as there is room; the rest later. */
  resume(): void {
    this.#isLater = false;
    let begun = 0;
    let bytes = 0;
    try {
      if (!this.#reader) this.#negotiate();
      while (this.#reader && !this.isFull && !this.#ended) {
        if (begun >= AT_ONCE || bytes >= BYTES_AT_ONCE) {
          this.#isLater = true;
          this.#carrier.later();
          return;
        }
        const start = this.#start ?? this.#input.position;
        const request = this.#reader.next(this.#input);
        this.#start = request ? null : start;
        if (!request) break;
        this.#begin(request, start);
        begun += 1;
        bytes += request.length;
      }
    } catch (error) {
      if (!(error instanceof NbdEnd)) throw error;
      this.finish(error.message);
    }
    this.#endIfDone();
  }

  /** Ends once what is under way has been answered. */
  finish(why: string): void {
    if (this.#ended || this.#ending !== null) return;
    this.#ending = why;
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#ending === null || this.#ended) return;
    if (this.#underWay.size === 0 && !this.#isLater) this.#end(this.#ending);
  }

  /** The carrier is gone: nobody hears what is answered from now on. */
  lost(): void {
    this.#ended = true;
  }

  #negotiate(): void {
    this.#export = this.#negotiation.take(this.#input, (bytes) => this.#carrier.send([bytes]));
    if (this.#export) this.#reader = new RequestReader(this.#export);
  }

  #begin(request: NbdRequest, start: number): void {
    const { cookie, error, length, command } = request;
    if (error !== 0) {
      this.#carrier.send([replyHead(cookie, error)]);
      return;
    }
    const bytes = command === commands.read || command === commands.write ? length : 0;
    const number = this.#number++;
    this.#underWay.set(number, start);
    this.#bytes += bytes;
    carryOut(this.#export as NbdExport, request).then(
      (data) =>
        this.#answered(
          number,
          bytes,
          data instanceof Uint8Array ? [replyHead(cookie, 0), data] : [replyHead(cookie, 0)],
        ),
      (why: unknown) => this.#answered(number, bytes, [replyHead(cookie, errorNumber(why))]),
    );
  }

  #answered(number: number, bytes: number, pieces: Uint8Array[]): void {
    const wasFull = this.isFull;
    this.#underWay.delete(number);
    this.#bytes -= bytes;
    if (this.#ended) return;
    this.#carrier.send(pieces);
    if (this.#ending !== null) this.#endIfDone();
    else if (wasFull && !this.#isLater) {
      this.resume();
      this.#carrier.changed();
    }
  }

  #end(why: string): void {
    this.#ended = true;
    this.#carrier.end(why);
  }
}

const NOTHING = Promise.resolve(null);

function carryOut(to: NbdExport, request: NbdRequest): Promise<unknown> {
  const { command, offset, length, fua, pieces } = request;
  if (command === commands.flush) return to.flush();
  // A trim is a hint; what a trimmed block holds is not promised, so both copies keep theirs.
  if (command === commands.trim) return fua ? to.flush() : NOTHING;
  if (length === 0) return NOTHING;
  if (command === commands.read) return to.read(offset, length);
  if (command === commands.write) return to.write(offset, pieces, fua);
  return to.writeZeroes(offset, length, fua);
}
