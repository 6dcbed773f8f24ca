/**
 * What an application knows of its own writes, sector by sector, and so what a copy may hold.
 *
 *     write w     begun ──► acknowledged ──► durable (FUA, or a flush that began later)
 *                      └──► no answer: it may be there or not, until a copy that serves shows which
 *
 * Every sector names the write it is from and its own place, over and over, so that a sector that
 * is old, foreign, misplaced or half written tells so by itself. A value is right when no write
 * that must be there began after that value was acknowledged. What was acknowledged and not
 * flushed may go with the power of a server, as from a disk's cache; nothing else may.
 *
 * This file knows nothing of the mirror: no colour, generation or map enters here.
 */
import { Buffer } from 'node:buffer';

export const SECTOR = 512;

export interface Write {
  readonly id: number;
  readonly server: string;
  readonly first: number;
  readonly count: number;
  readonly begun: number;
  readonly durable: boolean;
  acknowledgedAt: number | null;
  flushed: boolean;
}

export interface Wrong {
  sector: number;
  found: string;
  expected: string;
}

const MOST_WRONG = 4;

function stampInto(sector: Buffer, id: number, place: number): void {
  for (let at = 0; at < SECTOR; at += 8) {
    sector.writeUInt32BE(id, at);
    sector.writeUInt32BE(place, at + 4);
  }
}

export class Record {
  readonly sectors: number;
  readonly writes = new Map<number, Write>();
  #histories: Write[][];
  #now = 1;
  #lostPowerAt = new Map<string, number>();
  #scratch = Buffer.alloc(SECTOR);
  acknowledged = 0;

  constructor(sizeBytes: number) {
    this.sectors = sizeBytes / SECTOR;
    const blank: Write = {
      id: 0,
      server: '',
      first: 0,
      count: this.sectors,
      begun: 0,
      durable: true,
      acknowledgedAt: 0,
      flushed: true,
    };
    this.writes.set(0, blank);
    this.#histories = Array.from({ length: this.sectors }, () => [blank]);
  }

  /** A moment of the application's own order of things. */
  now(): number {
    return this.#now++;
  }

  begin(server: string, first: number, count: number, durable: boolean): Write {
    const id = this.writes.size;
    const write: Write = {
      id,
      server,
      first,
      count,
      begun: this.now(),
      durable,
      acknowledgedAt: null,
      flushed: false,
    };
    this.writes.set(id, write);
    for (let at = first; at < first + count; at++) this.#histories[at]!.push(write);
    return write;
  }

  bytesOf({ id, first, count }: Write): Uint8Array {
    const bytes = Buffer.alloc(count * SECTOR);
    for (let at = 0; at < count; at++) {
      stampInto(bytes.subarray(at * SECTOR, (at + 1) * SECTOR), id, first + at);
    }
    return bytes;
  }

  acknowledge(write: Write): void {
    write.acknowledgedAt = this.now();
    write.flushed = write.durable;
    this.acknowledged++;
  }

  /** A flush that began at `begunAt` was answered. */
  flushed(begunAt: number): void {
    for (const write of this.writes.values()) {
      if (write.acknowledgedAt !== null && write.acknowledgedAt < begunAt) write.flushed = true;
    }
  }

  lostPower(server: string): void {
    this.#lostPowerAt.set(server, this.now());
  }

  /** What is wrong with bytes of the copy on `server`, as of `asOf` (now, unless told). */
  judge(server: string, firstSector: number, bytes: Uint8Array, asOf = this.#now): Wrong[] {
    const wrong: Wrong[] = [];
    for (let at = 0; at * SECTOR < bytes.length && wrong.length < MOST_WRONG; at++) {
      const sector = firstSector + at;
      const found = this.#read(sector, bytes.subarray(at * SECTOR, (at + 1) * SECTOR));
      const expected = this.#newestThatMustBe(sector, server, asOf);
      const seen = typeof found === 'string' ? found : `write ${found.id}`;
      const isRight =
        typeof found !== 'string' &&
        this.#histories[sector]!.includes(found) &&
        (found.acknowledgedAt === null || found.acknowledgedAt >= expected.begun);
      if (!isRight) wrong.push({ sector, found: seen, expected: `write ${expected.id} or later` });
    }
    return wrong;
  }

  /** Sectors that hold no one write: torn, misplaced, foreign. Of any copy, however old. */
  torn(bytes: Uint8Array): Wrong[] {
    const wrong: Wrong[] = [];
    for (let sector = 0; sector < this.sectors && wrong.length < MOST_WRONG; sector++) {
      const found = this.#read(sector, bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR));
      if (typeof found === 'string') wrong.push({ sector, found, expected: 'a whole sector' });
    }
    return wrong;
  }

  /**
   * The copy with these contents is the one that counts: what it holds is what was written. Only
   * writes that are under way still (`alive`) may yet appear; and what was there before, should
   * this copy lose its power before it serves (not `durably`).
   */
  settle(bytes: Uint8Array, alive: ReadonlySet<Write>, durably = true): void {
    for (let sector = 0; sector < this.sectors; sector++) {
      const history = this.#histories[sector]!;
      const found = this.#read(sector, bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR));
      if (typeof found === 'string') continue;
      const last = history.filter((write) => alive.has(write) && write.id !== found.id);
      const before = history.filter((write) => write.begun < found.begun && !alive.has(write));
      // A change in this sector alone: the same write may have another fate elsewhere.
      const acknowledgedAt = found.acknowledgedAt ?? this.#now;
      if (alive.has(found)) this.#histories[sector] = [history[0]!, found, ...last];
      else if (durably)
        this.#histories[sector] = [{ ...found, acknowledgedAt, flushed: true }, ...last];
      else this.#histories[sector] = [...before, { ...found, acknowledgedAt }, ...last];
    }
  }

  /** The write whose bytes these are in that place, or what they are instead. */
  #read(sector: number, bytes: Uint8Array): Write | string {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const id = buffer.readUInt32BE(0);
    if (id === 0) this.#scratch.fill(0);
    else stampInto(this.#scratch, id, sector);
    if (!buffer.equals(this.#scratch)) return `half of write ${id}, or foreign bytes`;
    const inSector = this.#histories[sector]!.find((write) => write.id === id);
    const write = inSector ?? this.writes.get(id);
    if (!write) return `a write ${id} that nobody made`;
    const isThere = write.first <= sector && sector < write.first + write.count;
    return isThere ? write : `write ${id}, which was not made there`;
  }

  #newestThatMustBe(sector: number, server: string, asOf: number): Write {
    let newest = this.#histories[sector]![0]!;
    for (const write of this.#histories[sector]!) {
      if (write.begun > newest.begun && this.#mustBe(write, server, asOf)) newest = write;
    }
    return newest;
  }

  #mustBe({ acknowledgedAt, flushed, server: by }: Write, server: string, asOf: number): boolean {
    if (acknowledgedAt === null || acknowledgedAt > asOf) return false;
    if (flushed) return true;
    const lostAt = (name: string) => this.#lostPowerAt.get(name) ?? 0;
    return lostAt(server) < acknowledgedAt && lostAt(by) < acknowledgedAt;
  }
}
