/**
 * The record of writes stored beside the lab as JSON lines: `{b: block, s: sequence}` before a write
 * is sent, `{b, s, a: 1}` once it was acknowledged.
 */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type WriteLine, WriteRecord } from '../cluster/write-record.ts';

function linesOf(path: string): WriteLine[] {
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
    .map((line) => JSON.parse(line) as WriteLine);
}

export class IoRecord extends WriteRecord {
  readonly path: string;

  constructor(folder: string, mirror: string) {
    super();
    this.path = join(folder, `${encodeURIComponent(mirror)}.jsonl`);
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    super.keep(linesOf(this.path));
  }

  protected override keep(lines: readonly WriteLine[]): void {
    appendFileSync(this.path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      mode: 0o600,
    });
    super.keep(lines);
  }
}
