/**
 * One line at the bottom of the terminal that moves, and lines above it that stay. Without a
 * terminal only the lines that stay are printed.
 */
import { type Cli, printable } from './context.ts';

export interface Progress {
  /** A line that stays. */
  line(text: string): void;
  /** The moving line; empty takes it away. */
  status(text: string): void;
  end(): void;
}

export function openProgress(cli: Cli): Progress {
  let moving = '';
  const clear = () => {
    if (moving && cli.live) process.stderr.write('\r\u001b[K');
  };
  const draw = () => {
    if (!moving || !cli.live) return;
    const columns = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(printable(moving).slice(0, columns));
  };
  return {
    line: (text) => {
      clear();
      process.stderr.write(`${printable(text, true)}\n`);
      draw();
    },
    status: (text) => {
      clear();
      moving = text;
      draw();
    },
    end: () => {
      clear();
      moving = '';
    },
  };
}

/** `1:05`, `2.3 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
