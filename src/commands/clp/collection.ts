/**
 * What is collected of a server for an investigation, by type. The manuals say that type5 is the mirror
 * statistics and type6 the cluster statistics (x5 2.3, 2.6), and that what is said by the operating
 * system belongs to it (2.9). The rest is our choice:
 *
 *     type1   all but statistics          type4   the cluster's own logs, the operating system
 *     type2   as type1                    type5   statistics of mirrors
 *     type3   type4, and syslog           type6   statistics of the cluster and the system
 *
 * Of a file its last MiB is taken, of all together so many; what had no room, or could not be read, is
 * named in the archive. Licences and keys are never taken.
 */
import { posix } from 'node:path';
import { bytesOfText, textOfBytes } from '../../core/byte-text.ts';
import { directory } from '../../core/directories.ts';
import { describeError } from '../../core/errors.ts';
import { CONFIG_PATH, LOG_PATH, PERF_DISK_PATH, SCRIPTS_PATH } from '../../core/paths.ts';
import type { Command, Environment } from '../environment.ts';
import { date } from '../os/date.ts';
import { df } from '../os/df.ts';
import { hostname } from '../os/hostname.ts';
import { ip } from '../os/ip.ts';
import { free } from '../os/memory.ts';
import { lsmod } from '../os/modules.ts';
import { mount } from '../os/mount.ts';
import { ps } from '../os/ps.ts';
import { rpm } from '../os/rpm.ts';
import type { Member } from './archive.ts';
import { wordsOf } from './context.ts';

export const TYPES = ['type1', 'type2', 'type3', 'type4', 'type5', 'type6'] as const;
export type CollectionType = (typeof TYPES)[number];

type Part = 'cluster' | 'syslog' | 'system' | 'scripts' | 'mirrors' | 'statistics';

const PARTS: Record<CollectionType, Part[]> = {
  type1: ['cluster', 'syslog', 'system', 'scripts'],
  type2: ['cluster', 'syslog', 'system', 'scripts'],
  type3: ['cluster', 'syslog', 'system'],
  type4: ['cluster', 'system'],
  type5: ['mirrors'],
  type6: ['statistics'],
};

/** Files, and folders with what is below them, so many levels deep. */
const PATHS: Record<Part, [path: string, depth: number][]> = {
  cluster: [
    [CONFIG_PATH, 0],
    [LOG_PATH, 2],
    [`${directory('alert')}/log`, 1],
    [directory('messages'), 1],
  ],
  syslog: [
    ['/var/log/messages', 0],
    ['/var/log/messages.1', 0],
  ],
  system: [],
  scripts: [[SCRIPTS_PATH, 4]],
  mirrors: [[PERF_DISK_PATH, 1]],
  statistics: [
    [`${directory('statistics')}/cluster`, 3],
    [`${directory('statistics')}/system`, 2],
  ],
};

const SYSTEM: Call[] = [
  [hostname],
  [date],
  [ps, '-ef'],
  [df],
  [free],
  [mount],
  [lsmod],
  [rpm, '-qa'],
  [ip, 'addr'],
  [ip, 'n'],
];

const MOST_FILE_BYTES = 1024 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_FILES = 1_000;

class Bundle {
  readonly #members: Member[] = [];
  readonly #leftOut: string[] = [];
  #bytes = 0;

  add(name: string, text: string): void {
    const bytes = bytesOfText(text);
    const isLong = bytes.length > MOST_FILE_BYTES;
    const size = Math.min(bytes.length, MOST_FILE_BYTES);
    const why = this.#whyNot(size);
    if (why !== null) {
      this.leave(name, why);
      return;
    }
    this.#bytes += size;
    const taken = isLong ? textOfBytes(bytes.subarray(-MOST_FILE_BYTES)) : text;
    this.#members.push({ name, text: taken });
    if (isLong) this.leave(name, `only its last ${MOST_FILE_BYTES} bytes are there`);
  }

  #whyNot(size: number): string | null {
    if (this.#members.length >= MOST_FILES) return 'too many files';
    return this.#bytes + size > MOST_BYTES ? 'no room is left' : null;
  }

  leave(name: string, why: string): void {
    if (this.#leftOut.length < MOST_FILES) this.#leftOut.push(`${name}: ${why}\n`);
  }

  /** With a list in that folder of what was left out, if anything was. */
  all(folder: string): Member[] {
    if (this.#leftOut.length === 0) return this.#members;
    return [...this.#members, { name: `${folder}/left-out.txt`, text: this.#leftOut.join('') }];
  }
}

async function addPath(
  env: Environment,
  bundle: Bundle,
  path: string,
  depth: number,
): Promise<void> {
  const names = depth > 0 ? await env.files.list(path).catch(() => []) : [];
  for (const name of names) await addPath(env, bundle, posix.join(path, name), depth - 1);
  if (names.length > 0) return;
  const member = `${env.server}${path}`;
  try {
    const text = await env.files.read(path);
    if (text !== null) bundle.add(member, text);
  } catch (error) {
    // A folder that is empty, or deeper than it should be, is no file.
    if (depth === 0) bundle.leave(member, describeError(error).replaceAll(/\s+/g, ' '));
  }
}

/** A program with its arguments. */
export type Call = [Command, ...args: string[]];

/** What a program prints on that server, and how it ends; one that fails has said why. */
export async function outputOf(
  env: Environment,
  [command, ...args]: Call,
): Promise<{ code: number; text: string }> {
  let shown = '';
  const progress = (text: string) => {
    shown += text;
  };
  const { code, stdout, stderr } = await command.run({ ...env, progress }, args);
  return { code, text: `${shown}${stdout}${stderr}` };
}

async function addSystem(env: Environment, bundle: Bundle, folder: string): Promise<void> {
  for (const call of SYSTEM) {
    const [{ name }, ...args] = call;
    const member = `${folder}/${[name, ...args].join('_')}.txt`;
    try {
      bundle.add(member, (await outputOf(env, call)).text);
    } catch (error) {
      bundle.leave(member, wordsOf(error));
    }
  }
}

/** Of the server of that environment; its files may be reached over the wire. */
export async function collect(env: Environment, type: CollectionType): Promise<Member[]> {
  const bundle = new Bundle();
  for (const part of PARTS[type]) {
    for (const [path, depth] of PATHS[part]) await addPath(env, bundle, path, depth);
    if (part === 'system') await addSystem(env, bundle, `${env.server}/os`);
  }
  return bundle.all(env.server);
}

/** What the operating system says, in a folder of that name. */
export async function collectSystem(env: Environment, folder: string): Promise<Member[]> {
  const bundle = new Bundle();
  await addSystem(env, bundle, folder);
  return bundle.all(folder);
}
