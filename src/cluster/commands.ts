/** Commands on the servers of a cluster, under operation ids, over a Wire. */
import type { Json } from '../core/json.ts';
import { sealWords } from '../core/secret-words.ts';
import type { HandNote } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { Commands, ExecRequest, OperationRecord } from '../ports/commands.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import { soundAnswer } from './answers.ts';
import type { Asking } from './ask.ts';
import type { Leases } from './leases.ts';
import { everyNote } from './pages.ts';

/** An answer may take longer than the command: it waits for the record to be durable. */
const EXEC_SLACK_MS = 5000;
const OPERATION_TIMEOUT_MS = 2000;
const NOTES_TIMEOUT_MS = 1000;
/** Between two questions about a command whose connection was lost. */
const ASK_AGAIN_MS = 200;

interface World {
  wire: Asking;
  clock: Clock;
  leases: Pick<Leases, 'settleStale' | 'untilTold'>;
}

async function askOperation(
  world: World,
  server: string,
  operation: string,
): Promise<OperationRecord | null> {
  const body = { do: 'operation', operation };
  const to = { server, part: 'host' as const };
  const answer = await world.wire.request(to, body, OPERATION_TIMEOUT_MS);
  return answer as unknown as OperationRecord | null;
}

/** A host whose system is not up cannot tell of its operations: the same as no answer. */
function asSilence(error: unknown, server: string): unknown {
  if (!(error instanceof RemoteError)) return error;
  if (error.code !== 'os.off') return error;
  return new WireError('refused', `the operating system of ${server} is not up`);
}

function requestExec(world: World, request: ExecRequest, timeoutMs: number): Promise<Json> {
  const { server, operation, argv, answers, secrets, lease, authority = null } = request;
  const body = {
    do: 'exec',
    operation,
    argv,
    answers: answers.map((answer) => ({ ...answer })),
    ...(secrets ? { secrets: secrets as unknown as Json } : {}),
    timeoutMs,
    lease: lease === null ? null : { ...lease },
    authority: authority as unknown as Json,
    ...(request.isLook ? { isLook: true } : {}),
  };
  return world.wire.request({ server, part: 'host' }, body, timeoutMs + EXEC_SLACK_MS);
}

/**
 * One try. A connection lost on the way is no failure of the command: its record is asked for,
 * and while it still runs this attaches to it again.
 */
async function execute(world: World, request: ExecRequest): Promise<OperationRecord> {
  const { clock } = world;
  const deadline = clock.now() + request.timeoutMs + EXEC_SLACK_MS;
  for (;;) {
    const leftMs = Math.max(1, Math.min(request.timeoutMs, deadline - clock.now()));
    try {
      return (await requestExec(world, request, leftMs)) as unknown as OperationRecord;
    } catch (error) {
      if (
        error instanceof RemoteError &&
        error.code === 'lease.unknown' &&
        clock.now() < deadline
      ) {
        await world.leases.untilTold(request.server, error);
        continue;
      }
      if (!(error instanceof WireError)) throw asSilence(error, request.server);
      const record = await recordAfter(world, request, error);
      if (record.state !== 'running') return record;
      if (clock.now() >= deadline) throw error;
      await sleep(clock, ASK_AGAIN_MS);
    }
  }
}

/** The record of a command whose connection was lost; the first error when there is none. */
async function recordAfter(
  world: World,
  request: ExecRequest,
  lost: WireError,
): Promise<OperationRecord> {
  let record: OperationRecord | null;
  try {
    record = await askOperation(world, request.server, request.operation);
  } catch (error) {
    if (error instanceof WireError || error instanceof RemoteError) throw lost;
    throw error;
  }
  if (record === null) throw lost;
  return record;
}

/** What must not be written down and stands in the order as it is travels apart from it, as a secret. */
function sealed(request: ExecRequest): ExecRequest {
  const { argv, secrets } = sealWords(request.argv, request.secrets);
  return { ...request, argv, ...(secrets ? { secrets } : {}) };
}

async function exec(world: World, given: ExecRequest): Promise<OperationRecord> {
  const request = sealed(given);
  const record = await execute(world, request).catch(async (error: unknown) => {
    if (!(error instanceof RemoteError) || error.code !== 'lease.stale') throw error;
    await world.leases.settleStale(request.server, request.lease, error);
    return execute(world, request);
  });
  const output = `${record.stdout}${record.stderr}`;
  if (output !== '') request.onOutput?.(output);
  return record;
}

async function operation(
  world: World,
  server: string,
  id: string,
): Promise<OperationRecord | null> {
  try {
    return await askOperation(world, server, id);
  } catch (error) {
    throw asSilence(error, server);
  }
}

async function typed({ wire }: World, server: string): Promise<HandNote[]> {
  const to = { server, part: 'host' as const };
  return everyNote<HandNote>(async (body) =>
    soundAnswer(to, body, await wire.request(to, body, NOTES_TIMEOUT_MS)),
  );
}

export function createCommands(world: World): Commands {
  return {
    exec: (request) => exec(world, request),
    operation: (server, id) => operation(world, server, id),
    typed: (server) => typed(world, server),
  };
}
