/** `list` and `lint`: which runbooks there are, and what is wrong with one. */
import { badInput, describeError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { lintFiles, lintShipped } from '../../runbook/language/lint/lint.ts';
import { loadRunbook, loadRunbooks } from '../../runbook/language/load.ts';
import type { LoadedRunbook } from '../../runbook/language/types.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { readText } from '../words/reading.ts';

/** A shipped runbook by id, or one in a file (anything with a slash or ending in .yaml). */
export function findRunbook(id: string): {
  found: LoadedRunbook;
  library: Map<string, LoadedRunbook>;
} {
  const library = loadRunbooks();
  if (/\/|\.ya?ml$/.test(id)) {
    const found = loadRunbook(readText(id), id);
    library.set(found.runbook.id, found);
    return { found, library };
  }
  const found = library.get(id);
  if (!found) {
    throw badInput(`there is no runbook '${id}'`, {
      code: 'runbook.unknown',
      remedy: `${suggestion(id, library.keys())} (\`drydock list\` shows all)`,
    });
  }
  return { found, library };
}

export async function list(cli: Cli, args: Args): Promise<number> {
  const word = typeof args.search === 'string' ? args.search.toLowerCase() : null;
  const rows = [...loadRunbooks().values()]
    .map(({ runbook }) => ({
      id: runbook.id,
      title: runbook.title,
      manual: runbook.source.manual,
      section: runbook.source.section,
      editions: runbook.editions,
      kind: runbook.kind,
      steps: runbook.steps.length,
    }))
    .filter((row) => args.manual === undefined || row.manual === args.manual)
    .filter((row) => args.edition === undefined || row.editions.includes(args.edition as never))
    .filter((row) => !word || `${row.id} ${row.title}`.toLowerCase().includes(word))
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  print(cli, { schema: 'drydock.runbooks/1', runbooks: rows }, () =>
    table([
      ['ID', 'SECTION', 'EDITIONS', 'STEPS', 'TITLE'],
      ...rows.map((row) => [
        row.id,
        `${row.manual} ${row.section}`,
        row.editions.join(','),
        String(row.steps),
        row.title,
      ]),
    ]),
  );
  return 0;
}

export async function lint(cli: Cli, args: Args): Promise<number> {
  const files = Array.isArray(args.files) ? args.files.map(String) : [];
  const findings = files.length
    ? lintFiles(files.map((file) => ({ file, text: readText(file) })))
    : lintShipped();
  const document = {
    schema: 'drydock.lint/1',
    findings: findings.map((error) => ({
      code: error.code,
      message: error.message,
      remedy: error.remedy ?? null,
      place: error.place ?? null,
    })),
  };
  print(cli, document, () => findings.map((error) => `${describeError(error)}\n`).join(''));
  cli.say(findings.length ? `${findings.length} finding(s)` : 'nothing to mend');
  return findings.length ? 2 : 0;
}
