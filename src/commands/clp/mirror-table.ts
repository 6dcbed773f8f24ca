/**
 * The tables of clpmdstat (v3 11.10.2, 11.10.3). Scripts read them by their words: the line
 * `Mirror Status: …`, the row `Mirror Color`, and rows that begin with `Lastupdate` and `Break`,
 * whose third and fourth fields are a date and a time. Ruling lines are lost in the manual: none.
 */
import type { MirrorView, ViewedCopy } from '../../schema/generated/reports/mirror-view.ts';
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

/** `sides`: of a hybrid disk, the server groups whose current servers the copies name. */
export function viewOf(pair: Pair, sides: readonly Side[] = []): MirrorView {
  const { name, state, word, outOfSyncPercent, sync } = pair;
  return {
    schema: 'drydock.mirror-view/1',
    mirror: name,
    state,
    word,
    outOfSyncPercent,
    copies: Object.entries(pair.copies).map(([server, copy]) => ({
      server,
      ...groupOf(server, sides),
      role: copy.role,
      state: copy.state,
      word: copy.word,
      unknown: copy.observed.unknown,
      lastUpdate: copy.lastUpdate,
      breakTime: copy.breakTime,
      apartSince: copy.apartSince,
      diskError: copy.diskError,
      outOfSyncPercent: copy.outOfSyncPercent,
    })),
    sync: sync && {
      from: sync.from,
      to: sync.to,
      percent: sync.percent,
      usedMs: sync.usedMs,
      remainMs: sync.remainMs,
      paused: sync.paused === true,
    },
  };
}

interface Side {
  name: string;
  servers: readonly string[];
}

/** The server group of a hybrid disk's current server; a mirror disk's server has none. */
function groupOf(server: string, sides: readonly Side[]): { serverGroup?: string } {
  const side = sides.find(({ servers }) => servers.includes(server));
  return side === undefined || side.name === server ? {} : { serverGroup: side.name };
}

/** Who has the copies: servers; of a hybrid disk server groups, and their current servers. */
function headOf({ mirror, copies }: MirrorView): string[] {
  const servers = copies.map(({ server }) => server);
  if (copies.every(({ serverGroup }) => serverGroup === undefined)) return [row(mirror, servers)];
  const groups = copies.map(({ serverGroup = '' }) => serverGroup);
  return [row(mirror, groups), row('Current Server', servers)];
}

function sidesTable(view: MirrorView): string[] {
  const { copies, state } = view;
  const rows = [...headOf(view), row('Mirror Color', copies.map(colorOf))];
  if (state === 'inSync' || state === 'syncing') return rows;
  const time = (ms: number | null) => (ms === null ? '' : stamp(ms));
  const difference = (copy: ViewedCopy) => percent(copy.outOfSyncPercent);
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

function recoveryTable({ sync }: MirrorView): string[] {
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
export function mirrorTable(view: MirrorView): string {
  const hasTotal = view.state === 'degraded' && view.outOfSyncPercent !== null;
  const all = [
    `Mirror Status: ${pairWord(view)}`,
    ...(hasTotal ? [`Total Difference: ${percent(view.outOfSyncPercent)}`] : []),
    '',
    ...sidesTable(view),
    ...recoveryTable(view),
  ];
  return `${all.join('\n')}\n`;
}

/** `clpmdstat --active`; the layout is our choice. */
export function activeTable(view: MirrorView): string {
  const words = view.copies.map(({ role }) => {
    if (role === null) return 'Unknown';
    return role === 'primary' ? 'Active' : 'Inactive';
  });
  const all = [...headOf(view), row('Active Status', words)];
  return `${all.join('\n')}\n`;
}
