/**
 * Documents of change windows, as the servers of a cluster hold them: asked of all at once, put
 * together, with what each of them lacks. A server that was rebuilt holds none; what the others
 * hold counts for it too.
 */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldByServers, PutAnswer } from '../ports/documents.ts';
import type { PowerView } from '../ports/views.ts';
import { RemoteError } from '../ports/wire.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { type Answered, type Asking, ask, whyUnknown } from './ask.ts';
import { everyPage } from './pages.ts';

interface World {
  wire: Asking;
  clock: Pick<Clock, 'now'>;
  servers: readonly { server: string; timeoutMs: number }[];
}

/** As a person would call it. */
function labelOf({ name, version }: SignedDocument): string {
  return name === 'policy' ? `policy ${version}` : name;
}

function identityOf(document: SignedDocument): string {
  return `${document.name} ${document.version} ${document.text}`;
}

function newestPolicy(documents: readonly SignedDocument[]): number | null {
  const versions = documents.filter(({ name }) => name === 'policy').map(({ version }) => version);
  return versions.length === 0 ? null : Math.max(...versions);
}

/** Each document once; policies by version, then the windows' documents by name. */
function together(held: readonly (readonly SignedDocument[])[]): SignedDocument[] {
  const all = new Map<string, SignedDocument>();
  for (const document of held.flat()) {
    const key = identityOf(document);
    if (!all.has(key)) all.set(key, document);
  }
  return [...all.values()].sort(
    (a, b) => a.name.localeCompare(b.name) || a.version - b.version || a.text.localeCompare(b.text),
  );
}

/** What a server lacks that matters: every window's document, and the newest policy. */
function lackedBy(held: readonly SignedDocument[], all: readonly SignedDocument[]): string[] {
  const own = new Set(held.map(identityOf));
  const newest = newestPolicy(all);
  return all
    .filter((document) => !own.has(identityOf(document)))
    .filter(({ name, version }) => name !== 'policy' || version === newest)
    .map(labelOf);
}

/** A server whose power is off, by its management controller's word, keeps nobody waiting. */
function askHost<T>(
  wire: Asking,
  clock: World['clock'],
  { server, timeoutMs }: World['servers'][number],
  body: Json,
): Promise<Answered<T>> {
  const host = ask<T>(wire, clock, { server, part: 'host' }, body, timeoutMs);
  const bmc = { server, part: 'bmc' as const };
  const power = ask<PowerView>(wire, clock, bmc, { do: 'power.status' }, timeoutMs);
  const off = power.then((said): Answered<T> | Promise<never> => {
    if (said.kind !== 'answer' || said.view.power !== 'off') return new Promise(() => {});
    const message = `the power of ${server} is off`;
    return { kind: 'silence', by: `${server}/host`, at: said.at, code: 'refused', message };
  });
  return Promise.race([host, off]);
}

/** Part of what one server holds. */
interface HeldPage {
  /** Its clock. */
  now: number;
  papers: SignedDocument[];
  /** When each of them came there; null: before it noted that. */
  received: (number | null)[];
  next: string | null;
}

/** All of it, or why it is not known: half of it could hide the newest policy. */
async function heldBy(ask: (more: JsonObject) => Promise<Answered<HeldPage>>) {
  const pages: HeldPage[] = [];
  const unknown = (why: string) => ({ held: null, received: [], now: null, unknown: why });
  let silent: string | null = null;
  try {
    await everyPage(async (more) => {
      const answer = await ask(more);
      silent = whyUnknown(answer);
      if (answer.kind !== 'answer') return { next: null };
      pages.push(answer.view);
      return answer.view;
    });
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return unknown(error.message);
  }
  if (silent !== null) return unknown(silent);
  const held = pages.flatMap(({ papers: documents }) => documents);
  const received = pages.flatMap((page) => page.received);
  return { held, received, now: pages.at(-1)?.now ?? null, unknown: '' };
}

/** By the hash of a text: when the first of all servers had it; null where one had it ever since. */
function earliest(
  reported: readonly { held: SignedDocument[] | null; received: (number | null)[] }[],
) {
  const receipts: Record<string, number | null> = {};
  for (const { held, received } of reported) {
    for (const [index, { text }] of (held ?? []).entries()) {
      const hash = createHash('sha256').update(text).digest('hex');
      const at = received[index] ?? null;
      const known = Object.hasOwn(receipts, hash) ? receipts[hash] : Number.POSITIVE_INFINITY;
      receipts[hash] = at === null || (known ?? null) === null ? null : Math.min(at, known ?? at);
    }
  }
  return receipts;
}

export async function collectDocuments({ wire, clock, servers }: World): Promise<HeldByServers> {
  const body = { do: 'paper', op: 'list' };
  const reported = await Promise.all(
    servers.map(async ({ server, timeoutMs }) => {
      const ask = (more: JsonObject) =>
        askHost<HeldPage>(wire, clock, { server, timeoutMs }, { ...body, ...more });
      return { server, ...(await heldBy(ask)) };
    }),
  );
  const documents = together(reported.map(({ held }) => held ?? []));
  const receipts = earliest(reported);
  const told = reported.map(({ server, held, unknown }) => {
    if (held === null) return [server, { unknown }] as const;
    return [server, { policy: newestPolicy(held), lacks: lackedBy(held, documents) }] as const;
  });
  const clocks = reported.flatMap(({ server, now }) =>
    now === null ? [] : [[server, now] as const],
  );
  return {
    papers: documents,
    servers: Object.fromEntries(told),
    clocks: Object.fromEntries(clocks),
    receipts,
  };
}

/**
 * What time it is for the cluster, ms: whether a window is open is for the servers to say, and a
 * program far from them may have a clock that is wrong. Half of the servers are not later than it.
 */
export function serversNow({ clocks }: Pick<HeldByServers, 'clocks'>, own: number): number {
  const sorted = Object.values(clocks).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? own;
}

export async function putDocument(
  { wire, clock, servers }: World,
  document: SignedDocument,
): Promise<Record<string, PutAnswer>> {
  const body = { do: 'paper', op: 'put', paper: { ...document } } as unknown as Json;
  const answers = await Promise.all(
    servers.map(async ({ server, timeoutMs }): Promise<[string, PutAnswer]> => {
      const answer = await askHost<Json>(wire, clock, { server, timeoutMs }, body);
      if (answer.kind === 'answer') return [server, { kept: true }];
      if (answer.kind === 'refusal' && answer.code !== 'os.off') {
        return [server, { refused: answer.message }];
      }
      return [server, { unknown: whyUnknown(answer) ?? '' }];
    }),
  );
  return Object.fromEntries(answers);
}
