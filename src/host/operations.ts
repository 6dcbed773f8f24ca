/**
 * Commands under an operation id. The record is durable before the command is spawned, so that an
 * id is never spawned twice: who asks again is attached to the running command, or gets its
 * record. A command that ran when its server went down is `lost`: how far it came, its probe must
 * tell. How long a record is stored: records.ts. Secrets stay out of all that is stored: the record
 * holds masks (src/core/secrets.ts), the values go with the order to spawn and no further.
 */
import type { JsonObject } from '../core/json.ts';
import { commandNotFound } from '../core/not-found.ts';
import type { Caller } from '../core/part.ts';
import type { OperationRecord } from '../ports/commands.ts';
import type { CommandEnd, Printed } from '../ports/machinery.ts';
import { answers, authority, flag, lease, text, texts, whole } from './fields.ts';
import { checkLease, requireReported } from './lease.ts';
import { fittingTail, forgotten, keep, OUTPUT_LIMIT, requireRoom } from './records.ts';
import { sealedOrder } from './sealed.ts';
import type { Live } from './state.ts';
import { changeLive, emit, isGoingDown, own, refusal, reply, type Turn, without } from './turn.ts';

/** What a record repeats of its order has to fit into an answer, beside the output. */
const ORDER_BYTES = 128 * 1024;
const PROMPT_LETTERS = 1_000;
const NOTHING: Live['output'][string] = { stdout: '', stderr: '', cut: [] };

export function exec(turn: Turn, id: string, body: JsonObject, from: Caller): void {
  const operation = text(body, 'operation');
  const argv = texts(body, 'argv');
  if (argv.length === 0 || argv[0] === '') {
    throw refusal('request.malformed', 'request exec: argv names no program');
  }
  const order = sealedOrder(body, argv, answers(body));
  const run = { operation, ...order, timeoutMs: whole(body, 'timeoutMs', 1) };
  if (Buffer.byteLength(JSON.stringify([argv, run.answers])) > ORDER_BYTES) {
    throw refusal('request.malformed', `request exec: argv and answers are above ${ORDER_BYTES} B`);
  }
  const given = lease(body);
  if (given !== null) requireReported(turn);
  checkLease(turn, given);
  const known = own(turn.state.operations, operation) ?? forgotten(turn, operation, argv);
  if (known) {
    attach(turn, id, known, argv);
    return;
  }
  if (isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot run ${argv[0]}: ${turn.state.server} is going down`);
  }
  requireRoom(turn);
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
    authority: authority(body, from),
    answers: run.answers.map(({ prompt, reply: said }) => ({ prompt, reply: said })),
    ...(flag(body, 'isLook') ? { isLook: true } : {}),
  };
  if (argv[0]!.includes('/')) {
    deny(turn, id, record);
    return;
  }
  keep(turn, record);
  const { live } = turn.state;
  changeLive(turn, {
    output: { ...live.output, [operation]: { stdout: '', stderr: '', cut: [] } },
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
  const stderr = `${commandNotFound(record.argv[0] ?? '')}\n`;
  const ended = { ...record, state: 'exited' as const, exitCode: 127, stderr, endedAt: turn.now };
  keep(turn, ended);
  reply(turn, id, ended);
}

export function commandPrinted(
  turn: Turn,
  operation: string,
  stream: 'stdout' | 'stderr',
  added: string,
): void {
  const output = own(turn.state.live.output, operation);
  if (!output) return;
  const whole = output[stream] + added;
  const cut = whole.length > OUTPUT_LIMIT ? [...new Set([...output.cut, stream])] : output.cut;
  const grown = { ...output, cut, [stream]: whole.slice(-OUTPUT_LIMIT) };
  changeLive(turn, { output: { ...turn.state.live.output, [operation]: grown } });
}

export function commandEnded(turn: Turn, operation: string, end: CommandEnd): void {
  const answered = end.answered.map(({ prompt, reply: said }) => ({
    prompt: prompt.slice(0, PROMPT_LETTERS).toWellFormed(),
    reply: said,
  }));
  const refused = end.refused ? { refused: end.refused } : {};
  const how = { state: 'exited' as const, exitCode: end.exitCode, answered, ...refused };
  endOperation(turn, operation, how, end.printed);
}

/** The tails that are stored, and of what was cut how much was printed in all, and its digest. */
function outputOf(
  live: Live['output'][string],
  printed: Printed | undefined,
): Pick<OperationRecord, 'stdout' | 'stderr' | 'cut'> {
  const { stdout, stderr, cut: early } = live;
  const stored = { stdout: fittingTail(stdout), stderr: fittingTail(stderr) };
  const cut = (['stdout', 'stderr'] as const).filter(
    (stream) => early.includes(stream) || stored[stream].length < live[stream].length,
  );
  if (cut.length === 0) return stored;
  const all = cut.map((stream) => [stream, printed?.[stream] ?? { bytes: null, sha256: null }]);
  return { ...stored, cut: Object.fromEntries(all) };
}

function endOperation(
  turn: Turn,
  operation: string,
  how: Pick<OperationRecord, 'state' | 'exitCode' | 'answered' | 'refused'>,
  printed?: Printed,
): void {
  const record = own(turn.state.operations, operation);
  if (record?.state !== 'running') return;
  const { live } = turn.state;
  const printing = own(live.output, operation) ?? NOTHING;
  const output = outputOf(printing, printed);
  const ended = { ...record, ...how, ...output, endedAt: turn.now };
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
    reply(turn, id, record ?? forgotten(turn, operation, []));
    return;
  }
  reply(turn, id, { ...record, ...outputOf(output, undefined) });
}
