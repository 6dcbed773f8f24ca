/** Errors of the record, in every journal alike. Each says what was attempted and what is lost. */
import { DrydockError } from '../core/errors.ts';

export function heldByAnother(cluster: string, about: string): DrydockError {
  return new DrydockError(`another runner on this host works on ${cluster}: ${about}`, {
    code: 'runner.held',
    exit: 5,
    remedy: 'wait until it ended, or stop it; `drydock runs` lists what is going on',
  });
}

export function journalFull(attempted: string, cause?: unknown): DrydockError {
  return new DrydockError(`${attempted}: no space is left for the record; nothing of it was lost`, {
    code: 'journal.full',
    exit: 6,
    remedy: 'make space on the disk of the state folder, then resume the run',
    cause,
  });
}

export function journalCorrupt(attempted: string, why: string, cause?: unknown): DrydockError {
  return new DrydockError(`${attempted}: the record is damaged: ${why}`, {
    code: 'journal.corrupt',
    exit: 7,
    remedy:
      'leave the file as it is, and go on from an exported copy or with `run-log --remainder`',
    cause,
  });
}

/** It was there: something beside it says so. */
export function journalGone(attempted: string, sign: string): DrydockError {
  return new DrydockError(`${attempted}: the record is gone: ${sign} tells that there was one`, {
    code: 'journal.gone',
    exit: 7,
    remedy:
      'put it back from a copy; where there is none, begin another with your word on why: ' +
      'drydock audit begin --reason TEXT',
  });
}

export function journalFailed(attempted: string, cause: unknown): DrydockError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DrydockError(`${attempted}: ${why}`, {
    code: 'journal.failed',
    exit: 6,
    remedy: 'see that the state folder can be written, then resume the run',
    cause,
  });
}

export function journalReadOnly(attempted: string, why: string): DrydockError {
  return new DrydockError(`${attempted}: the record can only be read here: ${why}`, {
    code: 'journal.readOnly',
    exit: 6,
    remedy: 'see that the state folder can be written',
  });
}

const RUN_MOVED = 'run.moved';

/** Somebody else appended to the run since it was looked at; `why` says how it stands. */
export function runMoved(run: string, why: string): DrydockError {
  return new DrydockError(`run ${run} was gone on with by somebody else: ${why}`, {
    code: RUN_MOVED,
    exit: 5,
    remedy: `see what it did with \`drydock run-log ${run}\``,
  });
}

export function isRunMoved(error: unknown): error is DrydockError {
  return error instanceof DrydockError && error.code === RUN_MOVED;
}

/** Throws when the last entry of a run is another one than the writer has seen. */
export function requireLast(run: string, expected: number, found: number): void {
  if (found === expected) return;
  throw runMoved(run, `its last entry is ${found}, not ${expected}`);
}
