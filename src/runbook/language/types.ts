/**
 * A runbook as the loader hands it on: the file's content, its commands split into arguments, and
 * a way back from every field to its line.
 */
import { DrydockError, type Place } from '../../core/errors.ts';
import type { Runbook, Step } from '../../schema/generated/runbook.ts';

/** The kind of cluster that a runbook is for when it names none: that of the manuals. */
export const DEFAULT_KIND = 'expresscluster';

export const VERBS = [
  'run',
  'watch',
  'check',
  'find',
  'wait',
  'operator',
  'confirm',
  'choose',
  'call',
  'refuse',
] as const;

export type VerbName = (typeof VERBS)[number];

/** Path of a field in the file: `['steps', 2, 'expect']`. */
export type FieldPath = readonly (string | number)[];

export interface LoadedStep extends Step {
  verb: VerbName;
  /** Arguments of run or watch, templates not yet filled; null for the other verbs. */
  argv: string[] | null;
  /** Arguments of the undo; null when there is none. */
  undoArgv: string[] | null;
  /** The overlay by which the site put it there; none: it is the runbook's own. */
  overlay?: string;
}

/** A site's overlay as a runbook has it. */
export interface OverlayUsed {
  id: string;
  title: string;
  file: string;
  /** SHA-256 over the canonical JSON of its content. */
  hash: string;
}

export interface LoadedRunbook {
  /** As given to the loader; what errors name. */
  file: string;
  /**
   * SHA-256 over the canonical JSON of the content: comments, layout and situations do not count.
   * With overlays, over that hash and theirs.
   */
  hash: string;
  /** What the site put into it; left out: nothing. */
  overlays?: OverlayUsed[];
  runbook: Omit<Runbook, 'steps'> & { steps: LoadedStep[] };
  /** Place of a field; of the nearest field above it when it is not in the file itself. */
  placeOf(path: FieldPath, offset?: number): Place;
}

/** Of the site's own, no manual's. */
export function isHouse({ runbook }: LoadedRunbook): boolean {
  return runbook.site !== undefined;
}

export type Library = ReadonlyMap<string, LoadedRunbook>;

/** Everything wrong with one or more files; the message is the first one's. */
export class RunbookErrors extends DrydockError {
  readonly errors: readonly DrydockError[];

  constructor(errors: readonly [DrydockError, ...DrydockError[]]) {
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(`${first.message}${more}`, {
      code: first.code,
      exit: 2,
      ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
      ...(first.place === undefined ? {} : { place: first.place }),
    });
    this.name = 'RunbookErrors';
    this.errors = errors;
  }
}
