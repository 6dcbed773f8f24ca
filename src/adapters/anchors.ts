/**
 * Places elsewhere that keep a checkpoint: a file (on another machine's disk, on a medium that is
 * written once), a git repository, a syslog on another host (RFC 5424).
 *
 *     file:PATH   git:FOLDER   syslog:HOST:PORT   syslog:HOST:PORT/udp
 *
 * Git is its own program with an argument array; only the one file of anchors is committed. Over
 * UDP nobody says that a message came, so TCP (RFC 6587, counted) is the way where none is named.
 */
import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { type Anchors, anchorLine, parseAnchors } from '../audit/anchors.ts';
import { badInput, DrydockError } from '../core/errors.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { appendDurablySync } from './durable-file.ts';

/** Facility 13, log audit; severity 5, notice. */
const PRIORITY = 13 * 8 + 5;
const TIMEOUT_MS = 10_000;
/** What every receiver should take in one datagram (RFC 5424, 6.1). */
const DATAGRAM_BYTES = 2048;

export type AnchorPlace =
  | { kind: 'file'; path: string }
  | { kind: 'git'; folder: string }
  | { kind: 'syslog'; host: string; port: number; by: 'tcp' | 'udp' };

export function parsePlace(text: string): AnchorPlace {
  const [, kind, rest = ''] = /^(file|git|syslog):(.+)$/.exec(text) ?? [];
  if (kind === 'file') return { kind, path: resolve(rest) };
  if (kind === 'git') return { kind, folder: resolve(rest) };
  const found = /^(\[[0-9a-fA-F:]+\]|[^:/]+):(\d{1,5})(\/tcp|\/udp)?$/.exec(rest);
  const port = Number(found?.[2]);
  if (kind === 'syslog' && found && port > 0 && port < 65_536) {
    const host = (found[1] as string).replace(/^\[|\]$/g, '');
    return { kind, host, port, by: found[3] === '/udp' ? 'udp' : 'tcp' };
  }
  throw badInput(`'${text}' is no place for an anchor`, {
    code: 'anchor.place',
    remedy: 'write file:PATH, git:FOLDER, or syslog:HOST:PORT (/udp behind it for datagrams)',
  });
}

function failed(place: string, why: string, cause?: unknown): DrydockError {
  return new DrydockError(`the anchor could not be stored at ${place}: ${why}`, {
    code: 'anchor.failed',
    remedy: 'the checkpoint stands in the record; try again with `drydock audit anchor --to PLACE`',
    cause,
  });
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execa('git', ['-C', folder, ...args], {
    reject: false,
    stripFinalNewline: false,
  });
  if (exitCode === 0) return stdout;
  throw new Error(stderr.trim() || `git ended with ${exitCode ?? 'no exit code'}`);
}

/** One file a host, so that hosts may share a repository. */
export function anchorsFile(host = hostname()): string {
  return `drydock-anchors-${host.replace(/[^\w.-]/g, '_')}.ndjson`;
}

async function keepInGit(folder: string, line: string, about: string): Promise<void> {
  const name = anchorsFile();
  await git(folder, 'rev-parse', '--is-inside-work-tree');
  appendDurablySync(join(folder, name), line);
  await git(folder, 'add', '--', name);
  await git(folder, 'commit', '--quiet', '-m', about, '--', name);
}

/** `at` is the checkpoint's own time, so that equal checkpoints make equal messages. */
export function syslogMessage(line: string, at: string): string {
  const host =
    hostname()
      .replace(/[^\x21-\x7e]/g, '_')
      .slice(0, 255) || '-';
  return `<${PRIORITY}>1 ${at} ${host} drydock ${process.pid} checkpoint - ${line}`;
}

function sendStream(host: string, port: number, message: string): Promise<void> {
  const bytes = Buffer.byteLength(message);
  return new Promise((done, refuse) => {
    const socket = connect({ host, port });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', refuse);
    socket.once('close', (isBroken) => (isBroken ? undefined : done()));
    socket.once('connect', () => socket.end(`${bytes} ${message}`));
    // What a receiver says back is nothing to us, but it must be read for the end to be seen.
    socket.resume();
  });
}

function sendDatagram(host: string, port: number, message: string): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise<void>((done, refuse) => {
    socket.once('error', refuse);
    socket.send(message, port, host, (error) => (error ? refuse(error) : done()));
  }).finally(() => socket.close());
}

/** Over UDP a signature that is too long for a datagram is left out; the hashes are what counts. */
function fitted(line: string, at: string): string {
  const whole = syslogMessage(line, at);
  if (Buffer.byteLength(whole) <= DATAGRAM_BYTES) return whole;
  const { size, head } = JSON.parse(line) as { size: number; head: string };
  return syslogMessage(JSON.stringify({ hash: head, seq: size }), at);
}

/** Keeps the checkpoint of that entry in one place; rejects with words where it could not. */
export async function keepAnchor(entry: JournalEntry, text: string): Promise<void> {
  const place = parsePlace(text);
  const line = anchorLine(entry);
  const { size, at } = JSON.parse(line) as { size: number; at: string };
  try {
    if (place.kind === 'file') appendDurablySync(place.path, line);
    else if (place.kind === 'git') {
      await keepInGit(place.folder, line, `Anchor ${size} entries of drydock's record`);
    } else if (place.by === 'udp') await sendDatagram(place.host, place.port, fitted(line, at));
    else await sendStream(place.host, place.port, syslogMessage(line, at));
  } catch (error) {
    throw failed(text, (error as Error).message, error);
  }
}

/** Every anchor that was ever committed, also where a later commit took its line out. */
async function anchorsInGit(folder: string): Promise<Anchors> {
  const names = readdirSync(folder).filter((name) => /^drydock-anchors-.*\.ndjson$/.test(name));
  const name = names.includes(anchorsFile()) || names.length === 0 ? anchorsFile() : names[0];
  if (names.length > 1 && name !== anchorsFile()) {
    throw badInput(`${folder} has the anchors of ${names.length} hosts`, {
      code: 'anchor.ambiguous',
      remedy: `name one: --anchor git:${join(folder, names[0] as string)}`,
    });
  }
  return committed(folder, name as string);
}

async function committed(folder: string, name: string): Promise<Anchors> {
  const how = ['--patch', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv'];
  const log = await git(folder, 'log', '--reverse', '--format=', ...how, '--', name);
  const lines = log.split('\n').filter((line) => line.startsWith('+{'));
  return parseAnchors(lines.map((line) => line.slice(1)).join('\n'), `git:${name}`);
}

/** `FILE`, `file:FILE`, `git:FOLDER` or `git:FOLDER/FILE`. */
export async function readAnchors(given: string): Promise<Anchors> {
  try {
    if (given.startsWith('git:')) {
      const path = resolve(given.slice('git:'.length));
      if (path.endsWith('.ndjson')) return await committed(dirname(path), basename(path));
      return await anchorsInGit(path);
    }
    const file = given.replace(/^file:/, '');
    return parseAnchors(readFileSync(file, 'utf8'), basename(file));
  } catch (cause) {
    if (cause instanceof DrydockError) throw cause;
    throw badInput(`cannot read the anchors of ${given}: ${(cause as Error).message}`, {
      code: 'anchor.unreadable',
      remedy: 'name a file of anchors, or git:FOLDER of a repository that holds them',
      cause,
    });
  }
}
