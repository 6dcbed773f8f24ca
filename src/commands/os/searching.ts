/**
 * grep and find, as far as procedures use them: lines of logs by an extended regular expression,
 * and files of a tree by what they are. Both end as the real ones do: grep with 0 where a line was
 * found, 1 where none was, 2 where a file could not be read, whatever was found in others.
 */
import { bytesOfText } from '../../core/byte-text.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { isThere, readPath } from './beside-files.ts';
import { osCommand, Usage, unknownOption } from './host.ts';

const MOST_PATTERN = 1000;

/**
 * Of extended regular expressions, what means the same here. A repeated group may take for ever on
 * an unlucky line, so there is none.
 */
function lineTest(pattern: string, isFixed: boolean, ignoresCase: boolean): RegExp {
  if (pattern.length > MOST_PATTERN) throw new Usage('the pattern is too long');
  if (isFixed) {
    const literal = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(literal, ignoresCase ? 'i' : '');
  }
  if (/\)[*+{]|\\[1-9A-Za-z]|\(\?/.test(pattern)) {
    throw new Usage('repeated groups, back references and classes by letter are not provided here');
  }
  try {
    return new RegExp(pattern, ignoresCase ? 'i' : '');
  } catch {
    throw new Usage(`Unmatched or invalid expression: ${pattern}`);
  }
}

interface Search {
  test: RegExp;
  counts: boolean;
  isQuiet: boolean;
  names: boolean;
  files: string[];
}

function searchOf(args: string[]): Search {
  const words: string[] = [];
  let letters = '';
  let isOver = false;
  for (const arg of args) {
    if (arg === '--' && !isOver) isOver = true;
    else if (isOver || !arg.startsWith('-') || arg === '-') words.push(arg);
    else letters += arg.slice(1);
  }
  const strange = [...letters].find((letter) => !'EFhHicqs'.includes(letter));
  if (strange !== undefined) throw unknownOption(`-${strange}`);
  if (!/[EF]/.test(letters)) throw new Usage('say -E or -F: what a plain pattern means differs');
  const [pattern, ...files] = words;
  if (pattern === undefined || files.length === 0) throw new Usage('name a pattern and a file');
  return {
    test: lineTest(pattern, letters.includes('F'), letters.includes('i')),
    counts: letters.includes('c'),
    isQuiet: letters.includes('q'),
    names: letters.includes('H') || (files.length > 1 && !letters.includes('h')),
    files,
  };
}

async function search(env: Environment, wanted: Search): Promise<Report> {
  const report: Report = { code: 1, data: null, stdout: '', stderr: '' };
  let isWrong = false;
  for (const path of wanted.files) {
    const text = path.startsWith('/') ? await readPath(env, path) : null;
    if (text === null) {
      isWrong = true;
      report.stderr += `grep: ${path}: No such file or directory\n`;
      continue;
    }
    const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
    const found = text === '' ? [] : lines.filter((line) => wanted.test.test(line));
    const before = wanted.names ? `${path}:` : '';
    if (found.length > 0) report.code = 0;
    if (wanted.isQuiet) continue;
    if (wanted.counts) report.stdout += `${before}${found.length}\n`;
    else report.stdout += found.map((line) => `${before}${line}\n`).join('');
  }
  const isEnough = wanted.isQuiet && report.code === 0;
  return isWrong && !isEnough ? { ...report, code: 2 } : report;
}

export const grep = osCommand({
  name: 'grep',
  kind: 'usual',
  summary: 'lines of files that match',
  usage: ['grep -E|-F [-c] [-h] [-H] [-i] [-q] WORD FILE…'],
  traits: () => ({ changes: false }),
  run: async (env, args) => search(env, searchOf(args)),
});

interface Hunt {
  root: string;
  least: number;
  bytes: number | null;
  removes: boolean;
}

function huntOf(args: string[]): Hunt {
  const [root, ...tests] = args;
  if (!root?.startsWith('/')) throw new Usage('name one absolute path before the tests');
  const hunt: Hunt = {
    root: root.replace(/(?<=.)\/+$/, ''),
    least: 0,
    bytes: null,
    removes: false,
  };
  while (tests.length > 0) {
    const test = tests.shift()!;
    if (test === '-delete') hunt.removes = true;
    else if (test === '-mindepth' && /^\d+$/.test(tests[0] ?? ''))
      hunt.least = Number(tests.shift());
    else if (test === '-size' && /^\d+c$/.test(tests[0] ?? '')) {
      hunt.bytes = Number(tests.shift()!.slice(0, -1));
    } else if (test !== '-print') throw unknownOption(test);
  }
  return hunt;
}

/** A folder's entries before the folder itself, as `-delete` needs them. */
async function visit(env: Environment, hunt: Hunt, path: string, depth: number): Promise<string> {
  let said = '';
  const names = await env.files.list(path);
  for (const name of names) said += await visit(env, hunt, `${path}/${name}`, depth + 1);
  if (depth < hunt.least) return said;
  if (hunt.bytes !== null) {
    const text = names.length > 0 ? null : await env.files.read(path).catch(() => null);
    if (text === null || bytesOfText(text).length !== hunt.bytes) return said;
  }
  if (!hunt.removes) return `${said}${path}\n`;
  await env.files.remove(path);
  return said;
}

export const find = osCommand(
  {
    name: 'find',
    kind: 'usual',
    summary: "files of this server's tree, shown or deleted",
    usage: ['find PATH [-mindepth N] [-size Nc] [-delete]'],
    traits: (args) => ({ changes: args.includes('-delete'), silent: true }),
    async run(env, args) {
      const hunt = huntOf(args);
      if (!(await isThere(env, hunt.root)))
        return failed(`find: '${hunt.root}': No such file or directory`);
      return done(await visit(env, hunt, hunt.root, 0));
    },
  },
  { refused: 1, usage: 1 },
);
