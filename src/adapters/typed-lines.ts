/**
 * Lines that somebody types, or that come through a pipe in one piece: the reader is opened once
 * and keeps what it has read, so that no answer is lost between two prompts.
 */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface TypedLines {
  /** Shows a prompt and gives the next line; null when the input has ended. */
  ask(prompt: string): Promise<string | null>;
  close(): void;
}

export function typedLines(input: Readable, output: Writable): TypedLines {
  const reader = createInterface({ input, output, terminal: 'isTTY' in input && !!input.isTTY });
  const waiting: string[] = [];
  let isOver = false;
  let wanted: ((line: string | null) => void) | null = null;
  const give = (line: string | null) => {
    const asked = wanted;
    wanted = null;
    if (asked) asked(line);
    else if (line !== null) waiting.push(line);
  };
  reader.on('line', give);
  reader.once('close', () => {
    isOver = true;
    give(null);
  });
  return {
    ask(prompt) {
      reader.setPrompt(prompt);
      if (isOver) output.write(prompt);
      else reader.prompt();
      const line = waiting.shift();
      if (line !== undefined || isOver) return Promise.resolve(line ?? null);
      return new Promise((resolve) => {
        wanted = resolve;
      });
    },
    close: () => reader.close(),
  };
}
