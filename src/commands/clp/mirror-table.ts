/**
 * The tables of clpmdstat (v3 11.10.2, 11.10.3). Scripts read them by their words: the line
 * `Mirror Status: …`, the row `Mirror Color`, and rows that begin with `Lastupdate` and `Break`,
 * whose third and fourth fields are a date and a time. Ruling lines are lost in the manual: none.
 */
import type { MirrorCopy } from '../../cluster/index.ts';
import { colorOf, type Pair, pairWord } from './mirror.ts';
import { span, stamp } from './stamp.ts';

const LABEL_WIDTH = 20;
const COLUMN_WIDTH = 22;

function row(label: string, cells: readonly string[]): string {
  const columns = cells.map((cell) => cell.padEnd(COLUMN_WIDTH)).join('');
  return `${label.padEnd(LABEL_WIDTH)}${columns}`.trimEnd();
}

function percent(value: number | null): string {
  return value === null ? '' : `${Math.ceil(value)}%`;
}

function diskWord(error: boolean | null): string {
  if (error === null) return '';
  return error ? 'ERROR' : 'OK';
}

function sidesTable(pair: Pair): string[] {
  const copies = Object.values(pair.copies);
  const rows = [row(pair.name, Object.keys(pair.copies)), row('Mirror Color', copies.map(colorOf))];
  if (pair.state === 'inSync' || pair.state === 'syncing') return rows;
  const time = (ms: number | null) => (ms === null ? '' : stamp(ms));
  const difference = (copy: MirrorCopy) => percent(copy.outOfSyncPercent);
  const apart = copies.map((copy) => time(copy.apartSince));
  const isApart = apart.some((words) => words !== '');
  return [
    ...rows,
    row(
      'Lastupdate Time',
      copies.map((copy) => time(copy.lastUpdate)),
    ),
    row(
      'Break Time',
      copies.map((copy) => time(copy.breakTime)),
    ),
    row(
      'Disk Error',
      copies.map((copy) => diskWord(copy.diskError)),
    ),
    row('Difference Percent', copies.map(difference)),
    ...(isApart ? [row('Not Compared Since', apart)] : []),
  ];
}

function recoveryTable({ sync }: Pair): string[] {
  if (sync === null) return [];
  const { from, to, percent: done, usedMs, remainMs } = sync;
  return [
    '',
    row('Recovery Status', ['Value']),
    `Status: Recovering${sync.paused ? ' (paused)' : ''}`,
    `Direction: ${from} -> ${to}`,
    `Percent: ${Math.floor(done ?? 0)}%`,
    `Used Time: ${span(usedMs ?? 0)}`,
    ...(remainMs === null ? [] : [`Remain Time: ${span(remainMs)}`]),
  ];
}

/** `clpmdstat --mirror`. */
export function mirrorTable(pair: Pair): string {
  const hasTotal = pair.state === 'degraded' && pair.outOfSyncPercent !== null;
  const all = [
    `Mirror Status: ${pairWord(pair)}`,
    ...(hasTotal ? [`Total Difference: ${percent(pair.outOfSyncPercent)}`] : []),
    '',
    ...sidesTable(pair),
    ...recoveryTable(pair),
  ];
  return `${all.join('\n')}\n`;
}

/** `clpmdstat --active`; the layout is our choice. */
export function activeTable(pair: Pair): string {
  const words = Object.values(pair.copies).map(({ role }) => {
    if (role === null) return 'Unknown';
    return role === 'primary' ? 'Active' : 'Inactive';
  });
  const all = [row(pair.name, Object.keys(pair.copies)), row('Active Status', words)];
  return `${all.join('\n')}\n`;
}
