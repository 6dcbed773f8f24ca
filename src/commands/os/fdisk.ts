/**
 * fdisk: what a person needs to lay out a replaced disk (v3 6.7 step 6), with the prompts,
 * refusals and exit codes of the original (util-linux 2.38):
 *
 *     Command (m for help):  o, g new table  p print  n new  d delete  w write and end  q end
 *     Partition type … Select (default p):            dos only; the container `e` is not provided
 *     Partition number (1-4, default 1):
 *     First sector (2048-36863, default 2048):
 *     Last sector, +/-sectors or +/-size{K,M,G,T,P} (2048-36863, default 36863):
 *
 * Nothing is written before `w`; then the whole table at once. Input that ends, or an answer that
 * is refused, ends in 0 with nothing written: whoever wants to know looks at the table.
 */
import { DrydockError } from '../../core/errors.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import {
  defaultLast,
  firstSectors,
  gapsOf,
  hasRoom,
  lastSector,
  rangeWords,
  type Span,
} from './fdisk-layout.ts';
import {
  describePartition,
  describeTable,
  holdsPartition,
  SECTOR,
  sizeOf,
  type Table,
} from './fdisk-table.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';
import { tablesOf } from './tables.ts';

/** Nobody types that many; an answer that never ends must. */
const MOST_PROMPTS = 500;
const WIPE_OPTIONS = ['-w', '--wipe', '-W', '--wipe-partitions'];
const WIPE_MODES = ['auto', 'never', 'always'];
const NUMBERS = { dos: 4, gpt: 128 } as const;
const ENDS = { refused: 1, usage: 1 };
const MENU = 'Command (m for help): ';

interface Session {
  env: Environment;
  table: Table;
  prompts: number;
}

/** The input ended. */
class NoMore extends Error {}

async function ask(session: Session, prompt: string): Promise<string> {
  session.prompts += 1;
  if (session.prompts > MOST_PROMPTS) throw new Usage('too many answers; nothing was written');
  try {
    return (await session.env.ask(prompt)).trim();
  } catch (error) {
    if (error instanceof DrydockError && error.code === 'prompt.unanswered') throw new NoMore();
    throw error;
  }
}

function say(session: Session, text: string): void {
  session.env.progress(`${text}\n`);
}

/** Asks until the answer can be taken; an empty line takes the default. */
async function askNumber(
  session: Session,
  words: string,
  otherwise: number,
  read: (line: string) => number | null,
): Promise<number> {
  for (;;) {
    const line = await ask(session, `${words}, default ${otherwise}): `);
    const value = line === '' ? otherwise : read(line);
    if (value !== null && Number.isSafeInteger(value)) return value;
    if (value !== null) say(session, 'Value out of range.');
  }
}

const within = (least: number, most: number) => (line: string) => {
  if (!/^\d+$/.test(line)) return null;
  const value = Number(line);
  return value >= least && value <= most ? value : Number.NaN;
};

/** A partition number out of those that can be taken; the only one is not asked for. */
async function askPartition(session: Session, numbers: number[], otherwise: number) {
  const [least, most] = [numbers[0]!, numbers.at(-1)!];
  if (numbers.length === 1) {
    say(session, `Selected partition ${least}`);
    return least;
  }
  const words = `Partition number (${rangeWords(numbers)}`;
  return askNumber(session, words, otherwise, within(least, most));
}

/** p, or null where another partition cannot be made. */
async function askType(session: Session, used: number[]): Promise<'p' | null> {
  const free = NUMBERS.dos - used.length;
  if (free === 0) {
    say(session, 'To create more partitions, first replace a primary with an extended partition.');
    return null;
  }
  const otherwise = free === 1 ? 'e' : 'p';
  const prompt =
    `Partition type\n   p   primary (${used.length} primary, 0 extended, ${free} free)\n` +
    `   e   extended (container for logical partitions)\nSelect (default ${otherwise}): `;
  for (;;) {
    const type = (await ask(session, prompt)) || otherwise;
    if (type === 'p') return type;
    if (type === 'e') {
      throw new Usage('an extended partition is not provided here; nothing was written');
    }
    say(session, 'Value out of range.');
  }
}

async function add(session: Session): Promise<void> {
  const { table } = session;
  const label = table.label ?? 'dos';
  const used = table.partitions.map(({ number }) => number);
  if (!hasRoom(table)) {
    const which = label === 'gpt' ? '' : 'primary ';
    return say(session, `All space for ${which}partitions is in use.`);
  }
  const inTable = used.filter((number) => number <= NUMBERS[label]);
  if (label === 'dos' && (await askType(session, inTable)) === null) return;
  const all = Array.from({ length: NUMBERS[label] }, (_, at) => at + 1);
  const free = all.filter((number) => !used.includes(number));
  if (free.length === 0) return say(session, 'All partition numbers are in use.');
  let number = await askPartition(session, free, free[0]!);
  while (used.includes(number)) {
    say(session, 'Value out of range.');
    number = await askPartition(session, free, free[0]!);
  }
  const first = await askFirst(session);
  const gap = { first, last: gapsOf(table).find(({ last }) => first <= last)!.last };
  const last = await askLast(session, gap);
  const sizeBytes = (last - first + 1) * SECTOR;
  const partitions = [...table.partitions, { number, offsetBytes: first * SECTOR, sizeBytes }];
  session.table = { ...table, partitions };
  const kind = label === 'gpt' ? 'Linux filesystem' : 'Linux';
  const size = sizeOf(sizeBytes).replace(/([KMGT])$/, ' $1iB');
  say(session, `Created a new partition ${number} of type '${kind}' and of size ${size}.`);
}

