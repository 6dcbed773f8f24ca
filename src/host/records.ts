/**
 * How long a server remembers a command that ended.
 *
 *     ended ──50 later──► its output goes ──1,000 later──► its record goes, its id stays ──► unknown
 *
 * A run that stands open holds the lease here. What it ordered keeps its record, and the last of it
 * its output, whatever others order meanwhile: it may still have to be judged by that. An id whose
 * record is gone is never run again: it ran, and how it ended nobody knows any more. A look (a step
 * that watches) has an id that is never asked for twice: it goes first, and leaves nothing.
 */
import type { OperationRecord } from '../ports/commands.ts';
import type { HostState } from './state.ts';
import { change, refusal, type Turn, without } from './turn.ts';

/** Of each stream, the tail is stored: letters here, and bytes as they lie in a frame. */
export const OUTPUT_LIMIT = 128 * 1024;
const OUTPUT_BYTES = 256 * 1024;
const KEPT_WITH_OUTPUT = 50;
const KEPT = 1_000;
/** With the commands of the run that stands open, which are not forgotten. */
const KEPT_AT_MOST = 2 * KEPT;
const IDS_KEPT = 4_000;

function isOfOpenRun({ lease }: HostState, operation: string): boolean {
  return lease.holder !== null && operation.startsWith(`${lease.holder}/`);
}

/** The tail that fits into an answer, however its letters have to be written there. */
export function fittingTail(text: string): string {
  let tail = text.slice(-OUTPUT_LIMIT).toWellFormed();
  const bytes = () => new TextEncoder().encode(JSON.stringify(tail)).length;
  for (let size = bytes(); size > OUTPUT_BYTES; size = bytes()) {
    tail = tail.slice(Math.ceil(tail.length * (1 - OUTPUT_BYTES / size)) || 1).toWellFormed();
  }
  return tail;
}

/** Refuses a command for whose record there would be no room. */
export function requireRoom({ state }: Turn): void {
  if (Object.keys(state.operations).length < KEPT_AT_MOST) return;
  throw refusal(
    'operations.full',
    `${state.server} keeps ${KEPT_AT_MOST} commands of the run that holds it and takes no more`,
  );
}

export function keep(turn: Turn, record: OperationRecord): void {
  const operations = { ...turn.state.operations, [record.operation]: record };
  const ended = Object.values(operations).filter((known) => known.state !== 'running');
  for (const isOpen of [true, false]) {
    const group = ended.filter(({ operation, isLook }) => {
      return (isOfOpenRun(turn.state, operation) && !isLook) === isOpen;
    });
    const bare = group.at(-KEPT_WITH_OUTPUT - 1);
    if (bare && (bare.stdout !== '' || bare.stderr !== '')) {
      operations[bare.operation] = { ...bare, stdout: '', stderr: '', gone: 'output' };
    }
  }
  change(turn, { operations });
  if (ended.length > KEPT) forgetOne(turn, ended);
}

function forgetOne(turn: Turn, ended: OperationRecord[]): void {
  const goes =
    ended.find(({ isLook }) => isLook) ??
    ended.find(({ operation }) => !isOfOpenRun(turn.state, operation));
  if (!goes) return;
  change(turn, { operations: without(turn.state.operations, goes.operation) });
  if (goes.isLook) return;
  const ids = [...turn.state.forgotten, goes.operation];
  const first = ids.findIndex((id) => !isOfOpenRun(turn.state, id));
  change(turn, { forgotten: ids.length > IDS_KEPT ? ids.toSpliced(Math.max(0, first), 1) : ids });
}

/** What is left of a command whose record is gone; null when it never ran here. */
export function forgotten(turn: Turn, operation: string, argv: string[]): OperationRecord | null {
  if (!turn.state.forgotten.includes(operation)) return null;
  return {
    operation,
    argv,
    state: 'lost',
    gone: 'record',
    exitCode: null,
    stdout: '',
    stderr: '',
    answered: [],
    bootId: '',
    startedAt: 0,
    endedAt: null,
  };
}
