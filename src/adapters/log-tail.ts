/**
 * Entries that other programs of a server add to its log file, from now on. The file is looked at
 * again and again; what was not ended by a newline yet waits for the next look.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { LogEntry } from '../ports/log.ts';

const EVERY_MS = 100;
const MOST_BYTES = 256 * 1024;

export function tailLog(path: string, onEntry: (entry: LogEntry) => void): () => void {
  const file = openSync(path, 'a+', 0o600);
  let at = fstatSync(file).size;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const look = () => {
    const size = fstatSync(file).size;
    while (at < size) {
      const bytes = Buffer.alloc(Math.min(size - at, MOST_BYTES));
      const length = readSync(file, bytes, 0, bytes.length, at);
      if (length === 0) break;
      at += length;
      const lines = (rest + decoder.write(bytes.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        try {
          onEntry(JSON.parse(line) as LogEntry);
        } catch {
          // A line that was cut off: nothing can be told from it.
        }
      }
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    closeSync(file);
  };
}
