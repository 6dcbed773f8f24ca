/** A cluster's configuration that a person names: a file, or one that ships. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOfBytes } from '../../core/byte-text.ts';
import { badInput } from '../../core/errors.ts';
import { packageRoot } from '../../runbook/language/package-root.ts';

const ENDING = '.clp.conf';
const folder = (): string => join(packageRoot(), 'fixtures', 'clusters');

/** Names of the configurations that ship. */
export function shippedConfigurations(): string[] {
  const files = readdirSync(folder()).filter((name) => name.endsWith(ENDING));
  return files.map((name) => name.slice(0, -ENDING.length)).sort();
}

/** A configuration that ships (by name) or one in a file. */
export function readConfiguration(given: string): { text: string; file: string } {
  const shipped = join(folder(), `${given}${ENDING}`);
  const file = !given.includes('/') && existsSync(shipped) ? shipped : given;
  try {
    return { text: textOfBytes(readFileSync(file)), file };
  } catch (cause) {
    throw badInput(`cannot read the configuration ${given}`, {
      code: 'file.unreadable',
      remedy: `give a clp.conf, or one of ${shippedConfigurations().join(', ')}`,
      cause,
    });
  }
}
