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
