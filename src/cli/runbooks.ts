/** `list`, `show` and `lint`: what is known of the runbooks themselves. */
import { readFileSync } from 'node:fs';
import { badInput, describeError } from '../core/errors.ts';
import { suggestion } from '../core/nearest.ts';
import { graphOf } from '../runbook/graph.ts';
import { lintFiles, lintShipped } from '../runbook/lint.ts';
import { loadRunbook, loadRunbooks } from '../runbook/load.ts';
import type { LoadedRunbook, LoadedStep } from '../runbook/types.ts';
import { type Cli, print, table } from './context.ts';
import type { Args } from './verbs.ts';

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

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw badInput(`cannot read the runbook file ${file}`, {
      code: 'file.unreadable',
      remedy: 'check its name and that you may read it',
      place: { file },
      cause,
    });
  }
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

function commandsOf(step: LoadedStep): string[][] {
  return step.argv ? [step.argv] : [];
}

function documentOf({ runbook, hash }: LoadedRunbook) {
  return {
    schema: 'drydock.runbook/1',
    id: runbook.id,
    title: runbook.title,
    manual: runbook.source.manual,
    section: runbook.source.section,
    editions: runbook.editions,
    kind: runbook.kind,
    summary: runbook.summary ?? null,
    hash,
    parameters: runbook.parameters ?? {},
    roles: runbook.roles ?? {},
    requires: runbook.requires ?? [],
    steps: runbook.steps.map((step) => ({
      id: step.id,
      title: step.title,
      kind: step.verb,
      source: step.source ?? [],
      added: step.added ?? null,
      servers: step.on ?? null,
      danger: step.danger ?? null,
      commands: commandsOf(step),
      act: step.operator ?? null,
      call: step.call ?? null,
      probe: step.probe ?? null,
      expect: step.expect ?? null,
      undo: step.undo === 'none' ? null : step.undoArgv,
      safe: step.safe ?? false,
    })),
  };
}

/** What a step does, in a few words. */
function doing(step: LoadedStep): string {
  if (step.argv) return `${step.verb === 'watch' ? 'watch ' : '# '}${step.argv.join(' ')}`;
  if (step.operator) {
    const { act, device, medium } = step.operator;
    return `by hand: ${[act, device ?? medium].filter(Boolean).join(' ')}`;
  }
  if (step.confirm) return `asks: ${step.confirm.question}`;
  if (step.choose) return `asks: ${step.choose.question} (${step.choose.options.join(' | ')})`;
  if (step.call) return `runbook ${step.call.runbook}`;
  if (step.wait)
    return step.wait.until ? `waits until ${step.wait.until}` : `waits ${step.wait.for}`;
  return `${step.verb} ${step.check ?? step.refuse ?? ''}`;
}

function wordsOf(cli: Cli, loaded: LoadedRunbook): string {
  const { runbook } = loaded;
  const lines = [
    cli.paintData('bold', `${runbook.id}  ${runbook.title}`),
    `${runbook.source.manual} ${runbook.source.section}, ${runbook.editions.join(' ')}, ${runbook.kind}, ${loaded.hash.slice(0, 12)}`,
    ...(runbook.summary ? ['', runbook.summary.trim()] : []),
  ];
  const parameters = Object.entries(runbook.parameters ?? {});
  if (parameters.length) lines.push('', 'Parameters (--set NAME=VALUE)');
  for (const [name, parameter] of parameters) {
    const from = parameter.from ? `, one of the ${parameter.from}` : '';
    const preset = parameter.default === undefined ? '' : `, default ${parameter.default}`;
    lines.push(`  ${name} (${parameter.type}${from}${preset}): ${parameter.description}`);
  }
  if (runbook.requires?.length) lines.push('', 'Requires');
  for (const { that, or } of runbook.requires ?? []) lines.push(`  ${that}`, `      else: ${or}`);
  lines.push('', 'Steps');
  for (const step of runbook.steps) {
    const label = step.source?.length ? `(${step.source.join(', ')})` : '(added)';
    lines.push(`  ${step.id} ${label}: ${step.title}`);
    lines.push(`      ${step.on ? `on ${step.on}: ` : ''}${doing(step)}`);
    if (step.added) lines.push(`      added because ${step.added}`);
    if (step.danger) lines.push(`      ${cli.paintData('red', 'danger')}: ${step.danger}`);
    if (step.verb === 'run' && step.undo === 'none') lines.push('      cannot be undone');
    else if (step.undoArgv) lines.push(`      undo: ${step.undoArgv.join(' ')}`);
    if (step.safe) lines.push('      a run may be parked after this step');
  }
  return `${lines.join('\n')}\n`;
}

export async function show(cli: Cli, args: Args): Promise<number> {
  const { found, library } = findRunbook(String(args.id));
  if (args.graph) {
    const graph = graphOf(found, library);
    cli.out(`${graph[args.graph as 'svg' | 'mermaid' | 'dot'].trimEnd()}\n`);
    return 0;
  }
  print(cli, documentOf(found), () => wordsOf(cli, found));
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
