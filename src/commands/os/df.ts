/**
 * df: how full a server's file systems are (coreutils 9.1). What an ext file system says of itself is
 * read from its superblock, where its blocks can be read; of others only the size is known. The root
 * file system has 8 GiB, filled by the server's own files: a choice.
 */
import type { Files } from '../../ports/files.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { osCommand, unknownOption } from './host.ts';
import { type Mounted, mountsHere } from './mounted.ts';
import { sourceAt } from './sources.ts';

const KIB = 1024;
const ROOT_BYTES = 8 * KIB ** 3;
/** What an installed system takes. */
const SYSTEM_BYTES = 1536 * KIB ** 2;
const MOST_FILES = 2_000;

interface Row {
  device: string;
  type: string;
  sizeBytes: number;
  usedBytes: number;
  /** Kept back for root. */
  heldBytes: number;
  point: string;
}

/** Bytes of the files below a folder, as far as the first of them. */
async function bytesBelow(
  files: Files,
  path: string,
  left = { files: MOST_FILES },
): Promise<number> {
  let sum = 0;
  for (const name of await files.list(path)) {
    if (left.files-- <= 0) return sum;
    const inside = name.startsWith('/') ? name : `${path.replace(/\/$/, '')}/${name}`;
    const text = await files.read(inside).catch(() => null);
    sum += text === null ? await bytesBelow(files, inside, left) : Buffer.byteLength(text);
  }
  return sum;
}

const MAGIC_AT = 0x38;
const EXT_MAGIC = 0xef53;
const BIG = 0x80;

/** What an ext superblock says; null: there is none. */
export function extUsage(
  block: Uint8Array,
): Pick<Row, 'sizeBytes' | 'usedBytes' | 'heldBytes'> | null {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (block.byteLength < KIB || view.getUint16(MAGIC_AT, true) !== EXT_MAGIC) return null;
  const isBig = (view.getUint32(0x60, true) & BIG) !== 0;
  const whole = (low: number, high: number) =>
    view.getUint32(low, true) + (isBig ? view.getUint32(high, true) * 2 ** 32 : 0);
  const blockBytes = KIB << view.getUint32(0x18, true);
  const [blocks, held, free] = [whole(4, 0x150), whole(8, 0x154), whole(12, 0x158)];
  return {
    sizeBytes: blocks * blockBytes,
    usedBytes: (blocks - free) * blockBytes,
    heldBytes: Math.min(held, free) * blockBytes,
  };
}

async function rowOf(env: Environment, { device, fs, point, sizeBytes }: Mounted): Promise<Row> {
  const named = { device, type: fs, point };
  const source = await sourceAt(env, point).catch(() => null);
  const isReadable = source !== null && source.sizeBytes >= 2 * KIB;
  const start = isReadable ? await source.read(0, 2 * KIB).catch(() => null) : null;
  const known = start === null ? null : extUsage(start.subarray(KIB));
  return { ...named, ...(known ?? { sizeBytes: sizeBytes ?? 0, usedBytes: 0, heldBytes: 0 }) };
}

async function rowsOf(env: Environment): Promise<Row[]> {
  const own = await bytesBelow(env.files, '/');
  const root = {
    device: '/dev/sda1',
    type: 'ext3',
    sizeBytes: ROOT_BYTES,
    heldBytes: 0,
    point: '/',
  };
  const mounts = await mountsHere(env);
  const others = await Promise.all(mounts.map((mount) => rowOf(env, mount)));
  return [{ ...root, usedBytes: SYSTEM_BYTES + own }, ...others];
}

/** The file system that a path lies on. */
function rowFor(rows: readonly Row[], path: string): Row | undefined {
  const lies = ({ point }: Row) => point === '/' || path === point || path.startsWith(`${point}/`);
  const byDevice = rows.find(({ device }) => device === path);
  return byDevice ?? rows.filter(lies).reduce((a, b) => (b.point.length >= a.point.length ? b : a));
}

function human(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < 4) [value, unit] = [value / 1024, unit + 1];
  if (unit === 0) return String(bytes);
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${'KMGT'[unit - 1]}`;
}

function table(rows: readonly Row[], letters: string): string {
  const unit = letters.includes('m') ? KIB ** 2 : KIB;
  const isHuman = letters.includes('h');
  const size = (bytes: number) => (isHuman ? human(bytes) : String(Math.ceil(bytes / unit)));
  const blocks = letters.includes('P') ? '1024-blocks' : unit === KIB ? '1K-blocks' : '1M-blocks';
  const type = letters.includes('T');
  const head = ['Filesystem', ...(type ? ['Type'] : [])];
  const sizes = isHuman
    ? ['Size', 'Used', 'Avail', 'Use%']
    : [blocks, 'Used', 'Available', letters.includes('P') ? 'Capacity' : 'Use%'];
  const cells = rows.map((row) => {
    const free = Math.max(0, row.sizeBytes - row.usedBytes - row.heldBytes);
    const share =
      row.usedBytes + free > 0
        ? `${Math.ceil((row.usedBytes / (row.usedBytes + free)) * 100)}%`
        : '-';
    const numbers = [size(row.sizeBytes), size(row.usedBytes), size(free), share];
    return [row.device, ...(type ? [row.type] : []), ...numbers, row.point];
  });
  const lines = [[...head, ...sizes, 'Mounted on'], ...cells];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => {
          if (at === line.length - 1) return cell;
          const isText = at < head.length;
          return isText
            ? cell.padEnd(Math.max(widths[at]!, at === 0 ? 14 : 4))
            : cell.padStart(Math.max(widths[at]!, 5));
        })
        .join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const options = args.filter((arg) => arg.startsWith('-'));
  const strange = options.find((option) => !/^-[hkmPTa]+$/.test(option));
  if (strange !== undefined) throw unknownOption(strange);
  const letters = options.join('').replaceAll('-', '');
  const rows = await rowsOf(env);
  const paths = args.filter((arg) => !arg.startsWith('-'));
  if (paths.length === 0) return done(table(rows, letters));
  const isThere = async (path: string): Promise<boolean> => {
    if (path === '/' || rows.some(({ point, device }) => [point, device].includes(path)))
      return true;
    const text = path.startsWith('/') ? await env.files.read(path).catch(() => null) : null;
    return text !== null || (path.startsWith('/') && (await env.files.list(path)).length > 0);
  };
  const found: Row[] = [];
  let stderr = '';
  for (const path of paths) {
    if (await isThere(path)) found.push(rowFor(rows, path)!);
    else stderr += `df: ${path}: No such file or directory\n`;
  }
  const stdout = found.length > 0 ? table(found, letters) : '';
  return { code: stderr === '' ? 0 : 1, data: null, stdout, stderr };
}

export const df = osCommand(
  {
    name: 'df',
    summary: 'how full the file systems are',
    usage: ['df [-h|-k|-m] [-P] [-T] [PATH…]'],
    traits: () => ({ changes: false }),
    run,
  },
  { refused: 1, usage: 1 },
);
