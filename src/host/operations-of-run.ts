/**
 * What this server's records hold of one run: the gate of any server asks for it, because a run
 * that is late may go on only where it was seen to begin in time.
 */
import type { JsonObject } from '../core/json.ts';
import type { OperationRecord } from '../ports/commands.ts';
import { text } from './fields.ts';
import { pageAfter, pageOf } from './pages.ts';
import { reply, type Turn } from './turn.ts';

/** Without output: it may be long, and says nothing of what was begun. */
function bare(record: OperationRecord): OperationRecord {
  return { ...record, stdout: '', stderr: '', answered: [] };
}

export function listOperations(turn: Turn, id: string, body: JsonObject): void {
  const run = text(body, 'run');
  const own = Object.values(turn.state.operations)
    .filter(({ authority }) => authority?.run === run)
    .map((record): [string, OperationRecord] => [record.operation, bare(record)]);
  const { items, next } = pageOf(own, pageAfter(body));
  reply(turn, id, { operations: items, next });
}
