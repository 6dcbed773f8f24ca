/**
 * How two agents agree on a mirror connection before they greet each other over it.
 *
 *     caller   open {mirror, server, salt, keys, packs} ──► called
 *              ◄── open {salt, key, packs}, or refused {code, error}
 *     then both: a MirrorLink, sealed under `key` with both salts, or in clear
 *
 *     caller   move {id} ──► called       over a further net: the connection `id` goes on there
 *              ◄── move {id}
 *
 * Only names of keys are told. Whoever has encryption configured takes no connection in clear.
 */
import type { Json, JsonObject } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Link, RemoteError } from '../../ports/wire.ts';
import type { MirrorDisk } from '../disk.ts';
import { MirrorLink } from './mirror-link.ts';
import { Seal } from './seal.ts';

const METHOD = 'zstd';
/** Letters of a salt, of either side. */
const SALT_LEAST = 8;

export interface FirstFrame {
  header: JsonObject;
  /** What comes until somebody else listens. */
  late: [JsonObject, Uint8Array][];
}

/** The first frame of a fresh link. Rejects when none comes in time; the link is then closed. */
export async function firstFrame(link: Link, clock: Clock, timeoutMs: number): Promise<FirstFrame> {
  const late: FirstFrame['late'] = [];
  return await new Promise((resolve, reject) => {
    let done = false;
    const end = (fn: () => void): void => {
      if (done) return;
      done = true;
      cancel();
      fn();
    };
    const cancel = clock.at(clock.now() + timeoutMs, () =>
      end(() => {
        link.close();
        reject(new RemoteError('mirror.link', `nothing heard within ${timeoutMs} ms`));
      }),
    );
    link.onClose((why) => end(() => reject(new RemoteError('mirror.link', why))));
    link.onFrame((header, payload) => {
      if (done) late.push([header, payload]);
      end(() => resolve({ header, late }));
    });
  });
}

function newSalt(disk: MirrorDisk): string {
  return disk.ports.random.id() + disk.ports.random.id();
}

const isTexts = (value: Json | undefined): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isSalt = (value: Json | undefined): value is string =>
  typeof value === 'string' && value.length >= SALT_LEAST;

const packs = (header: JsonObject): boolean =>
  isTexts(header.packs) && header.packs.includes(METHOD);

function refusal(header: JsonObject): RemoteError {
  return new RemoteError(String(header.code ?? 'mirror.link'), String(header.error ?? 'refused'));
}

/** The calling side. Rejects with RemoteError; the carrier is then to be closed. */
export async function callLink(disk: MirrorDisk, carrier: Link): Promise<MirrorLink> {
  const { server, clock } = disk.ports;
  const { keyring } = disk.line;
  if (keyring && keyring.ids.length === 0) await keyring.load();
  const salt = newSalt(disk);
  const answered = firstFrame(carrier, clock, disk.p.connectTimeoutMs);
  const keys = keyring?.ids ?? [];
  const offer = { t: 'open', mirror: disk.p.name, server, salt, keys, packs: [METHOD] };
  carrier.send(offer).catch(() => {});
  const { header: answer, late } = await answered;
  if (answer.t !== 'open' || !isSalt(answer.salt)) {
    if (answer.code === 'mirror.key') await keyring?.load();
    throw refusal(answer);
  }
  const key = typeof answer.key === 'string' ? answer.key : null;
  const link = linkOf(disk, carrier, `${salt}.${answer.salt}`, key, true, packs(answer));
  link.takeLate(late);
  return link;
}

/** The called side; `first` is what the caller sent. Refuses in words over the carrier. */
export async function answerLink(
  disk: MirrorDisk,
  carrier: Link,
  { header: first, late }: FirstFrame,
): Promise<MirrorLink> {
  if (first.t !== 'open' || !isSalt(first.salt) || !isTexts(first.keys)) {
    throw new RemoteError('mirror.protocol', 'an opening that this version does not understand');
  }
  const key = await commonKey(disk, first.keys);
  const salt = newSalt(disk);
  const link = linkOf(disk, carrier, `${first.salt}.${salt}`, key, false, packs(first));
  link.takeLate(late);
  carrier.send({ t: 'open', salt, key, packs: [METHOD] }).catch(() => {});
  return link;
}

/** Null when neither side encrypts. */
async function commonKey(disk: MirrorDisk, theirs: string[]): Promise<string | null> {
  const { keyring } = disk.line;
  if (!keyring) {
    if (theirs.length === 0) return null;
    throw new RemoteError('mirror.crypto', `${disk.ports.server} does not encrypt this mirror`);
  }
  if (theirs.length === 0) {
    throw new RemoteError('mirror.crypto', `${disk.ports.server} takes encrypted connections only`);
  }
  const common = () => theirs.find((id) => keyring.find(id) !== null);
  // The key file may have been changed while no agent ran to be told.
  if (common() === undefined) await keyring.load();
  const key = common();
  if (key !== undefined) return key;
  throw new RemoteError('mirror.key', 'the key files of the two servers differ');
}

function linkOf(
  disk: MirrorDisk,
  carrier: Link,
  salt: string,
  keyId: string | null,
  calls: boolean,
  peerPacks: boolean,
): MirrorLink {
  const { keyring } = disk.line;
  const key = keyId === null ? null : (keyring?.find(keyId) ?? null);
  if ((key === null) !== (keyring === null)) {
    throw new RemoteError('mirror.crypto', 'encryption is configured on one side only');
  }
  const seal = key ? new Seal(key.bytes, salt, calls) : null;
  return new MirrorLink(carrier, {
    seal,
    id: salt,
    keyId,
    packs: peerPacks,
    compress: disk.line.compresses,
  });
}

/** Caller: the connection goes on over a carrier on another net; nothing is lost meanwhile. */
export async function moveLink(disk: MirrorDisk, link: MirrorLink, carrier: Link): Promise<void> {
  const answered = firstFrame(carrier, disk.ports.clock, disk.p.connectTimeoutMs);
  const { server } = disk.ports;
  carrier.send({ t: 'move', mirror: disk.p.name, server, id: link.id }).catch(() => {});
  const { header: answer } = await answered;
  if (answer.t !== 'move') throw refusal(answer);
  await link.moveTo(carrier);
}

/** Called side: follows when it is the connection that this mirror has. */
export function followLink(disk: MirrorDisk, carrier: Link, first: JsonObject): void {
  const link = disk.pair.session?.link;
  if (!(link instanceof MirrorLink) || link.id !== first.id) {
    throw new RemoteError('mirror.link', 'no such connection to move');
  }
  link.follow(carrier);
  carrier.send({ t: 'move', id: link.id }).catch(() => {});
}

/** Says why, and hangs up once it was said. */
export function refuseLink(carrier: Link, error: unknown): void {
  const code = error instanceof RemoteError ? error.code : 'mirror.link';
  const words = error instanceof Error ? error.message : String(error);
  const close = () => carrier.close();
  carrier.send({ t: 'refused', code, error: words }).then(close, close);
}
