/**
 * fdisk: the subset a person needs to lay out a replaced disk (v3 6.7 step 6), with the prompts of
 * the original (util-linux 2.3x; their wording is a choice, v3 prints none):
 *
 *     Command (m for help):  p print  n new  d delete  w write and end  q end without writing
 *     Partition type … Select (default p):            p 1-4, l 5-16 (without a container)
 *     Partition number (1-4, default 1):
 *     First sector (2048-36863, default 2048):
 *     Last sector, +/-sectors or +/-size{K,M,G,T,P} (2048-36863, default 36863):
 *
 * Nothing is written before `w`; then the whole table at once.
 */
import { DrydockError } from '../../core/errors.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { describeTable, MIB_SECTORS, SECTOR, type Table } from './fdisk-table.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';

/** Nobody types that many; an answer that never ends must. */
const MOST_PROMPTS = 500;

interface Session {
  env: Environment;
  table: Table;
  prompts: number;
}

async function tablesOf(env: Environment): Promise<Record<string, Table>> {
  const { disks } = await askHost(env, { do: 'disks' });
  const found = disks as unknown as Record<string, Omit<Table, 'device'>>;
  const entries = Object.entries(found).map(([device, disk]) => {
    return [device, { ...disk, device }] as const;
  });
  return Object.fromEntries(entries);
}

async function ask(session: Session, prompt: string): Promise<string> {
  session.prompts += 1;
  if (session.prompts > MOST_PROMPTS) throw new Usage('too many answers; nothing was written');
  try {
    return (await session.env.ask(prompt)).trim();
  } catch (cause) {
    const asked = prompt.trimEnd().split('\n').at(-1);
    const message = `nobody answers "${asked}"; nothing was written`;
    throw new DrydockError(message, { code: 'answer.missing', cause });
  }
}

function say(session: Session, text: string): void {
  session.env.progress(`${text}\n`);
}

/** Asks for a whole number in a range; an empty line takes the default. */
async function askNumber(
  session: Session,
  words: string,
  [least, most, otherwise]: [number, number, number],
  read: (line: string) => number = Number,
): Promise<number> {
  for (;;) {
    const line = await ask(session, `${words} (${least}-${most}, default ${otherwise}): `);
    const value = line === '' ? otherwise : read(line);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    say(session, 'Value out of range.');
  }
}

const UNITS: Record<string, number> = { '': 1, K: 2, M: 2048, G: 2048 ** 2 / 2, T: 2 ** 31 };

/** A sector, or +SECTORS, or +SIZE{K,M,G,T}, as the last sector of a partition from `first`. */
export function lastSector(first: number, line: string): number {
  const size = /^\+(\d+)([KMGT]?)$/i.exec(line);
  if (!size) return /^\d+$/.test(line) ? Number(line) : Number.NaN;
  const unit = size[2]!.toUpperCase();
  return first + Number(size[1]) * UNITS[unit]! - 1;
}

/** Runs of free sectors, first and last of each. */
export function gapsOf({ partitions, sizeBytes }: Table): [number, number][] {
  const taken = partitions
    .map((part) => [part.offsetBytes / SECTOR, (part.offsetBytes + part.sizeBytes) / SECTOR])
    .sort(([a], [b]) => a! - b!);
  const gaps: [number, number][] = [];
  let next = MIB_SECTORS;
  for (const [start, after] of [...taken, [Math.floor(sizeBytes / SECTOR), 0]]) {
    if (start! > next) gaps.push([next, start! - 1]);
    next = Math.max(next, after!);
  }
  return gaps;
}

