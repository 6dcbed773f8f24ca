/**
 * Commands under an operation id. The record is durable before the command is spawned, so that an
 * id is never spawned twice: who asks again is attached to the running command, or gets its
 * record. A command that ran when its server went down is `lost`: how far it came, its probe must
 * tell.
 */
import type { JsonObject } from '../core/json.ts';
import type { OperationRecord } from '../ports/cluster.ts';
import type { CommandEnd } from '../ports/machinery.ts';
import { answers, authority, lease, text, texts, whole } from './fields.ts';
import { checkLease } from './lease.ts';
import {
  change,
  changeLive,
  emit,
  isGoingDown,
  own,
  refusal,
  reply,
  type Turn,
  without,
} from './turn.ts';

/** Of each stream, the tail is kept. */
const OUTPUT_LIMIT = 128 * 1024;
/** Older records lose their output, and the oldest go: a run never asks that far back. */
const KEPT_WITH_OUTPUT = 50;
const KEPT = 1_000;

export function exec(turn: Turn, id: string, body: JsonObject): void {
  const operation = text(body, 'operation');
  const argv = texts(body, 'argv');
  if (argv.length === 0 || argv[0] === '') {
    throw refusal('request.malformed', 'request exec: argv names no program');
  }
  const run = { operation, argv, answers: answers(body), timeoutMs: whole(body, 'timeoutMs', 1) };
  checkLease(turn, lease(body));
  const known = own(turn.state.operations, operation);
  if (known) {
    attach(turn, id, known, argv);
    return;
  }
  if (isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot run ${argv[0]}: ${turn.state.server} is going down`);
  }
  const record: OperationRecord = {
    operation,
    argv,
    state: 'running',
    exitCode: null,
    stdout: '',
    stderr: '',
    answered: [],
    bootId: turn.state.bootId ?? '',
    startedAt: turn.now,
    endedAt: null,
    authority: authority(body),
  };
  if (argv[0]!.includes('/')) {
    deny(turn, id, record);
    return;
  }
  keep(turn, record);
  const { live } = turn.state;
  const secrets = run.answers.filter((answer) => answer.secret).map((answer) => answer.reply);
  changeLive(turn, {
    output: { ...live.output, [operation]: { stdout: '', stderr: '', secrets } },
    operationWaiters: { ...live.operationWaiters, [operation]: [id] },
  });
  emit(turn, { type: 'spawnCommand', run });
}

function attach(turn: Turn, id: string, known: OperationRecord, argv: string[]): void {
  if (JSON.stringify(known.argv) !== JSON.stringify(argv)) {
    const ran = known.argv.join(' ');
    throw refusal('operation.mismatch', `operation ${known.operation} is another command: ${ran}`);
  }
  if (known.state !== 'running') {
    reply(turn, id, known);
    return;
  }
  const waiters = own(turn.state.live.operationWaiters, known.operation) ?? [];
  const operationWaiters = {
    ...turn.state.live.operationWaiters,
    [known.operation]: [...waiters, id],
  };
  changeLive(turn, { operationWaiters });
}

/** Programs are names, looked up among the server's own; a path could leave the server. */
function deny(turn: Turn, id: string, record: OperationRecord): void {
  const stderr = `${record.argv[0]}: command not found\n`;
  const ended = { ...record, state: 'exited' as const, exitCode: 127, stderr, endedAt: turn.now };
  keep(turn, ended);
  reply(turn, id, ended);
}

function keep(turn: Turn, record: OperationRecord): void {
  const operations = { ...turn.state.operations, [record.operation]: record };
  const ended = Object.values(operations).filter((known) => known.state !== 'running');
  const bare = ended.at(-KEPT_WITH_OUTPUT - 1);
  if (bare && (bare.stdout !== '' || bare.stderr !== '')) {
    operations[bare.operation] = { ...bare, stdout: '', stderr: '' };
  }
  const oldest = ended[0];
  const isFull = ended.length > KEPT && oldest !== undefined;
  change(turn, { operations: isFull ? without(operations, oldest.operation) : operations });
}

export function commandPrinted(
  turn: Turn,
  operation: string,
  stream: 'stdout' | 'stderr',
  added: string,
): void {
  const output = own(turn.state.live.output, operation);
  if (!output) return;
  const grown = { ...output, [stream]: (output[stream] + added).slice(-OUTPUT_LIMIT) };
  changeLive(turn, { output: { ...turn.state.live.output, [operation]: grown } });
}

export function commandEnded(turn: Turn, operation: string, end: CommandEnd): void {
  const secrets = own(turn.state.live.output, operation)?.secrets ?? [];
  const answered = end.answered.map(({ prompt, reply: said }) => ({
    prompt,
    reply: secrets.includes(said) ? '[secret]' : said,
  }));
  endOperation(turn, operation, { state: 'exited', exitCode: end.exitCode, answered });
}

function endOperation(
  turn: Turn,
  operation: string,
  how: Pick<OperationRecord, 'state' | 'exitCode' | 'answered'>,
): void {
  const record = own(turn.state.operations, operation);
  if (record?.state !== 'running') return;
  const { live } = turn.state;
  const { stdout, stderr } = own(live.output, operation) ?? { stdout: '', stderr: '' };
  const ended = { ...record, ...how, stdout, stderr, endedAt: turn.now };
  keep(turn, ended);
  for (const id of own(live.operationWaiters, operation) ?? []) reply(turn, id, ended);
  changeLive(turn, {
    output: without(live.output, operation),
    operationWaiters: without(live.operationWaiters, operation),
  });
}

/** The server goes down: what still runs ends with it. */
export function loseOperations(turn: Turn): void {
  for (const record of Object.values(turn.state.operations)) {
    if (record.state !== 'running') continue;
    endOperation(turn, record.operation, { state: 'lost', exitCode: null, answered: [] });
  }
}

/** The record with the output so far; null when this server never saw the operation. */
export function showOperation(turn: Turn, id: string, body: JsonObject): void {
  const operation = text(body, 'operation');
  const record = own(turn.state.operations, operation);
  const output = own(turn.state.live.output, operation);
  if (!record || !output) {
    reply(turn, id, record ?? null);
    return;
  }
  reply(turn, id, { ...record, stdout: output.stdout, stderr: output.stderr });
}
