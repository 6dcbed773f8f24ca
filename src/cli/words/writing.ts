/** Files that people name: whole under that name, or not there; never over another. */
import { type Content, createDurably, createDurablySync } from '../../adapters/durable-file.ts';
import { badInput } from '../../core/errors.ts';

function unwritable(file: string, why: string, cause?: unknown): Error {
  return badInput(`cannot write ${file}: ${why}`, {
    code: 'file.unwritable',
    remedy: 'name a new file with --out, where there is space and you may write',
    cause,
  });
}

export function writeNew(file: string, content: Content): void {
  let isNew: boolean;
  try {
    isNew = createDurablySync(file, content);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message, cause);
  }
  if (!isNew) throw unwritable(file, 'it is there already');
}

/** The same for lines that come one after the other. */
export async function writeNewLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  let isNew: boolean;
  try {
    isNew = await createDurably(file, lines);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message, cause);
  }
  if (!isNew) throw unwritable(file, 'it is there already');
}
