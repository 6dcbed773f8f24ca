/**
 * The 37 values of the mirror statistics as x5 2.3 lists them: names, units, on which sides they
 * are valid, which the commands show, and how they are written.
 *
 * Documented: names (with their uneven commas), order, units, marks, rounding: two decimal places,
 * the third cut off; 0.00 for what is cut to nothing, and for nothing itself 0 in the file and
 * None in commands; 1 KB 1024, 1 MB 1048576 bytes. Our choice: in the file a value that is not
 * valid on this side is empty, and one without decimal places has none; in commands it is `-`.
 */
import type { Peak, Reading, Sum } from './counters.ts';

const KB = 1024;
const MB = 1024 * 1024;
const SECOND = 1000;

export interface Statistic {
  name: string;
  /** Valid while the mirror is active here alone. */
  activeOnly: boolean;
  /** For commands: the unit, and how many of the file's are one of it; null: not shown. */
  shown: { unit: string; per: number } | null;
  of: (reading: Reading) => number;
}

const perSecond = (amount: number, { elapsedMs }: Reading) => (amount * SECOND) / elapsedMs;

type Amount = 'written' | 'read' | 'localWritten' | 'localRead' | 'sent';

function amount(
  name: string,
  key: Amount,
  activeOnly: boolean,
  unit: { name: string; per: number } | null,
): Statistic[] {
  const shown = (suffix: string) => unit && { unit: `${unit.name}${suffix}`, per: unit.per };
  return [
    { name: `${name}, Total`, activeOnly, shown: shown(''), of: (reading) => reading[key] },
    {
      name: `${name}, Avg`,
      activeOnly,
      shown: shown('/s'),
      of: (reading) => perSecond(reading[key], reading),
    },
  ];
}

type PeakKey = {
  [K in keyof Reading]: Reading[K] extends Peak ? K : never;
}[keyof Reading];
type SumKey = { [K in keyof Reading]: Reading[K] extends Sum ? K : never }[keyof Reading];

/** Names for max, max2 and cur of a peak, in the unit of `per` ms or bytes. */
function peak(
  names: Partial<Record<'max' | 'max2' | 'cur', string>>,
  key: PeakKey,
  { per = 1, activeOnly = true, shown = null as Statistic['shown'] } = {},
): Statistic[] {
  return Object.entries(names).map(([which, name]) => ({
    name,
    activeOnly,
    shown,
    of: (reading) => reading[key][which as 'max' | 'max2' | 'cur'] / per,
  }));
}

function waits(name: string, key: SumKey): Statistic[] {
  return (['total', 'total2'] as const).map((which) => ({
    name: `${name}, ${which === 'total' ? 'Total' : 'Total2'}`,
    activeOnly: true,
    shown: null,
    of: (reading) => reading[key][which] / SECOND,
  }));
}

const MEGA = { name: 'MB', per: MB };
const TIME = { unit: 'Second/time', per: 1 };
const BYTES = { shown: { unit: 'MB', per: MB } };

export const STATISTICS: readonly Statistic[] = [
  ...amount('Write', 'written', true, MEGA),
  ...amount('Read', 'read', true, MEGA),
  ...amount('Local Disk Write', 'localWritten', false, null),
  ...amount('Local Disk Read', 'localRead', false, null),
  ...amount('Send', 'sent', false, { name: 'KB', per: KB }),
  {
    name: 'Compress Ratio',
    activeOnly: true,
    shown: null,
    of: ({ sent, plain }) => (plain === 0 ? 100 : (sent / plain) * 100),
  },
  {
    name: 'Sync Time, Max',
    activeOnly: true,
    shown: TIME,
    of: ({ syncMaxMs }) => syncMaxMs / SECOND,
  },
  {
    name: 'Sync Time, Avg',
    activeOnly: true,
    shown: TIME,
    of: ({ syncMs, syncs }) => (syncs === 0 ? 0 : syncMs / syncs / SECOND),
  },
  ...peak({ max: 'Sync Ack Time, Max', cur: 'Sync Ack Time, Cur' }, 'syncAck'),
  ...peak(
    {
      max: 'Recovery Ack Time, Max',
      max2: 'Recovery Ack Time, Max2',
      cur: 'Recovery Ack Time, Cur',
    },
    'recoveryAck',
  ),
  ...peak({ max: 'Sync Diff, Max', cur: 'Sync Diff, Cur' }, 'difference', BYTES),
  ...peak(
    { max: 'Send Queue, Max', max2: 'Send Queue, Max2', cur: 'Send Queue, Cur' },
    'sendQueue',
  ),
  ...peak(
    { max: 'Request Queue, Max', max2: 'Request Queue, Max2', cur: 'Request Queue, Cur' },
    'requests',
  ),
  ...peak(
    { max: 'MDC HB Time Max', max2: 'MDC HB Time, Max2', cur: 'MDC HB Time Cur' },
    'heartbeat',
    { per: SECOND, activeOnly: false },
  ),
  ...waits('Local-Write Waiting Recovery-Read Time', 'writeWaits'),
  ...waits('Recovery-Read Waiting Local-Write Time', 'readWaits'),
  ...peak({ max: 'Unmount Time, Max', cur: 'Unmount Time, Last' }, 'unmount', { per: SECOND }),
  ...peak({ max: 'Fsck Time, Max', cur: 'Fsck Time, Last' }, 'fsck', { per: SECOND }),
];

/** Values in the units of the file, by name; null where they are not valid on this side. */
export type Sample = Record<string, number | null>;

export function sampleOf(reading: Reading, isActive: boolean): Sample {
  const valued = STATISTICS.map(({ name, activeOnly, of }) => {
    return [name, activeOnly && !isActive ? null : of(reading)] as const;
  });
  return Object.fromEntries(valued);
}

/** Two decimal places, the third cut off, not rounded. */
function cut(value: number): string {
  // A hair more, so that 0.29, which is a little less in binary, does not become 0.28.
  return (Math.floor(value * 100 + 1e-7) / 100).toFixed(2);
}

/** As the file has it. */
export function inFile(value: number | null): string {
  if (value === null) return '';
  return Number.isInteger(value) ? String(value) : cut(value);
}

/** As commands show it, with its unit; null for what they do not show. */
export function inCommand({ name, shown }: Statistic, sample: Sample): string | null {
  if (shown === null) return null;
  const value = sample[name] ?? null;
  if (value === null) return '-';
  return value === 0 ? 'None' : `${cut(value / shown.per)} ${shown.unit}`;
}

/** What commands show: names and words. */
export function shownOf(sample: Sample): [string, string][] {
  return STATISTICS.flatMap((statistic): [string, string][] => {
    const words = inCommand(statistic, sample);
    return words === null ? [] : [[statistic.name, words]];
  });
}
