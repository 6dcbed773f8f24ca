/** What a benchmark hands over, how it is told, and the few sums they share. */
import { cpus, release, totalmem } from 'node:os';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal: number | null;
  /** What a person would use instead, measured in the same run; null when it is not installed. */
  peer: { name: string; value: number } | null;
  note?: string;
}

export interface Benchmark {
  name: string;
  run(say: (words: string) => void): Promise<Figure[]>;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Milliseconds that `act` takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

export function machine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model ?? 'cpu'}, ${gib} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

function rounded(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table, as the README holds it. */
export function asTable(figures: Figure[]): string {
  const rows = figures.map(({ name, value, unit, goal, peer, note }) => [
    name,
    `${rounded(value)} ${unit}`,
    goal === null ? '' : `${rounded(goal)} ${unit}`,
    peer ? `${rounded(peer.value)} ${unit} (${peer.name})` : '',
    note ?? '',
  ]);
  const head = ['figure', 'measured', 'goal, at most', 'instead', 'note'];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
