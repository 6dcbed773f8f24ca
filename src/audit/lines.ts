/**
 * A record as bytes, taken apart into lines as strictly as it was written: UTF-8 without a mark at
 * its beginning, each line ended by one newline. What is not so is reported, not mended.
 */

export interface Line {
  text: string;
  /** False: the last line, and its end is missing. */
  isEnded: boolean;
  /** False: these bytes are no UTF-8, and `text` only shows them. */
  isText: boolean;
}

const NEWLINE = 10;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

function readLine(bytes: Uint8Array, isEnded: boolean): Line {
  const text = decode(bytes);
  return { text: text ?? lenient.decode(bytes), isEnded, isText: text !== null };
}

function* linesOf(block: Uint8Array): Iterable<Line> {
  const text = decode(block);
  if (text !== null) {
    for (const line of text.split('\n')) yield { text: line, isEnded: true, isText: true };
    return;
  }
  let start = 0;
  for (let end = start; end !== block.length; start = end + 1) {
    const found = block.indexOf(NEWLINE, start);
    end = found < 0 ? block.length : found;
    yield readLine(block.subarray(start, end), true);
  }
}

/** Whole lines at a time, so that a record need not fit into one string. */
export function* splitLines(chunks: Iterable<Uint8Array>): Iterable<Line> {
  let rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      rest.push(chunk);
      continue;
    }
    const block = Buffer.concat([...rest, chunk.subarray(0, last)]);
    yield* linesOf(block);
    rest = [chunk.subarray(last + 1)];
  }
  const tail = Buffer.concat(rest);
  if (tail.length > 0) yield readLine(tail, false);
}
