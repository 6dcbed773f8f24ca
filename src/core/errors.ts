/**
 * Operating errors. A programmer's mistake is an assertion (`node:assert`-free: see `invariant`);
 * what can go wrong in the field is a DrydockError that says what was attempted and what to do next.
 */

/** Where in an input file an error is. Lines and columns count from 1. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  field?: string;
}

export interface ErrorDetails {
  /** Stable machine-readable word, e.g. `server.unknown`. */
  code: string;
  /** One sentence: what a person can do next. */
  remedy?: string;
  place?: Place;
  /** Exit code of the command line (see the table in README); 1 when left out. */
  exit?: number;
  cause?: unknown;
  /** Until when what is left to do has to be done, in words, where that is known. */
  by?: string;
}

export class DrydockError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly place: Place | undefined;
  readonly exit: number;
  readonly by: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DrydockError';
    this.code = details.code;
    this.remedy = details.remedy;
    this.place = details.place;
    this.exit = details.exit ?? 1;
    this.by = details.by;
  }
}

/** Bad usage or bad input: exit 2, and nothing was done. */
export function badInput(message: string, details: Omit<ErrorDetails, 'exit'>): DrydockError {
  return new DrydockError(message, { ...details, exit: 2 });
}

/** Throws a defect (exit 70) when a programmer's assumption does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new DrydockError(`defect: ${message}`, { code: 'defect', exit: 70 });
}

/** What went wrong, as an error or a document says it. */
export interface Problem {
  message: string;
  remedy?: string | null | undefined;
  place?: Place | null | undefined;
}

/** `file:line:column: field: message; remedy` on one line, for people. */
export function describeProblem({ message, remedy, place }: Problem): string {
  const where = place
    ? [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
    : '';
  const head = [where, place?.field].filter(Boolean).join(': ');
  const body = remedy ? `${message}; ${remedy}` : message;
  return head ? `${head}: ${body}` : body;
}

/** Likewise; of what is no error of ours its message alone. */
export function describeError(error: unknown): string {
  if (error instanceof DrydockError) return describeProblem(error);
  return error instanceof Error ? error.message : String(error);
}
