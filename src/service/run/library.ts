/** Runbooks: those that ship, one by its name or file, and what is wrong with some. */
import { checkConfiguration } from '../../config/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { checkTypes } from '../../engine/index.ts';
import { lintFiles, lintShipped } from '../../runbook/language/lint/lint.ts';
import { loadRunbook, loadRunbooks } from '../../runbook/language/load.ts';
import { commandsOf } from '../../runbook/language/step-commands.ts';
import type { Library, LoadedRunbook, LoadedStep } from '../../runbook/language/types.ts';
import { graphOf } from '../../runbook/plan/graph.ts';
import type { LintReport } from '../../schema/generated/reports/lint.ts';
import type { RunbookReport } from '../../schema/generated/reports/runbook.ts';
import type { RunbookGraphReport } from '../../schema/generated/reports/runbook-graph.ts';
import type { RunbooksReport } from '../../schema/generated/reports/runbooks.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';

type Reading = Pick<Context, 'readText'>;

/** A file of a cluster may stand in any character set: its text loses no byte. */
interface ReadingFiles extends Reading {
  readWhole(file: string): string;
}

/** A shipped runbook by id, or one in a file (anything with a slash or ending in .yaml). */
export function findRunbook(
  ctx: Reading,
  id: string,
): { found: LoadedRunbook; library: Map<string, LoadedRunbook> } {
  const library = loadRunbooks();
  if (/\/|\.ya?ml$/.test(id)) {
    const found = loadRunbook(ctx.readText(id), id);
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

export interface RunbookFilter {
  manual?: string | undefined;
  edition?: string | undefined;
  /** A word of id or title. */
  word?: string | undefined;
}

export function listRunbooks(filter: RunbookFilter): Report<RunbooksReport> {
  const word = filter.word?.toLowerCase();
  const runbooks = [...loadRunbooks().values()]
    .filter(({ runbook }) => runbook.kind !== 'part')
    .map(({ runbook }) => ({
      id: runbook.id,
      title: runbook.title,
      manual: runbook.source.manual,
      section: runbook.source.section,
      editions: runbook.editions,
      kind: runbook.kind,
      steps: runbook.steps.length,
    }))
    .filter(({ manual }) => filter.manual === undefined || manual === filter.manual)
    .filter(({ editions }) => !filter.edition || editions.includes(filter.edition as never))
    .filter(({ id, title }) => !word || `${id} ${title}`.toLowerCase().includes(word))
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  return reportOf({ schema: 'drydock.runbooks/1', runbooks });
}

/** What is wrong with a cluster's configuration, and what of it cannot be run here. */
function problemsOf(text: string, file: string): DrydockError[] {
  const { config, problems } = checkConfiguration(text, file);
  if (config === null || problems.length > 0) return problems;
  try {
    checkTypes(config, []);
    return [];
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    const { code, message, remedy } = error;
    return [new DrydockError(message, { code, place: { file }, ...(remedy ? { remedy } : {}) })];
  }
}

/**
 * `files`: those, runbooks or configurations of clusters, which begin with `<`; none: all runbooks
 * that ship. Exit 2 where something is to be mended.
 */
export function lint(ctx: ReadingFiles, files: readonly string[]): Report<LintReport> {
  const isCluster = (file: string) => /^\ufeff?\s*</.test(ctx.readWhole(file));
  const [clusters, runbooks] = [files.filter(isCluster), files.filter((one) => !isCluster(one))];
  const errors = [
    ...clusters.flatMap((file) => problemsOf(ctx.readWhole(file), file)),
    ...(files.length === 0 ? lintShipped() : []),
    ...lintFiles(runbooks.map((file) => ({ file, text: ctx.readText(file) }))),
  ];
  const findings = errors.map(({ code, message, remedy = null, place = null }) => {
    return { code, message, remedy, place };
  });
  return reportOf({ schema: 'drydock.lint/1', findings }, findings.length ? 2 : 0);
}

function stepOf(step: LoadedStep, library: Library, id: string) {
  return {
    id: step.id,
    title: step.title,
    kind: step.verb,
    source: step.source ?? [],
    added: step.added ?? null,
    servers: step.on ?? null,
    danger: step.danger ?? null,
    commands: commandsOf(step, library, [id]),
    answers: (step.answers ?? []).map(({ prompt, reply, secret }) => ({
      prompt,
      reply: secret ? null : reply,
    })),
    accept: step.accept ?? [],
    act: step.operator ?? null,
    call: step.call ?? null,
    probe: step.probe ?? null,
    expect: step.expect ?? null,
    undo: step.undo === 'none' ? null : (step.undoArgv ?? null),
    safe: step.safe ?? false,
  };
}

/** The runbook itself goes beside the report, for whoever has words for what only it holds. */
export interface RunbookFound extends Report<RunbookReport> {
  found: LoadedRunbook;
  library: Library;
}

export function showRunbook(ctx: Reading, given: string): RunbookFound {
  const { found, library } = findRunbook(ctx, given);
  const { runbook, hash } = found;
  const { id } = runbook;
  const data: RunbookReport = {
    schema: 'drydock.runbook/1',
    id,
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
    steps: runbook.steps.map((step) => stepOf(step, library, id)),
  };
  return { ...reportOf(data), found, library };
}

export function drawRunbook(
  ctx: Reading,
  given: string,
  format: RunbookGraphReport['format'],
): Report<RunbookGraphReport> {
  const { found, library } = findRunbook(ctx, given);
  const text = `${graphOf(found, library)[format].trimEnd()}\n`;
  return reportOf({ schema: 'drydock.runbook-graph/1', id: found.runbook.id, format, text });
}
