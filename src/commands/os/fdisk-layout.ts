/**
 * Where fdisk lets partitions lie: free sectors, default answers, and how a size is rounded
 * (util-linux 2.38, measured). Pure.
 *
 *     disk              first sector   grain     last sector, dos | gpt
 *     over 8192 sectors     2048      2048 (1 MiB)   last | last - 33
 *     else                     1         1           last | last - 33
 */
import { MIB_SECTORS, SECTOR, type Table } from './fdisk-table.ts';

const TINY_SECTORS = 4 * MIB_SECTORS;
/** A GPT keeps its second copy behind the last usable sector. */
const GPT_TAIL_SECTORS = 33;
/** Sectors are numbered by 32 bits in a dos table. */
const MOST_DOS_SECTORS = 2 ** 32;

const UNITS: Record<string, number> = { K: 2, M: 2048, G: 2048 * 1024, T: 2 ** 31, P: 2 ** 41 };

export interface Span {
  first: number;
  last: number;
}

function sectorsOf({ sizeBytes, label }: Table): number {
  const sectors = Math.floor(sizeBytes / SECTOR);
  return label === 'gpt' ? sectors - GPT_TAIL_SECTORS : Math.min(sectors, MOST_DOS_SECTORS);
}

function isTiny({ sizeBytes }: Table): boolean {
  return sizeBytes / SECTOR <= TINY_SECTORS;
}

function alignUp(sector: number, grain: number): number {
  return Math.ceil(sector / grain) * grain;
}

/** Runs of free sectors. */
export function gapsOf(table: Table): Span[] {
  const { partitions } = table;
  const taken = partitions
    .map((part) => [part.offsetBytes / SECTOR, (part.offsetBytes + part.sizeBytes) / SECTOR])
    .sort(([a], [b]) => a! - b!);
  const gaps: Span[] = [];
  let next = isTiny(table) ? 1 : MIB_SECTORS;
  for (const [start, after] of [...taken, [sectorsOf(table), 0]]) {
    if (start! > next) gaps.push({ first: next, last: start! - 1 });
    next = Math.max(next, after!);
  }
  return gaps;
}

/** Whether another partition can be had: somewhere a MiB is left. */
export function hasRoom(table: Table): boolean {
  const least = isTiny(table) ? 1 : MIB_SECTORS;
  return gapsOf(table).some(({ first, last }) => last - first + 1 >= least);
}

/** What "First sector" offers: the range over all gaps from a sector on, the first aligned one. */
export function firstSectors(table: Table, from = 0): Span & { otherwise: number } {
  const after = gapsOf(table).filter((gap) => gap.last >= from);
  const gaps = after.length > 0 ? after : gapsOf(table);
  const [{ first }, { last }] = [gaps[0]!, gaps.at(-1)!];
  const grain = isTiny(table) ? 1 : MIB_SECTORS;
  const end = Math.floor(last / grain) * grain;
  // Near the end of the disk nothing is aligned any more.
  const start = (sector: number) => {
    const aligned = alignUp(sector, grain);
    return aligned + grain <= end ? aligned : sector;
  };
  const fitting = gaps.find((gap) => start(gap.first) <= gap.last);
  return { first, last, otherwise: fitting ? start(fitting.first) : first };
}

/** The last sector that is offered for a partition from `first` on. */
export function defaultLast(table: Table, { first, last }: Span): number {
  if (table.label !== 'gpt' || isTiny(table)) return last;
  const aligned = Math.floor((last + 1) / MIB_SECTORS) * MIB_SECTORS - 1;
  return aligned > first ? aligned : last;
}

/** An end given as a size: at the nearest MiB, unless the partition is smaller than one. */
function alignEnd(asked: number, { first, last }: Span): number {
  if (asked - first < MIB_SECTORS) return asked;
  const least = alignUp(first, MIB_SECTORS);
  const most = Math.floor(last / MIB_SECTORS) * MIB_SECTORS;
  const nearest = Math.floor(asked / MIB_SECTORS + 0.5) * MIB_SECTORS;
  const end = Math.min(Math.max(nearest, least), most);
  return end > first ? end - 1 : asked;
}

/**
 * The answer to "Last sector" in a gap: a sector, ±SECTORS, or ±SIZE{K,M,G,T,P}. null: not
 * understood; NaN: out of range. `+16M` has to leave one sector more than 16 MiB free.
 */
export function lastSector(table: Table, span: Span, line: string): number | null {
  const { first, last } = span;
  const said = /^([+-]?)(\d+)(?:([KMGTP])(?:iB)?)?$/i.exec(line);
  if (!said) return null;
  const [, sign, digits, unit] = said;
  const perUnit = unit ? UNITS[unit.toUpperCase()]! : 1;
  // Without a sign it is the number of a sector, also where it has a unit.
  const sectors = Number(digits) * perUnit * (unit && !sign ? SECTOR : 1);
  const asked = { '+': first + sectors, '-': last - sectors, '': sectors }[sign ?? ''] as number;
  if (!(asked >= first && asked <= last)) return Number.NaN;
  return unit && sign && !isTiny(table) ? alignEnd(asked, span) : asked;
}

/** Numbers as a prompt shows them: `2-4`, `3,4`, `1,3,4`. */
export function rangeWords(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}
