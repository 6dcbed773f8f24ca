/** Text files that a person names. */
import { readFileSync } from 'node:fs';
import { badInput } from '../../core/errors.ts';

/** `field`: what named the file, where another file did. */
export function readText(file: string, field?: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw badInput(`cannot read ${file}`, {
      code: 'file.unreadable',
      remedy: 'check its name and that you may read it',
      ...(field ? { place: { file, field } } : {}),
      cause,
    });
  }
}
