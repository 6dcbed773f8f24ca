/**
 * What a person does to a server through this program, and what people typed on the servers
 * themselves, for the record. An operator in need is not kept from a command because the disk of
 * this host is full: then it is said that nothing is recorded.
 */
import { sha256 } from '../audit/chain.ts';
import { redactArgv } from '../audit/redact-argv.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { HandNote } from '../ports/authority.ts';
import type { Commands } from '../ports/commands.ts';
import type { Journal, NewEntry, RecordReader } from '../ports/journal.ts';
import type { Topology } from '../schema/generated/topology.ts';
import type { Context } from './context.ts';
import { noteDown, type Recording } from './records.ts';

const SEEN = 'command.seen';

export interface CommandEnded {
  /** `clp`, `lab exec` or `lab fault`. */
  via: string;
  server: string | null;
  argv: readonly string[];
  exitCode: number | null;
  /** What it printed; the record keeps its SHA-256. null: it prints nothing. */
  output: { stdout: string; stderr: string } | null;
}

/** Recorded before the command runs: who does it. The answer records how it ended. */
export async function recordCommand(ctx: Context): Promise<(ended: CommandEnded) => Promise<void>> {
  let journal: Recording;
  try {
    journal = await ctx.records.open();
    await journal.begin();
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    ctx.tell({ type: 'record.unwritten', what: 'this command', why: error.message });
    return async () => {};
  }
  return async ({ via, server, argv, exitCode, output }) => {
    const { real, effective, terminal } = ctx.login;
    const digests = output
      ? { stdout: sha256(output.stdout), stderr: sha256(output.stderr) }
      : null;
    const body: JsonObject = {
      via,
      server,
      argv: redactArgv(argv),
      exitCode,
      output: digests,
      login: { real: { ...real }, effective: { ...effective }, terminal },
    };
    await noteDown(ctx, journal, { run: null, type: 'command.ran', body });
    await journal.close();
  };
}

/** A note is recorded when it is first seen, and once more when its command has ended since. */
function keyOf(cluster: string, server: string, { id, endedAt }: HandNote): string {
  return [cluster, server, id, endedAt === null ? 'runs' : 'ended'].join(' ');
}

/** Keys of the notes that the record holds. */
async function seenBefore(journal: RecordReader, wanted: Set<string>): Promise<Set<string>> {
  const seen = new Set<string>();
  if (wanted.size === 0) return seen;
  for await (const page of journal.pages({ newestFirst: true })) {
    for (const { text } of page) {
      if (!text.includes(`"type":"${SEEN}"`)) continue;
      const { key } = (JSON.parse(text) as { body: { key?: unknown } }).body;
      if (typeof key === 'string' && wanted.has(key)) seen.add(key);
    }
    if (seen.size === wanted.size) break;
  }
  return seen;
}

function entryOf(cluster: string, server: string, note: HandNote): NewEntry {
  const { id, at, endedAt, login, byCluster, argv, window, emergency, refused, exitCode, during } =
    note;
  const body: JsonObject = {
    key: keyOf(cluster, server, note),
    cluster,
    server,
    note: id,
    startedAt: new Date(at).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    login: login as unknown as Json,
    ...(byCluster ? { byCluster } : {}),
    argv: redactArgv(argv),
    window,
    emergency,
    refused,
    ...(during && during.length > 0 ? { during } : {}),
    exitCode,
  };
  return { run: null, type: SEEN, body };
}

/**
 * Takes over what the servers noted of commands typed on them. Again and again to the same end:
 * what the record holds already is left out. A server that does not answer is asked another time.
 */
export async function collectNotes(
  ctx: Pick<Context, 'tell'>,
  cluster: { door: { commands: Pick<Commands, 'typed'> }; topology: Topology },
  journal: Pick<Journal, 'append' | 'pages'>,
): Promise<{ seen: number; silent: string[] }> {
  const { servers, id: uuid } = cluster.topology;
  const silent: string[] = [];
  const found: { key: string; entry: NewEntry }[] = [];
  await Promise.all(
    servers.map(async ({ name }) => {
      try {
        for (const note of await cluster.door.commands.typed(name)) {
          found.push({ key: keyOf(uuid, name, note), entry: entryOf(uuid, name, note) });
        }
      } catch (error) {
        silent.push(`${name}: ${(error as Error).message}`);
      }
    }),
  );
  const before = await seenBefore(journal, new Set(found.map(({ key }) => key)));
  const fresh = found.filter(({ key }) => !before.has(key)).map(({ entry }) => entry);
  fresh.sort((a, b) => (String(a.body.startedAt) < String(b.body.startedAt) ? -1 : 1));
  if (fresh.length > 0) {
    await journal.append(fresh);
    ctx.tell({ type: 'notes.recorded', count: fresh.length });
  }
  return { seen: fresh.length, silent };
}
