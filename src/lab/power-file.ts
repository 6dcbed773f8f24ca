/**
 * Who cuts the power of a lab's servers where it is not their own chassis: a file for the commands of
 * a platform (src/adapters/power-platforms.ts). It holds passwords, so nobody else may read it.
 *
 *     { "platform": "bmc", "machines": { "server1": { "address": "10.0.9.1", "user": …, "password": … } } }
 */
import { readFileSync, statSync } from 'node:fs';
import { type PowerEntries, powerCommands } from '../adapters/power-commands.ts';
import { badInput } from '../core/errors.ts';
import type { PowerControl } from '../ports/power-control.ts';

/** Where the programs of platforms lie. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const OTHERS = 0o077;

function isEntries(value: unknown): value is PowerEntries {
  const { platform, machines } = (value ?? {}) as Partial<PowerEntries>;
  const isText = (field: unknown) => typeof field === 'string';
  const isMachine = (one: unknown) =>
    typeof one === 'object' && one !== null && Object.values(one).every(isText);
  const isMap = typeof machines === 'object' && machines !== null && !Array.isArray(machines);
  return isText(platform) && isMap && Object.values(machines).every(isMachine);
}

/** Throws badInput where the file cannot be read, is open to others, or says something else. */
export function powerFromFile(path: string): PowerControl {
  const refuse = (words: string, remedy: string) =>
    badInput(`${path}: ${words}`, { code: 'power.file', remedy });
  let value: unknown;
  try {
    if ((statSync(path).mode & OTHERS) !== 0) {
      throw refuse('others may read it, and it holds passwords', 'chmod 600');
    }
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('it is no JSON', 'write it as JSON');
    throw error;
  }
  if (!isEntries(value)) {
    throw refuse('it wants platform, and machines with texts by name', 'see drydock lab up --help');
  }
  return powerCommands(value, path, PATH);
}
