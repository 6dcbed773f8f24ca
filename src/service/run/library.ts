/**
 * Runbooks: those that ship and the site's, which of them apply to the cluster at hand, one by its
 * name or file, and what is wrong with some.
 */
import { checkConfiguration } from '../../config/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { checkTypes } from '../../engine/index.ts';
import { type Asked, fitOf } from '../../runbook/advice/fit.ts';
import { loadLibrary } from '../../runbook/language/library.ts';
import { lintFiles, lintShipped, lintSite } from '../../runbook/language/lint/lint.ts';
import { loadRunbook } from '../../runbook/language/load.ts';
import { isOverlay } from '../../runbook/language/overlay.ts';
import { commandsOf } from '../../runbook/language/step-commands.ts';
import type { Library, LoadedRunbook, LoadedStep } from '../../runbook/language/types.ts';
import { graphOf } from '../../runbook/plan/graph.ts';
import type { LintReport } from '../../schema/generated/reports/lint.ts';
import type { RunbookReport } from '../../schema/generated/reports/runbook.ts';
import type { RunbookGraphReport } from '../../schema/generated/reports/runbook-graph.ts';
import type { RunbooksReport } from '../../schema/generated/reports/runbooks.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { type SettingsFiles, siteFiles } from '../settings.ts';

type Reading = Pick<Context, 'readText' | 'settings'>;

/** A file of a cluster may stand in any character set: its text loses no byte. */
interface ReadingFiles extends Reading {
  readWhole(file: string): string;
}

function requireNoOverlay(text: string, file: string): void {
  if (!isOverlay(text)) return;
  const [, id = 'ID'] = /^overlay\s*:\s*(\S+)/m.exec(text) ?? [];
  throw badInput('it is an overlay, and no runbook by itself', {
    code: 'runbook.overlay',
    place: { file },
    remedy: `put it into the site's folder, and name its runbook: ${id}`,
  });
}

/** A runbook at hand by id, or one in a file (anything with a slash or ending in .yaml). */
export function findRunbook(
  ctx: Reading,
  id: string,
): { found: LoadedRunbook; library: Map<string, LoadedRunbook> } {
  const site = siteFiles(ctx.settings);
  if (/\/|\.ya?ml$/.test(id)) {
    const text = ctx.readText(id);
    requireNoOverlay(text, id);
    const { runbook } = loadRunbook(text, id);
    const library = loadLibrary(site, loadRunbook(text, id));
    return { found: library.get(runbook.id)!, library };
  }
  const library = loadLibrary(site);
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

/** The cluster at hand, for which runbooks are told apart. */
export interface At {
  status: Status;
  topology: Topology;
}

type Applies = RunbooksReport['runbooks'][number]['applies'];

function appliesAt(asked: Asked | null, loaded: LoadedRunbook): Applies {
  if (asked === null) return null;
  const fit = fitOf(asked, loaded);
  if (!fit.fits) return { here: false, why: fit.why, wants: [] };
  return { here: true, why: null, wants: fit.wants.map(({ name }) => name) };
}

/** `at`: whether each applies there, and why not; null: no cluster is at hand. */
export function listRunbooks(
  settings: SettingsFiles,
  filter: RunbookFilter,
  at: At | null = null,
): Report<RunbooksReport> {
  const word = filter.word?.toLowerCase();
  const library = loadLibrary(siteFiles(settings));
  const asked = at && { library, ...at };
  const chosen = [...library.values()]
    .filter(({ runbook }) => runbook.kind !== 'part')
    .map((loaded) => ({ loaded, runbook: loaded.runbook, overlays: loaded.overlays ?? [] }))
    .map(({ loaded, runbook, overlays }) => ({
      loaded,
      id: runbook.id,
      title: runbook.title,
      ...documentedIn(runbook),
      overlays: overlays.map(({ id }) => id),
      editions: runbook.editions,
      kind: runbook.kind,
      steps: runbook.steps.length,
    }))
    .filter(({ manual }) => filter.manual === undefined || manual === filter.manual)
    .filter(({ editions }) => !filter.edition || editions.includes(filter.edition as never))
    .filter(({ id, title }) => !word || `${id} ${title}`.toLowerCase().includes(word))
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  const runbooks = chosen.map(({ loaded, ...row }) => {
    return { ...row, applies: appliesAt(asked, loaded) };
  });
  const cluster = at?.status.cluster.name ?? null;
  return reportOf({ schema: 'drydock.runbooks/1', cluster, runbooks });
}

/** The same for the cluster at hand, where there is one. */
export async function listHere(
  ctx: Context,
  filter: RunbookFilter,
): Promise<Report<RunbooksReport>> {
  const cluster = await ctx.openClusterIfAny();
  if (cluster === null) return listRunbooks(ctx.settings, filter);
  try {
    const status = await cluster.door.observation.status();
    return listRunbooks(ctx.settings, filter, { status, topology: cluster.topology });
  } finally {
    await cluster.close();
  }
}

/** Nulls where the other one has it documented: a manual, or the site. */
function documentedIn({ source, site }: LoadedRunbook['runbook']) {
  return {
    manual: source?.manual ?? null,
    section: source?.section ?? null,
    site: site ?? null,
  };
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
 * `files`: those, runbooks, overlays or configurations of clusters, which begin with `<`; none: all
 * runbooks that ship, and the site's. Exit 2 where something is to be mended.
 */
export function lint(ctx: ReadingFiles, files: readonly string[]): Report<LintReport> {
  const isCluster = (file: string) => /^\ufeff?\s*</.test(ctx.readWhole(file));
  const [clusters, runbooks] = [files.filter(isCluster), files.filter((one) => !isCluster(one))];
  const site = siteFiles(ctx.settings);
  const given = runbooks.map((file) => ({ file, text: ctx.readText(file) }));
  const errors = [
    ...clusters.flatMap((file) => problemsOf(ctx.readWhole(file), file)),
    ...(files.length === 0 ? [...lintShipped(), ...lintSite(site)] : []),
    ...lintFiles(given, site),
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
    overlay: step.overlay ?? null,
    when: step.when ?? null,
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
    ...documentedIn(runbook),
    overlays: found.overlays ?? [],
    editions: runbook.editions,
    kind: runbook.kind,
    summary: runbook.summary ?? null,
    hash,
    parameters: runbook.parameters ?? {},
    roles: runbook.roles ?? {},
    requires: runbook.requires ?? [],
    leaves: [...new Set((runbook.situations ?? []).flatMap(({ leaves }) => leaves ?? []))],
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
