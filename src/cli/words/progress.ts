/**
 * One line at the bottom of the terminal that moves, and lines above it that stay. Without a
 * terminal only the lines that stay are printed.
 */
import { inOneLine } from '../../core/visible.ts';
import type { Cli } from '../context.ts';
import { clearLine, drawLine, writeErr } from './terminal.ts';

export interface Progress {
  /** A line that stays. */
  line(text: string): void;
  /** The moving line; empty takes it away. */
  status(text: string): void;
  end(): void;
}

export function openProgress(cli: Cli): Progress {
  let moving = '';
  let isHidden = false;
  const clear = () => {
    if (moving && cli.live && !isHidden) clearLine();
  };
  const draw = () => {
    if (!moving || !cli.live || isHidden) return;
    drawLine(moving);
  };
  cli.moving = {
    hide: () => {
      clear();
      isHidden = true;
    },
    show: () => {
      isHidden = false;
      draw();
    },
  };
  return {
    line: (text) => {
      clear();
      writeErr(`${inOneLine(text)}\n`);
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
      cli.moving = null;
    },
  };
}

/** `1:05`, `2.3 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
