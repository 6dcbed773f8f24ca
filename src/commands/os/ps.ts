/** ps: what runs on this server. v3 11.1 (5), (6): `ps -ef | grep clp`; procps-ng 4.0. */
import { done } from '../environment.ts';
import { osCommand, Usage } from './host.ts';
import { type Process, processesHere } from './processes.ts';

type Column = [title: string, width: number, cell: (process: Process) => string];

const nameOf = ({ command }: Process): string =>
  (command.split(' ')[0] ?? '').replace(/^.*\//, '').slice(0, 15);
const isLeft = (title: string): boolean =>
  ['UID', 'USER', 'TTY', 'STAT', 'TTY     '].includes(title);

const UID: Column = ['UID', 8, () => 'root'];
const PID: Column = ['PID', 7, ({ pid }) => String(pid)];
const PPID: Column = ['PPID', 7, ({ parent }) => String(parent)];
const TTY: Column = ['TTY', 8, () => '?'];
const TIME: Column = ['TIME', 8, () => '00:00:00'];
const FULL: Column[] = [
  UID,
  PID,
  PPID,
  ['C', 2, () => '0'],
  ['STIME', 5, () => '00:00'],
  TTY,
  TIME,
];
const SHORT: Column[] = [PID, TTY, TIME];
const BSD: Column[] = [
  ['USER', 8, () => 'root'],
  PID,
  ['%CPU', 4, () => '0.0'],
  ['%MEM', 4, () => '0.0'],
  TTY,
  ['STAT', 4, () => 'S'],
  ['TIME', 6, () => '0:00'],
];
/** What `-o` can show, by its name. */
const CHOSEN: Record<string, Column> = {
  pid: PID,
  ppid: PPID,
  user: ['USER', 8, () => 'root'],
  uid: ['UID', 5, () => '0'],
  tty: TTY,
  time: TIME,
  stat: ['STAT', 4, () => 'S'],
  comm: ['COMMAND', 15, nameOf],
  cmd: ['CMD', 0, ({ command }) => command],
  args: ['COMMAND', 0, ({ command }) => command],
  command: ['COMMAND', 0, ({ command }) => command],
};

function table(columns: Column[], processes: Process[], hasHead: boolean): string {
  const lines = [null, ...processes].map((process) =>
    columns
      .map(([title, width, cell], at) => {
        const text = process === null ? title : cell(process);
        if (at === columns.length - 1) return text;
        return isLeft(title) ? text.padEnd(width) : text.padStart(width);
      })
      .join(' '),
  );
  return `${lines.slice(hasHead ? 0 : 1).join('\n')}\n`;
}

interface Wanted {
  columns: Column[];
  hasHead: boolean;
  isOne: (process: Process) => boolean;
}

function chosen(names: string): Column[] {
  return names.split(',').map((each) => {
    const [name = '', title] = each.split('=');
    if (!Object.hasOwn(CHOSEN, name))
      throw new Usage(`unknown user-defined format specifier "${name}"`);
    const [own, width, cell] = CHOSEN[name]!;
    return [title ?? own, width, cell];
  });
}

function parse(args: string[]): Wanted {
  const wanted: Wanted = {
    columns: [...SHORT, ['CMD', 0, nameOf]],
    hasHead: true,
    isOne: () => true,
  };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const letters = arg.replace(/^-/, '');
    if (arg === '--no-headers') wanted.hasHead = false;
    else if (['-o', 'o', '-eo', '-p', 'p', '-C'].includes(arg)) {
      const value = left.shift();
      if (value === undefined) throw new Usage(`list of ${arg} must follow it`);
      if (letters.endsWith('o')) wanted.columns = chosen(value);
      else if (letters === 'p') wanted.isOne = ({ pid }) => value.split(',').includes(String(pid));
      else wanted.isOne = (process) => value.split(',').includes(nameOf(process));
      if (letters.endsWith('o')) wanted.hasHead = wanted.columns.some(([title]) => title !== '');
    } else if (!/^-?[aAefFlwxu]+$/.test(arg)) throw new Usage(`unsupported option ${arg}`);
    else if (/[fFl]/.test(letters))
      wanted.columns = [...FULL, ['CMD', 0, ({ command }) => command]];
    else if (letters.includes('u')) {
      wanted.columns = [...BSD, ['COMMAND', 0, ({ command }) => command]];
    }
  }
  return wanted;
}

export const ps = osCommand(
  {
    name: 'ps',
    summary: 'what runs on this server',
    usage: ['ps [-ef|aux]', 'ps -p PID', 'ps -C NAME', 'ps -eo COLUMN,…'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const { columns, hasHead, isOne } = parse(args);
      const found = (await processesHere(env)).filter(isOne);
      const code = found.length > 0 ? 0 : 1;
      return { ...done(table(columns, found, hasHead)), code };
    },
  },
  { refused: 1, usage: 1 },
);
