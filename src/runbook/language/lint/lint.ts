/**
 * Everything about runbooks that can be known without a cluster: that they agree with the
 * catalogue (every documented step has its label in some step, in the manual's order, and every
 * command that the manual prints stands there), that names, words and types of
 * their expressions exist, that every step can be reached, and that what changes something says
 * what it expects, what it endangers and how it is undone. One finding is one DrydockError with
 * its place and remedy.
 */
import { commands } from '../../../commands/index.ts';
import { badInput, type DrydockError, type Place } from '../../../core/errors.ts';
import { suggestion } from '../../../core/nearest.ts';
import { type Procedure, readCatalogue } from '../catalogue.ts';
import { type DocumentedCommands, readDocumentedCommands } from '../documented.ts';
import { readLibrary } from '../library.ts';
import { gather, loadRunbook, type SourceFile } from '../load.ts';
import { isOverlay, type LoadedOverlay, loadOverlay, misfits, overlaid } from '../overlay.ts';
import { DEFAULT_KIND, type FieldPath, type Library, type LoadedRunbook } from '../types.ts';
import { lintCatalogue } from './catalogue.ts';
import { lintFlow } from './flow.ts';
import { lintMentions } from './mentions.ts';
import { lintNames } from './names.ts';
import { lintSteps } from './steps.ts';
import { lintSymptoms } from './symptoms.ts';

export type Report = (
  path: FieldPath,
  message: string,
  remedy: string,
  options?: { offset?: number; code?: string },
) => void;

export interface LintContext {
  library: Library;
  catalogue: ReadonlyMap<string, Procedure>;
  /** Commands that the manuals print; not checked when absent. */
  documented?: DocumentedCommands;
  /** Programs that a server has; not checked when absent. */
  programs?: ReadonlySet<string>;
}

function inOrder(a: Place | undefined, b: Place | undefined): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/** Expressions are read in the words of the manuals; there are none yet for another kind. */
function lintKind({ runbook: { cluster = DEFAULT_KIND } }: LoadedRunbook, report: Report): void {
  if (cluster === DEFAULT_KIND) return;
  const message = `expressions have no words for a cluster of kind ${cluster}`;
  report(['cluster'], message, `leave it out: a runbook is for ${DEFAULT_KIND} by itself`);
}

/** All findings on one runbook, in the order of its lines. Empty: nothing is wrong. */
export function lintRunbook(loaded: LoadedRunbook, context: LintContext): DrydockError[] {
  const findings: DrydockError[] = [];
  const report: Report = (path, message, remedy, { offset = 0, code = 'lint' } = {}) => {
    const place = loaded.placeOf(path, offset);
    findings.push(badInput(message, { code, place, ...(remedy ? { remedy } : {}) }));
  };
  lintKind(loaded, report);
  lintCatalogue(loaded, context, report);
  lintNames(loaded, context, report);
  lintSteps(loaded, context, report);
  lintFlow(loaded, report);
  lintMentions(loaded, context, report);
  return findings.sort((a, b) => inOrder(a.place, b.place));
}

export function lintRunbooks(context: LintContext): DrydockError[] {
  return [...context.library.values()].flatMap((loaded) => lintRunbook(loaded, context));
}

function contextOf(library: Library): LintContext {
  return {
    library,
    catalogue: readCatalogue(),
    documented: readDocumentedCommands(),
    programs: new Set(commands.keys()),
  };
}

/** Findings on every runbook of the package, those that cannot even be loaded included. */
export function lintShipped(): DrydockError[] {
  const { library, errors } = readLibrary([]);
  return [...errors, ...lintRunbooks(contextOf(library)), ...lintSymptoms(library)];
}

/** On what an overlay puts into its runbook; what is the runbook's own is not its matter. */
function lintOverlay(one: LoadedOverlay, context: LintContext): DrydockError[] {
  const { overlay: id } = one.overlay;
  const runbook = context.library.get(id);
  if (!runbook) {
    const message = `there is no runbook '${id}' to put steps into`;
    const remedy = suggestion(id, context.library.keys());
    const place = one.placeOf(['overlay']);
    return [badInput(message, { code: 'runbook.unknown', place, remedy })];
  }
  const wrong = misfits(runbook, one);
  if (wrong.length > 0) return wrong;
  return lintRunbook(overlaid(runbook, [one]), context).filter(
    ({ place }) => place?.file === one.file,
  );
}

/** Findings on the files of a site, all of them together. */
export function lintSite(site: readonly SourceFile[]): DrydockError[] {
  const doubles = readLibrary(site).errors.filter(({ code }) => code === 'runbook.double');
  return [...doubles, ...lintFiles(site, [])];
}

/**
 * Findings on these files, runbooks and overlays, which may call what ships and one another, and the
 * runbooks of a site. What its overlays put elsewhere is no matter of theirs.
 */
export function lintFiles(
  files: readonly SourceFile[],
  site: readonly SourceFile[],
): DrydockError[] {
  const { library } = readLibrary(site.filter(({ text }) => !isOverlay(text)));
  const runbooks: LoadedRunbook[] = [];
  const overlays: LoadedOverlay[] = [];
  const errors = gather(files, ({ file, text }) => {
    if (isOverlay(text)) {
      overlays.push(loadOverlay(text, file));
      return;
    }
    const runbook = loadRunbook(text, file);
    runbooks.push(runbook);
    library.set(runbook.runbook.id, runbook);
  });
  const context = contextOf(library);
  return [
    ...errors,
    ...runbooks.flatMap((one) => lintRunbook(one, context)),
    ...overlays.flatMap((one) => lintOverlay(one, context)),
  ];
}
