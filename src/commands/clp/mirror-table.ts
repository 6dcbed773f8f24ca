/**
 * The tables of clpmdstat (v3 11.10.2, 11.10.3). Scripts read them by their words: the line
 * `Mirror Status: …`, the row `Mirror Color`, and rows that begin with `Lastupdate` and `Break`,
 * whose third and fourth fields are a date and a time. Ruling lines are lost in the manual: none.
 */
import type { MirrorSideStatus, MirrorStatus } from '../../schema/generated/status.ts';
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

function sidesTable(pair: MirrorStatus): string[] {
  const sides: MirrorSideStatus[] = Object.values(pair.servers);
  const rows = [
    row(pair.name, Object.keys(pair.servers)),
    row(
      'Mirror Color',
      sides.map((side) => side.color),
    ),
  ];
  if (pair.state === 'Normal' || pair.state === 'Recovering') return rows;
  const time = (ms: number | null) => (ms === null ? '' : stamp(ms));
  const difference = (side: MirrorSideStatus) => percent(side.differencePercent);
  const apart = sides.map((side) => time(side.apartSince ?? null));
  const isApart = apart.some((words) => words !== '');
  return [
    ...rows,
    row(
      'Lastupdate Time',
      sides.map((side) => time(side.lastUpdate)),
    ),
    row(
      'Break Time',
      sides.map((side) => time(side.breakTime)),
    ),
    row(
      'Disk Error',
      sides.map((side) => diskWord(side.diskError)),
    ),
    row('Difference Percent', sides.map(difference)),
    ...(isApart ? [row('Not Compared Since', apart)] : []),
  ];
}

function recoveryTable({ recovery }: MirrorStatus): string[] {
  if (recovery === null) return [];
  const { from, to, percent: done, usedMs, remainMs } = recovery;
  return [
    '',
    row('Recovery Status', ['Value']),
    `Status: Recovering${recovery.paused ? ' (paused)' : ''}`,
    `Direction: ${from} -> ${to}`,
    `Percent: ${Math.floor(done)}%`,
    `Used Time: ${span(usedMs)}`,
    ...(remainMs === null ? [] : [`Remain Time: ${span(remainMs)}`]),
  ];
}

/** `clpmdstat --mirror`. */
export function mirrorTable(pair: MirrorStatus): string {
  const hasTotal = pair.state === 'Abnormal' && pair.differencePercent !== null;
  const all = [
    `Mirror Status: ${pair.state}`,
    ...(hasTotal ? [`Total Difference: ${percent(pair.differencePercent)}`] : []),
    '',
    ...sidesTable(pair),
    ...recoveryTable(pair),
  ];
  return `${all.join('\n')}\n`;
}

/** `clpmdstat --active`; the layout is our choice. */
export function activeTable(pair: MirrorStatus): string {
  const words = Object.values(pair.servers).map(({ active }) => {
    if (active === null) return 'Unknown';
    return active ? 'Active' : 'Inactive';
  });
  const all = [row(pair.name, Object.keys(pair.servers)), row('Active Status', words)];
  return `${all.join('\n')}\n`;
}
