/**
 * dd (coreutils 9.1): a partition into a file, so that its journal can be replayed without a write to
 * the partition itself (v3 11.8.2; the file can be mounted with `-o loop`), and files and zeros into
 * files; and zeros over a whole partition, until it is full, which ends with 1 (v3 6.4). Anything else
 * is not written to devices.
 *
 *     dd if=PARTITION|FILE|/dev/zero|/dev/urandom of=FILE [bs=SIZE] [count=N] [skip=N] [status=none]
 *     dd if=/dev/zero of=PARTITION [bs=SIZE] [status=none]
 */
import { bytesOfText, textOfBytes } from '../../core/byte-text.ts';
import { type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';
import { writeImage } from './image.ts';
import { deviceSource } from './sources.ts';

const UNITS: Record<string, number> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  K: 1024,
  kB: 1000,
  M: 1024 ** 2,
  MB: 1000 ** 2,
  G: 1024 ** 3,
};
const MOST_BYTES = 64 * 1024 * 1024;
const NAMES = ['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'status', 'conv', 'iflag', 'oflag'];

interface Operands {
  from: string;
  to: string;
  block: number;
  count: number | null;
  skip: number;
  isQuiet: boolean;
}

function numberOf(text: string): number {
  const found = /^(\d+)(c|w|b|kB|K|k|MB|M|G|KiB|MiB|GiB)?$/.exec(text);
  if (!found) throw new Usage(`invalid number: '${text}'`);
  const unit = (found[2] ?? '').replace('iB', '').replace(/^k$/, 'K');
  return Number(found[1]) * UNITS[unit]!;
}

function operandsOf(args: string[]): Operands {
  const given = new Map(
    args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] as const),
  );
  for (const [index, name] of [...given.keys()].entries()) {
    if (!NAMES.includes(name)) throw new Usage(`unrecognized operand ${args[index]}`);
  }
  const block = numberOf(given.get('bs') ?? given.get('ibs') ?? '512');
  if (block === 0) throw new Usage(`invalid number: '${given.get('bs')}'`);
  const count = given.has('count') ? numberOf(given.get('count')!) : null;
  const skip = numberOf(given.get('skip') ?? '0');
  const [from, to] = [given.get('if') ?? '', given.get('of') ?? ''];
  const isDevice = to.startsWith('/dev/');
  if (!from.startsWith('/') || !to.startsWith('/') || (isDevice && from !== '/dev/zero')) {
    throw new Usage('say if=PARTITION and of=FILE, both from / on');
  }
  if (isDevice && count !== null) throw new Usage(`${to} is cleared to its end: leave count= out`);
  return { from, to, block, count, skip, isQuiet: given.get('status') === 'none' };
}

/** What is read of something endless, or of a file; null: there is no such file. */
async function plainBytes(env: Environment, operands: Operands): Promise<Uint8Array | null> {
  const { from, block, count, skip } = operands;
  const isEndless = ['/dev/zero', '/dev/urandom', '/dev/random'].includes(from);
  if (isEndless) {
    if (count === null || count * block > MOST_BYTES) {
      throw new Usage(`say how much, with bs= and count=; ${MOST_BYTES} bytes at most`);
    }
    const bytes = new Uint8Array(count * block);
    return from === '/dev/zero' ? bytes : bytes.map(() => Math.floor(env.random.next() * 256));
  }
  const text = await env.files.read(from);
  if (text === null) return null;
  const end = count === null ? undefined : (skip + count) * block;
  return bytesOfText(text).subarray(skip * block, end);
}

function human(bytes: number): string {
  if (bytes < 1000) return '';
  const scaled = (base: number, units: string[]) => {
    let [value, unit] = [bytes, 0];
    while (value >= base && unit < units.length - 1) [value, unit] = [value / base, unit + 1];
    return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
  };
  const decimal = scaled(1000, ['B', 'kB', 'MB', 'GB', 'TB']);
  const binary = bytes < 1024 ? '' : `, ${scaled(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])}`;
  return ` (${decimal}${binary})`;
}

/** Zeros have no end, so a partition that takes no more is always one record short: exit 1. */
async function clear(env: Environment, { to, block, isQuiet }: Operands): Promise<Report> {
  const { sizeBytes } = await askHost(env, { do: 'device.clear', device: to });
  const bytes = Number(sizeBytes);
  const [whole, part] = [Math.floor(bytes / block), bytes % block === 0 ? 0 : 1];
  const records = `${whole + 1}+0 records in\n${whole}+${part} records out\n`;
  const words = isQuiet ? '' : `${records}${bytes} bytes${human(bytes)} copied\n`;
  const report = failed(`dd: error writing '${to}': No space left on device`);
  return { ...report, stderr: report.stderr + words };
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const operands = operandsOf(args);
  if (operands.to.startsWith('/dev/')) return clear(env, operands);
  const { from, to, block, count, skip, isQuiet } = operands;
  const source = await deviceSource(env, from);
  if (source && (count !== null || skip > 0)) {
    throw new Usage(`${from} is copied whole: an image of a part could not be mounted`);
  }
  const bytes = source ? null : await plainBytes(env, operands);
  if (!source && !bytes) return failed(`dd: failed to open '${from}': No such file or directory`);
  if (source) await writeImage(env, to, source);
  else await env.files.write(to, textOfBytes(bytes!));
  const sizeBytes = source?.sizeBytes ?? bytes!.length;
  const records = `${Math.floor(sizeBytes / block)}+${sizeBytes % block === 0 ? 0 : 1} records`;
  const words = `${records} in\n${records} out\n${sizeBytes} bytes${human(sizeBytes)} copied\n`;
  return { code: 0, data: null, stdout: '', stderr: isQuiet ? '' : words };
}

export const dd = osCommand(
  {
    name: 'dd',
    summary: 'copy a partition into a file, which can be mounted with -o loop; or zeros, or a file',
    usage: [
      'dd if=PARTITION|FILE of=FILE [bs=SIZE] [count=N] [skip=N] [status=none]',
      'dd if=/dev/zero of=PARTITION [bs=SIZE] [status=none]',
    ],
    traits: (args) => {
      const endangers = args.some((arg) => arg.startsWith('of=/dev/'));
      return { changes: true, silent: true, ...(endangers ? { endangers } : {}) };
    },
    run,
  },
  { refused: 1, usage: 1 },
);
