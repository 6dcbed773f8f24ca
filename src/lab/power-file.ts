/**
 * Who cuts the power of a lab's servers where it is not their own chassis: a file for the commands of
 * a platform (src/adapters/power-platforms.ts). It holds passwords, so nobody else may read it.
 *
 *     { "platform": "bmc", "machines": { "server1": { "address": "10.0.9.1", "user": …, "password": … } } }
 *
 * or a clp.conf with a forced stop (src/config/forced-stop.ts). A lab's own clp.conf is none by itself:
 * it may be that of a cluster at work, whose power nobody wants cut by a rehearsal.
 */
import { readFileSync, statSync } from 'node:fs';
import { type PowerEntries, powerCommands } from '../adapters/power-commands.ts';
import { PLATFORMS } from '../adapters/power-platforms.ts';
import { powerSettingsOf } from '../config/index.ts';
import { badInput } from '../core/errors.ts';
import type { PowerControl } from '../ports/power-control.ts';

/** Where the programs of platforms lie. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const OTHERS = 0o077;

function isEntries(value: unknown): value is PowerEntries {
  const { platform, machines, action } = (value ?? {}) as Partial<PowerEntries>;
  const isText = (field: unknown) => typeof field === 'string';
  const isMachine = (one: unknown) =>
    typeof one === 'object' && one !== null && Object.values(one).every(isText);
  const isMap = typeof machines === 'object' && machines !== null && !Array.isArray(machines);
  const isKnown = isText(platform) && (action === undefined || isText(action));
  return isKnown && isMap && Object.values(machines).every(isMachine);
}

const isConfiguration = (text: string) => /^\ufeff?\s*</.test(text);

function entriesOf(text: string, path: string): PowerEntries {
  const settings = powerSettingsOf(text, path);
  if (settings === null) {
    const remedy = 'give a file with <forcestop>, or one with platform and machines';
    throw badInput(`${path}: it configures no forced stop`, { code: 'power.file', remedy });
  }
  const { kind: platform, servers, action } = settings;
  const named = Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform]?.named : undefined;
  const machines = Object.entries(servers).map(([server, { info, fields }]) => {
    return [server, named && info ? { ...fields, [named]: info } : fields] as const;
  });
  const other = Object.hasOwn(PLATFORMS[platform]?.orders ?? {}, action) ? { action } : {};
  return { platform, ...other, machines: Object.fromEntries(machines) };
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
    const text = readFileSync(path, 'utf8');
    value = isConfiguration(text) ? entriesOf(text, path) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('it is no JSON', 'write it as JSON');
    throw error;
  }
  if (!isEntries(value)) {
    throw refuse('it wants platform, and machines with texts by name', 'see drydock lab up --help');
  }
  return powerCommands(value, path, PATH);
}
