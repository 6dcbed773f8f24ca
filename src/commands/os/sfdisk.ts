/**
 * sfdisk: a partition table as a text, and back: "the same partitions as the other server" (v3 6.7,
 * x5 2.5). The script is what is typed, or comes through a pipe, until `write` or its end; `quit`
 * leaves everything as it was. A disk of which a part is in use is refused (1, nothing written).
 */
import { DrydockError } from '../../core/errors.ts';
import { RemoteError } from '../../ports/wire.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { describeTable, type Table } from './fdisk-table.ts';
import { askHost, osCommand, Usage } from './host.ts';
import { BadScript, dumpOf, tableOf } from './sfdisk-script.ts';
import { tablesOf } from './tables.ts';

const PROMPT = '>>> ';
const MOST_LINES = 500;

/** null: quit. */
async function scriptOf(env: Environment): Promise<string[] | null> {
  const lines: string[] = [];
  while (lines.length < MOST_LINES) {
    const line = await env.ask(PROMPT).catch((error: unknown) => {
      if (error instanceof DrydockError && error.code === 'prompt.unanswered') return 'write';
      throw error;
    });
    if (/^\s*(quit|abort|q)\s*$/.test(line)) return null;
    if (/^\s*write\s*$/.test(line)) return lines;
    lines.push(line);
  }
  throw new Usage('too many lines; nothing was written');
}

async function write(env: Environment, before: Table, isQuiet: boolean): Promise<Report> {
  const script = await scriptOf(env);
  if (script === null || script.every((line) => line.trim() === '')) return done();
  let table: Table;
  try {
    table = tableOf(script, before);
  } catch (error) {
    if (error instanceof BadScript) return failed(error.message);
    throw error;
  }
  const { device, partitions, label = 'dos' } = table;
  try {
    await askHost(env, { do: 'partition', device, partitions, label, idle: true });
  } catch (error) {
    if (error instanceof RemoteError) return failed(error.message);
    throw error;
  }
  if (isQuiet) return done();
  const words = 'The partition table has been altered.\nSyncing disks.\n';
  return done(`New situation:\n${describeTable(table)}\n${words}`);
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const options = args.filter((arg) => arg.startsWith('-'));
  const known = ['-d', '--dump', '-l', '--list', '-q', '--quiet', '-f', '--force'];
  const strange = options.find((option) => !known.includes(option));
  if (strange !== undefined) throw new Usage(`unrecognized option '${strange}'`);
  const [device, more] = args.filter((arg) => !arg.startsWith('-'));
  if (device === undefined || more !== undefined) throw new Usage('name one disk');
  const tables = await tablesOf(env);
  const table = Object.hasOwn(tables, device) ? tables[device] : undefined;
  if (!table) return failed(`sfdisk: cannot open ${device}: No such file or directory`);
  const has = (short: string, long: string) => options.includes(short) || options.includes(long);
  if (has('-l', '--list')) return done(describeTable(table));
  if (!has('-d', '--dump')) return write(env, table, has('-q', '--quiet'));
  const isThere = table.label !== undefined || table.partitions.length > 0;
  if (isThere) return done(dumpOf(table));
  return failed(`sfdisk: ${device}: does not contain a recognized partition table`);
}

export const sfdisk = osCommand(
  {
    name: 'sfdisk',
    summary: 'write a partition table out as a text, or in from one',
    usage: ['sfdisk -d|-l DISK', 'sfdisk [-q] DISK'],
    traits: (args) => {
      const isLook = args.some((arg) => ['-d', '--dump', '-l', '--list'].includes(arg));
      return { changes: !isLook, endangers: true, asks: true };
    },
    run,
  },
  { refused: 1, usage: 1 },
);
