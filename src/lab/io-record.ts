/**
 * What was written to a mirror and what of it was acknowledged, kept beside the lab as JSON lines:
 * `{b: block, s: sequence}` before a write is sent, `{b, s, a: 1}` once it was acknowledged. A
 * write that was sent and never acknowledged may be there or not; both are right.
 */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Expected {
  /** Newest acknowledged sequence; 0: none. */
  acknowledged: number;
  /** Sequences sent since, of unknown fate. */
  sent: number[];
}

interface Line {
  b: number;
  s: number;
  a?: 1;
}

function linesOf(path: string): Line[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // A writer that was killed may leave half a line at the end: that write was not sent.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

export class IoRecord {
  readonly path: string;
  readonly blocks = new Map<number, Expected>();
  #last = 0;

  constructor(folder: string, mirror: string) {
    this.path = join(folder, `${encodeURIComponent(mirror)}.jsonl`);
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    for (const line of linesOf(this.path)) this.#learn(line);
  }

  nextSequence(): number {
    this.#last += 1;
    return this.#last;
  }

  sent(blocks: number[], sequence: number): void {
    this.#write(blocks.map((b) => ({ b, s: sequence })));
  }

  acknowledged(blocks: number[], sequence: number): void {
    this.#write(blocks.map((b) => ({ b, s: sequence, a: 1 })));
  }

  #write(lines: Line[]): void {
    appendFileSync(this.path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      mode: 0o600,
    });
    for (const line of lines) this.#learn(line);
  }

  #learn({ b, s, a }: Line): void {
    this.#last = Math.max(this.#last, s);
    const known = this.blocks.get(b) ?? { acknowledged: 0, sent: [] };
    const newest = a ? Math.max(known.acknowledged, s) : known.acknowledged;
    const sent = a ? known.sent : [...known.sent, s];
    this.blocks.set(b, { acknowledged: newest, sent: sent.filter((one) => one > newest) });
  }
}
