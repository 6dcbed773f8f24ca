/**
 * clpmdctrl's orders for a running mirror (x5 2.23.1, 2.29), and those that are ours:
 *
 *   --updatekey NAME              both servers read the key file again and go on under the new key
 *   --resize [-force] SIZE NAME   this server's copy takes up SIZE (512-byte sectors, K, M, G, T); a
 *                                 logical volume below is extended to it first, by whole extents
 *   --mdcswitch NAME [PRIORITY]   another mirror disk connect; without PRIORITY the next one (words ours)
 *   --sync | --nosync NAME        writes go to the other copy, or are only noted as difference
 *   --compress | --nocompress NAME   what is sent is compressed, or not (--nocompress ours)
 *   --verify [-mark] NAME         ours: compares both copies; -mark makes what differs a difference
 *   --pause | --resume NAME       ours: the recovery that runs
 *
 * --sync, --nosync, --compress and --mdcswitch hold until the mirror agents start again.
 */
import { mirrorsOf } from '../../config/index.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { AgentRequest } from '../../ports/protocol.ts';
import { RemoteError } from '../../ports/wire.ts';
import { actsDone } from '../data.ts';
import { done, failed, type Report } from '../environment.ts';
import { type Context, mirrorNamed, refused, request, SUCCEEDED } from './context.ts';
import { type Given, usageError, wholeNumber } from './options.ts';

export const CHANGE_OPTIONS = {
  sync: { names: ['--sync'] },
  nosync: { names: ['--nosync'] },
  compress: { names: ['--compress'] },
  nocompress: { names: ['--nocompress'] },
  mdcswitch: { names: ['--mdcswitch'] },
  resize: { names: ['--resize'] },
  resizeForce: { names: ['-force'] },
  updatekey: { names: ['--updatekey'] },
  verify: { names: ['--verify'] },
  mark: { names: ['-mark'] },
  pause: { names: ['--pause'] },
  resume: { names: ['--resume'] },
};

export const CHANGE_MODES = [
  'sync',
  'nosync',
  'compress',
  'nocompress',
  'mdcswitch',
  'resize',
  'updatekey',
  'verify',
  'pause',
  'resume',
] as const;

export type ChangeMode = (typeof CHANGE_MODES)[number];

const UNITS: Record<string, number> = {
  '': 512,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};
const ORDER_TIMEOUT_MS = 60_000;
/** Zeroes have to be written, blocks to be read. */
const LONG_TIMEOUT_MS = 7 * 86_400_000;

/** `500G`: bytes, by powers of 1024; without a unit, sectors. */
export function sizeOf(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12})([KMGT]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (digits !== undefined && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw usageError(`${text} is not a size`, 'give e.g. 500G, 1022M, 4194304K');
}

/** Words after the option, in the order the manual prints them. */
function wordsOf(mode: ChangeMode, rest: readonly string[]): { name: string; word: string | null } {
  const most = mode === 'resize' || mode === 'mdcswitch' ? 2 : 1;
  const extra = rest[most];
  if (extra !== undefined) throw usageError(`unexpected argument ${extra}`);
  const [first, second] = rest;
  if (mode === 'resize') {
    if (first === undefined || second === undefined) throw usageError('--resize SIZE NAME');
    return { name: second, word: first };
  }
  if (first === undefined) throw usageError('the name of a mirror disk resource is missing');
  return { name: first, word: second ?? null };
}

function bodyOf(mode: ChangeMode, mirror: string, word: string | null, given: Given): AgentRequest {
  switch (mode) {
    case 'sync':
    case 'nosync':
      return { do: 'set-option', mirror, option: 'sync', on: mode === 'sync' };
    case 'compress':
    case 'nocompress':
      return { do: 'set-option', mirror, option: 'compress', on: mode === 'compress' };
    case 'mdcswitch': {
      const priority = word === null ? null : wholeNumber(word, 'the priority', 1, 16);
      return { do: 'switch-connect', mirror, priority };
    }
    case 'resize':
      return {
        do: 'resize',
        mirror,
        sizeBytes: sizeOf(word ?? ''),
        force: given.has('resizeForce'),
      };
    case 'updatekey':
      return { do: 'update-key', mirror };
    case 'verify':
      return { do: 'verify', mirror, mark: given.has('mark') };
    default:
      return { do: 'pause', mirror, on: mode === 'pause' };
  }
}

export function checkChange(mode: string, given: Given): void {
  if (mode !== 'resize' && given.has('resizeForce')) throw usageError('-force goes with --resize');
  if (mode !== 'verify' && given.has('mark')) throw usageError('-mark goes with --verify');
}

export async function change(context: Context, mode: ChangeMode, given: Given): Promise<Report> {
  const { env, local } = context;
  const { name, word } = wordsOf(mode, given.rest);
  const mirror = mirrorNamed(context, name);
  const body = bodyOf(mode, mirror, word, given);
  const isLong = mode === 'verify' || mode === 'resize';
  const timeoutMs = isLong ? LONG_TIMEOUT_MS : ORDER_TIMEOUT_MS;
  const order = () => request(env, local, 'agent', body, timeoutMs);
  const reply = (await (body.do === 'resize'
    ? extending(context, body, order)
    : order())) as JsonObject;
  if (mode === 'verify') return verified(mirror, reply);
  const words = mode === 'mdcswitch' ? `${mirror} is connected over ${reply.net}.\n` : '';
  const act = { act: mode, kind: 'mirror', name: mirror, server: local } as const;
  return done(`${words}${SUCCEEDED}`, actsDone(act));
}

type Resize = Extract<AgentRequest, { do: 'resize' }>;

/** Where nothing but the room below stands in the way, the logical volume there is extended. */
async function extending(
  { env, config, local }: Context,
  { mirror, sizeBytes }: Resize,
  order: () => Promise<Json>,
): Promise<Json> {
  try {
    return await order();
  } catch (error) {
    if (!(error instanceof RemoteError && error.code === 'mirror.room')) throw error;
    const resource = mirrorsOf(config).find(({ name }) => name === mirror);
    const device = String(resource?.parameters['diskdev/dppath']);
    await request(env, local, 'host', { do: 'volume.extend', device, sizeBytes }).catch((why) => {
      const isVolume = !(why instanceof RemoteError && why.code === 'device.missing');
      throw isVolume ? why : error;
    });
    return order();
  }
}

function verified(mirror: string, reply: JsonObject): Report {
  const { blocks, differingBlocks, differing, marked, inStep } = reply;
  if (differingBlocks === 0) {
    const words = `${mirror}: both copies are equal (${blocks} blocks of 64 KiB).\n`;
    if (inStep === true) return done(`${words}${SUCCEEDED}`);
    throw refused(`${mirror}: both copies are equal, and not in step`);
  }
  const ranges = (differing as [number, number][]).map(([at, length]) => `  ${at} +${length}`);
  const head = `${differingBlocks} of ${blocks} blocks of 64 KiB differ, in bytes:`;
  const remedy =
    marked === true
      ? `they are marked as difference; recover: clpmdctrl --recovery ${mirror}`
      : 'mark them with -mark, or name the copy that is right with --force';
  return failed([`clpmdctrl: ${mirror}: ${head}`, ...ranges, remedy].join('\n'), 1);
}
