/**
 * The script of sfdisk (util-linux 2.38): a header of `key: value` lines, then a line a partition.
 *
 *     /dev/sdb1 : start=2048, size=8192, type=83
 *     2048,8192            start, size; either may be left out, or + for what is left
 *     size=16M             suffixes K M G T, or KiB …; a bare number counts sectors
 *
 * Pure.
 */
import { gapsOf } from './fdisk-layout.ts';
import { MIB_SECTORS, SECTOR, type Table } from './fdisk-table.ts';

const UNITS: Record<string, number> = { K: 2, M: 2048, G: 2048 * 1024, T: 2 ** 31 };
const HEADERS = [
  'label',
  'label-id',
  'device',
  'unit',
  'sector-size',
  'first-lba',
  'last-lba',
  'grain',
  'table-length',
];
const FIELDS = ['start', 'size', 'type', 'bootable', 'uuid', 'name', 'attrs', 'id'];

interface Row {
  number: number | null;
  start: number | null;
  /** null: what is left. */
  size: number | null;
}

export class BadScript extends Error {}

/** In sectors; null: left to the program. */
function sectors(text: string): number | null {
  if (text === '' || text === '+') return null;
  const found = /^\+?(\d+)(?:([KMGT])(?:iB)?)?$/i.exec(text);
  if (!found) throw new BadScript('unsupported command');
  return Number(found[1]) * (found[2] ? UNITS[found[2].toUpperCase()]! : 1);
}

function rowOf(line: string): Row {
  const named = /^\S*?(\d+)\s*:\s*(.*)$/.exec(line);
  const number = named ? Number(named[1]) : null;
  const cells = (named?.[2] ?? line).split(/\s*[,;]\s*|\s+(?=\w+=)/).map((cell) => cell.trim());
  if (cells.some((cell) => cell.includes('='))) {
    const pairs = cells
      .filter((cell) => cell !== '' && cell !== 'bootable')
      .map((cell) => cell.split(/\s*=\s*/) as [string, string]);
    if (pairs.some(([key]) => !FIELDS.includes(key))) throw new BadScript('unsupported command');
    const fields = new Map(pairs);
    return {
      number,
      start: sectors(fields.get('start') ?? ''),
      size: sectors(fields.get('size') ?? ''),
    };
  }
  const [start = '', size = ''] = cells;
  return { number, start: sectors(start), size: sectors(size) };
}

/** Where a partition comes to lie among those before it; a start that is told is taken as it is. */
function placed(table: Table, { number, start, size }: Row): Table {
  const used = table.partitions.map((part) => part.number);
  const free = [1, 2, 3, 4].find((each) => !used.includes(each)) ?? used.length + 1;
  const at = number ?? free;
  const gaps = gapsOf(table);
  const aligned = (sector: number) => Math.ceil(sector / MIB_SECTORS) * MIB_SECTORS;
  const gap = gaps.find(({ first, last }) =>
    start === null ? aligned(first) <= last : start >= first && start <= last,
  );
  if (!gap || used.includes(at))
    throw new BadScript(`Failed to add #${at} partition: No space left on device`);
  const first = start ?? aligned(gap.first);
  const count = size ?? gap.last - first + 1;
  if (count < 1 || first + count - 1 > gap.last) {
    throw new BadScript(`Failed to add #${at} partition: No space left on device`);
  }
  const added = { number: at, offsetBytes: first * SECTOR, sizeBytes: count * SECTOR };
  return { ...table, partitions: [...table.partitions, added] };
}

/** The table that a script makes of a disk. Throws BadScript, in the original's words. */
export function tableOf(lines: readonly string[], disk: Table): Table {
  let table: Table = { ...disk, label: disk.label ?? 'dos', partitions: [] };
  for (const [at, raw] of lines.entries()) {
    const line = raw.replace(/#.*/, '').trim();
    const header = /^([a-z-]+):\s*(.*)$/.exec(line);
    if (line === '') continue;
    if (header && HEADERS.includes(header[1]!)) {
      if (header[1] !== 'label') continue;
      if (header[2] !== 'dos' && header[2] !== 'gpt')
        throw new BadScript(`unsupported label '${header[2]}'`);
      table = { ...table, label: header[2] };
      continue;
    }
    try {
      table = placed(table, rowOf(line));
    } catch (error) {
      const isForLine = error instanceof BadScript && error.message === 'unsupported command';
      throw isForLine ? new BadScript(`line ${at + 1}: unsupported command`) : error;
    }
  }
  return table;
}

export function dumpOf({ device, serial, label = 'dos', partitions }: Table): string {
  const name = (number: number) =>
    /\d$/.test(device) ? `${device}p${number}` : `${device}${number}`;
  const type = label === 'gpt' ? '0FC63DAF-8483-4772-8E79-3D69D8477DE4' : '83';
  const rows = partitions
    .toSorted((a, b) => a.number - b.number)
    .map((part) => {
      const [start, size] = [part.offsetBytes / SECTOR, part.sizeBytes / SECTOR];
      const cells = [`start=${String(start).padStart(12)}`, `size=${String(size).padStart(12)}`];
      return `${name(part.number)} : ${cells.join(', ')}, type=${type}\n`;
    });
  const head = [
    `label: ${label}`,
    `label-id: ${serial}`,
    `device: ${device}`,
    'unit: sectors',
    'sector-size: 512',
  ];
  return `${head.join('\n')}\n\n${rows.join('')}`;
}
