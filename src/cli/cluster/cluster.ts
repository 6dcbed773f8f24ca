/**
 * The cluster that a verb means: by its name (a file of the inventory, or one that its kind finds
 * by itself), or by a folder; without `--cluster`, the only one there is. Opened by its kind.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Cluster as ServedCluster } from '../../service/context.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import type { Found } from './kind.ts';
import { kindOf, kinds } from './kinds.ts';

/**
 * A cluster as the command line has it. Its door has the four ports and says what its kind cannot
 * do; `perform` is its means for physical acts (`done: false`: a person has to do it).
 */
export interface Cluster extends ServedCluster {
  /**
   * The program, with its arguments, that acts on a server as if typed there at this terminal.
   * Throws `server.unknown`.
   */
  typed(server: string, argv: readonly [string, ...string[]]): TypedProgram;
}

export interface TypedProgram {
  file: string;
  args: string[];
  /** With these variables it writes its data on file descriptor 3; null: it cannot. */
  env: Record<string, string> | null;
}

const ENDING = '.yaml';

/** A cluster by its name, or the file that should tell of one and why it does not. */
export type Known = Found | { name: string; file: string; problem: DrydockError };

export function inventoryFile({ inventory }: Pick<Cli, 'inventory'>, name: string): string {
  return join(inventory, `${name}${ENDING}`);
}

/** Names only: nothing is read. */
export function inventoryNames({ inventory }: Pick<Cli, 'inventory'>): string[] {
  if (!existsSync(inventory)) return [];
  const files = readdirSync(inventory).filter((one) => one.endsWith(ENDING) && one[0] !== '.');
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}

async function fromInventory(cli: Pick<Cli, 'inventory'>): Promise<Known[]> {
  const names = inventoryNames(cli);
  if (names.length === 0) return [];
  const { readEntry } = await import('./entry.ts');
  return names.map((name) => {
    const file = inventoryFile(cli, name);
    try {
      const entry = readEntry(file);
      return { name, entry, place: kindOf(entry.kind).placeOf(entry), file };
    } catch (problem) {
      if (!(problem instanceof DrydockError)) throw problem;
      return { name, file, problem };
    }
  });
}

/** Every cluster that can be meant by a name; one that has an entry and is found besides, twice. */
async function everyName(cli: Cli): Promise<Known[]> {
  return [...(await fromInventory(cli)), ...kinds.flatMap((kind) => kind.own(cli.home))];
}

/** Of those that have the same place the first. */
function once(all: readonly Known[]): Known[] {
  const places = new Set<string>();
  return all.filter((known) => {
    if ('problem' in known) return true;
    return !places.has(known.place) && places.add(known.place);
  });
}

/** Every cluster, once. */
export async function allClusters(cli: Cli): Promise<Known[]> {
  return once(await everyName(cli));
}

function inFolder(cli: Cli, folder: string): Found[] {
  return kinds.flatMap((kind) => kind.inFolder(folder, cli.home) ?? []);
}

function beginning(): string {
  return kinds.flatMap(({ begin }) => begin ?? []).join(', or ');
}

function unknownCluster(given: string | null, names: string[]): DrydockError {
  return badInput(given ? `there is no cluster '${given}'` : 'no cluster is up', {
    code: 'cluster.unknown',
    remedy: given && names.length ? suggestion(given, names) : beginning(),
  });
}

/** Where there are several of a name, or no name was given. */
function ambiguous(given: string | null, found: readonly Known[]): DrydockError {
  if (given === null) {
    const names = found.map(({ name }) => name).join(', ');
    return badInput(`there are ${found.length} clusters: ${names}`, {
      code: 'cluster.ambiguous',
      remedy: 'name one with --cluster',
    });
  }
  const places = found.map((known) => ('problem' in known ? known.file : known.place));
  return badInput(`there are ${found.length} clusters '${given}': ${places.join(', ')}`, {
    code: 'cluster.ambiguous',
    remedy: 'rename the file of the inventory, or name the folder with --cluster',
  });
}

/** The cluster that is meant, not opened yet; null: there is none of that name, or none at all. */
export async function findIfAny(cli: Cli, args: Args): Promise<Found | null> {
  const given = typeof args.cluster === 'string' ? args.cluster : null;
  const named = given === null ? await allClusters(cli) : null;
  const found =
    named ??
    (given?.includes('/')
      ? inFolder(cli, given)
      : once((await everyName(cli)).filter(({ name }) => name === given)));
  const [only, ...others] = found;
  if (only === undefined) return null;
  if (others.length > 0) throw ambiguous(given, found);
  if ('problem' in only) throw only.problem;
  return only;
}

/** Throws `cluster.unknown` or `cluster.ambiguous`, or what is wrong with its entry. */
export async function findCluster(cli: Cli, args: Args): Promise<Found> {
  const found = await findIfAny(cli, args);
  if (found !== null) return found;
  const given = args.cluster === undefined ? null : String(args.cluster);
  throw unknownCluster(
    given,
    (await everyName(cli)).map(({ name }) => name),
  );
}

export async function openCluster(cli: Cli, args: Args): Promise<Cluster> {
  const found = await findCluster(cli, args);
  return kindOf(found.entry.kind).open(found);
}
