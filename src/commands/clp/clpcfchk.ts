/**
 * clpcfchk: checks a cluster configuration without distributing it.
 *
 * Known: its name, and that it checks. Our choice: the options; that the cluster's own file is
 * checked where no folder is given; a line for each problem and exit 1 where there are some; that -o
 * leaves them as cfchk_result.csv in a folder outside of the cluster's own.
 */
import { checkConfiguration } from '../../config/index.ts';
import { type DrydockError, describeError } from '../../core/errors.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { LintReport } from '../../schema/generated/reports/lint.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { defineBare, LOOKS_ONLY, refused, SUCCEEDED } from './context.ts';
import { FILE, fileAt, refuseOwnFolder } from './file-paths.ts';
import { atMost, type Given } from './options.ts';

const OPTIONS = {
  input: { names: ['-i'], value: 'DIR' },
  output: { names: ['-o'], value: 'DIR' },
};

const RESULT = 'cfchk_result.csv';
const COLUMNS = ['line', 'element', 'message', 'remedy'];

function quoted(value: unknown): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tableOf(problems: readonly DrydockError[]): string {
  const rows = problems.map(({ place, message, remedy }) => [
    place?.line,
    place?.field,
    message,
    remedy,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

export function findingsOf(problems: readonly DrydockError[]): LintReport {
  const findings = problems.map(({ code, message, remedy = null, place = null }) => {
    return { code, message, remedy, place };
  });
  return { schema: 'drydock.lint/1', findings };
}

/** What a check says: nothing is wrong, or a line for each problem. */
export function checked(problems: readonly DrydockError[], success: string): Report {
  const data = findingsOf(problems);
  if (problems.length === 0) return done(success, data);
  return { ...failed(problems.map(describeError).join('\n')), data };
}

async function run(env: Environment, given: Given): Promise<Report> {
  atMost(given, 0);
  const folder = given.value('input');
  const { files, path } = fileAt(env, folder === undefined ? CONFIG_PATH : `${folder}/${FILE}`);
  const text = await files.read(path);
  if (text === null) throw refused(`there is no ${path}`);
  const { problems } = checkConfiguration(text, path);
  const output = given.value('output');
  if (output !== undefined) {
    const result = fileAt(env, `${output}/${RESULT}`);
    refuseOwnFolder(env, result, 'a result');
    await result.files.write(result.path, tableOf(problems));
  }
  return checked(problems, SUCCEEDED);
}

export const clpcfchk = defineBare(
  {
    name: 'clpcfchk',
    summary: 'Checks a cluster configuration',
    usage: ['clpcfchk [-i DIR] [-o DIR]'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  run,
);