async function add(session: Session): Promise<void> {
  const { table } = session;
  const used = table.partitions.map((part) => part.number);
  const primary = used.filter((number) => number <= 4).length;
  const type = await ask(
    session,
    `Partition type\n   p   primary (${primary} primary, 0 extended, ${4 - primary} free)\n` +
      '   l   logical (numbered from 5)\nSelect (default p): ',
  );
  if (!['', 'p', 'l'].includes(type)) return say(session, `${type}: no such partition type here.`);
  const [least, most] = type === 'l' ? [5, 16] : [1, 4];
  const free = Array.from({ length: most - least + 1 }, (_, at) => least + at).filter(
    (number) => !used.includes(number),
  );
  if (free.length === 0) return say(session, 'No free partition numbers.');
  const range: [number, number, number] = [least, most, free[0]!];
  const number = await askNumber(session, 'Partition number', range);
  if (!free.includes(number)) return say(session, `Partition ${number} is already defined.`);
  const gaps = gapsOf(table);
  if (gaps.length === 0) return say(session, 'No free sectors available.');
  const [start] = gaps[0]!;
  const first = await askNumber(session, 'First sector', [start, gaps.at(-1)![1], start]);
  const gap = gaps.find(([from, to]) => first >= from && first <= to);
  if (!gap) return say(session, `Sector ${first} is already allocated.`);
  const words = 'Last sector, +/-sectors or +/-size{K,M,G,T,P}';
  const lasts: [number, number, number] = [first, gap[1], gap[1]];
  const last = await askNumber(session, words, lasts, (line) => lastSector(first, line));
  const sizeBytes = (last - first + 1) * SECTOR;
  const partitions = [...table.partitions, { number, offsetBytes: first * SECTOR, sizeBytes }];
  session.table = { ...table, partitions };
  say(session, `Created a new partition ${number} of type 'Linux', ${sizeBytes} bytes.`);
}

async function remove(session: Session): Promise<void> {
  const { table } = session;
  const numbers = table.partitions.map((part) => part.number).sort((a, b) => a - b);
  if (numbers.length === 0) return say(session, 'No partition is defined yet!');
  const range: [number, number, number] = [numbers[0]!, numbers.at(-1)!, numbers.at(-1)!];
  const number = await askNumber(session, 'Partition number', range);
  if (!numbers.includes(number)) return say(session, `Partition ${number} does not exist yet.`);
  const partitions = table.partitions.filter((part) => part.number !== number);
  session.table = { ...table, partitions };
  say(session, `Partition ${number} has been deleted.`);
}

const HELP = 'd delete, m this help, n new, p print, q quit without saving, w write and exit';

async function talk(session: Session): Promise<Report> {
  for (;;) {
    const command = await ask(session, 'Command (m for help): ');
    if (command === 'n') await add(session);
    else if (command === 'd') await remove(session);
    else if (command === 'p') say(session, describeTable(session.table).trimEnd());
    else if (command === 'q') return done();
    else if (command === 'w') return write(session);
    else say(session, command === 'm' ? HELP : `${command}: unknown command`);
  }
}

async function write({ env, table }: Session): Promise<Report> {
  const { device, partitions } = table;
  await askHost(env, { do: 'partition', device, partitions });
  return done('The partition table has been altered.\nSyncing disks.\n');
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const tables = await tablesOf(env);
  const [first, second, more] = args;
  const isList = first === '-l';
  const device = isList ? second : first;
  if (device?.startsWith('-')) throw unknownOption(device);
  if ((isList ? more : second) !== undefined) throw new Usage('name one disk');
  if (isList && device === undefined) {
    return done(Object.values(tables).map(describeTable).join('\n'));
  }
  if (device === undefined) throw new Usage('name a disk, or -l');
  const table = Object.hasOwn(tables, device) ? tables[device] : undefined;
  if (!table) {
    const names = Object.keys(tables).join(', ') || 'none';
    return failed(`fdisk: cannot open ${device}: no such disk here; there are: ${names}`);
  }
  return isList ? done(describeTable(table)) : talk({ env, table, prompts: 0 });
}

export const fdisk = osCommand({
  name: 'fdisk',
  summary: 'partition a disk, or list partition tables',
  usage: ['fdisk -l [DISK]', 'fdisk DISK'],
  changes: (args) => args[0] !== '-l',
  run,
});
