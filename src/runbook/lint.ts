/**
 * Everything about runbooks that can be known without a cluster: that they agree with the
 * catalogue (every documented step has its label in some step), that names, words and types of
 * their expressions exist, that every step can be reached, and that what changes something says
 * what it expects, what it endangers and how it is undone. One finding is one DrydockError with
 * its place and remedy.
 */
import { badInput, type DrydockError, type Place } from '../core/errors.ts';
import type { Procedure } from './catalogue.ts';
import { lintCatalogue } from './lint-catalogue.ts';
import { lintFlow } from './lint-flow.ts';
import { lintNames } from './lint-names.ts';
import { lintSteps } from './lint-steps.ts';
import type { FieldPath, Library, LoadedRunbook } from './types.ts';

export type Report = (
  path: FieldPath,
  message: string,
  remedy: string,
  options?: { offset?: number; code?: string },
) => void;

export interface LintContext {
  library: Library;
  catalogue: ReadonlyMap<string, Procedure>;
  /** Programs that a server has; not checked when absent. */
  programs?: ReadonlySet<string>;
}

function inOrder(a: Place | undefined, b: Place | undefined): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/** All findings on one runbook, in the order of its lines. Empty: nothing is wrong. */
export function lintRunbook(loaded: LoadedRunbook, context: LintContext): DrydockError[] {
  const findings: DrydockError[] = [];
  const report: Report = (path, message, remedy, { offset = 0, code = 'lint' } = {}) => {
    const place = loaded.placeOf(path, offset);
    findings.push(badInput(message, { code, place, ...(remedy ? { remedy } : {}) }));
  };
  lintCatalogue(loaded, context, report);
  lintNames(loaded, context, report);
  lintSteps(loaded, context, report);
  lintFlow(loaded, report);
  return findings.sort((a, b) => inOrder(a.place, b.place));
}

export function lintRunbooks(context: LintContext): DrydockError[] {
  return [...context.library.values()].flatMap((loaded) => lintRunbook(loaded, context));
}