/** Where only one sector is left, there is nothing to ask. */
async function askLast(session: Session, gap: Span): Promise<number> {
  const { table } = session;
  if (gap.first === gap.last) return gap.last;
  const words = `Last sector, +/-sectors or +/-size{K,M,G,T,P} (${gap.first}-${gap.last}`;
  const read = (line: string) => lastSector(table, gap, line);
  return askNumber(session, words, defaultLast(table, gap), read);
}

async function askFirst(session: Session): Promise<number> {
  let from = 0;
  for (;;) {
    const { first, last, otherwise } = firstSectors(session.table, from);
    const words = `First sector (${first}-${last}`;
    const sector = await askNumber(session, words, otherwise, within(first, last));
    const isFree = gapsOf(session.table).some((gap) => sector >= gap.first && sector <= gap.last);
    if (isFree) return sector;
    say(session, `Sector ${sector} is already allocated.`);
    from = sector;
  }
}

async function remove(session: Session): Promise<void> {
  const { table } = session;
  const numbers = table.partitions.map((part) => part.number).sort((a, b) => a - b);
  if (numbers.length === 0) return say(session, 'No partition is defined yet!');
  const number = await askPartition(session, numbers, numbers.at(-1)!);
  if (!numbers.includes(number)) return say(session, `Could not delete partition ${number}`);
  const partitions = table.partitions.filter((part) => part.number !== number);
  session.table = { ...table, partitions };
  say(session, `Partition ${number} has been deleted.`);
}

function begin(session: Session, label: 'dos' | 'gpt'): void {
  session.table = { ...session.table, label, partitions: [] };
  const words = label === 'gpt' ? 'GPT disklabel' : 'DOS (MBR) disklabel';
  say(session, `Created a new ${words}.`);
}

/** Input that ends within a command leads back to the menu, which is shown and ends then. */
async function orBack(session: Session, asking: Promise<void>): Promise<void> {
  return asking.catch((error: unknown) => {
    if (error instanceof NoMore) say(session, `\n${MENU}`);
    throw error;
  });
}

const HELP =
  'd delete, g new GPT, m this help, n new, o new MBR, p print, q quit without saving, w write';

/** As the original, it reads the first letter of a command only. */
async function talk(session: Session): Promise<Report> {
  for (;;) {
    const line = await ask(session, MENU);
    const command = line.slice(0, 1);
    if (command === 'n') await orBack(session, add(session));
    else if (command === 'd') await orBack(session, remove(session));
    else if (command === 'o') begin(session, 'dos');
    else if (command === 'g') begin(session, 'gpt');
    else if (command === 'p') say(session, describeTable(session.table).trimEnd());
    else if (command === 'm') say(session, HELP);
    else if (command === 'q') return done();
    else if (command === 'w') return write(session);
    else if (command !== '') say(session, `${command}: unknown command`);
  }
}

/** A partition in use that moved or went: the table is written, and it is said; still 0. */
async function write({ env, table }: Session): Promise<Report> {
  const { device, partitions, label = 'dos' } = table;
  const { kept: stored } = await askHost(env, { do: 'partition', device, partitions, label });
  const busy = (stored as number[]).map(
    (number) => `Failed to remove partition ${number} from system: Device or resource busy\n`,
  );
  const old =
    'The kernel still uses the old partitions. The new table will be used at the next reboot.\n';
  const said = busy.length > 0 ? `${busy.join('')}${old}` : '';
  return done(`The partition table has been altered.\n${said}Syncing disks.\n`);
}

/** Takes the wipe options out: what lies below a new partition here has no signature to ask for. */
function withoutWipes(args: string[]): string[] {
  const isMode = (at: number) => WIPE_OPTIONS.includes(args[at - 1] ?? '');
  const isWrong = (arg: string, at: number) => isMode(at) && !WIPE_MODES.includes(arg);
  if (WIPE_OPTIONS.includes(args.at(-1) ?? '') || args.some(isWrong)) {
    throw new Usage('unsupported wipe mode');
  }
  return args.filter((arg, at) => !WIPE_OPTIONS.includes(arg) && !isMode(at));
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const [first, second, more] = withoutWipes(args);
  const tables = await tablesOf(env);
  const isList = first === '-l';
  const device = isList ? second : first;
  if (device?.startsWith('-')) throw unknownOption(device);
  if ((isList ? more : second) !== undefined) throw new Usage('name one disk');
  if (isList && device === undefined) {
    return done(Object.values(tables).map(describeTable).join('\n'));
  }
  if (device === undefined) throw new Usage('name a disk, or -l');
  const table = Object.hasOwn(tables, device) ? tables[device] : undefined;
  const whole =
    isList && !table ? Object.values(tables).find((disk) => holdsPartition(disk, device)) : null;
  if (whole) return done(describePartition(whole, device));
  if (!table) {
    const names = Object.keys(tables).join(', ') || 'none';
    return failed(`fdisk: cannot open ${device}: no such disk here; there are: ${names}`);
  }
  if (isList) return done(describeTable(table));
  return talk({ env, table, prompts: 0 }).catch((error: unknown) => {
    if (error instanceof NoMore) return done();
    throw error;
  });
}

export const fdisk = osCommand(
  {
    name: 'fdisk',
    summary: 'partition a disk, or list partition tables',
    usage: ['fdisk -l [DISK]', 'fdisk [-w WHEN] [-W WHEN] DISK'],
    traits: ([first]) => ({
      changes: first !== '-l',
      endangers: true,
      asks: true,
    }),
    run,
  },
  ENDS,
);
