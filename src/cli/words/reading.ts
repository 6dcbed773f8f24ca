/** Text files that a person names. */
import { existsSync, readFileSync } from 'node:fs';
import { textOfBytes } from '../../core/byte-text.ts';
import { badInput } from '../../core/errors.ts';

/** `field`: what named the file, where another file did. */
export function readText(file: string, field?: string): string {
  return read(() => readFileSync(file, 'utf8'), file, field);
}

/** null: there is no such file. One that cannot be read is an error. */
export function readIfThere(file: string): string | null {
  return existsSync(file) ? readText(file) : null;
}

/** The text of a file in any character set, which loses no byte (`core/byte-text.ts`). */
export function readWhole(file: string): string {
  return read(() => textOfBytes(readFileSync(file)), file);
}

function read(text: () => string, file: string, field?: string): string {
  try {
    return text();
  } catch (cause) {
    throw badInput(`cannot read ${file}`, {
      code: 'file.unreadable',
      remedy: 'check its name and that you may read it',
      ...(field ? { place: { file, field } } : {}),
      cause,
    });
  }
}
