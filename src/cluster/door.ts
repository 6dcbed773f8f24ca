/**
 * The door of a cluster over a Wire: commands under operation ids, the status, and nothing else.
 * (src/ports/cluster.ts says what each call promises.)
 */
import type { Json } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { ClusterDoor, ExecRequest, OperationRecord } from '../ports/cluster.ts';
import { RemoteError, type Wire, WireError } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { createLeases, type Leases } from './leases.ts';
import { collectPapers, putPaper } from './papers.ts';
import { ASK_TIMEOUT_MS, collectStatus } from './status.ts';

/** An answer may take longer than the command: it waits for the record to be durable. */
const EXEC_SLACK_MS = 5000;
const OPERATION_TIMEOUT_MS = 2000;
const PAPERS_TIMEOUT_MS = 2000;
/** Between two questions about a command whose connection was lost. */
const ASK_AGAIN_MS = 200;

export interface DoorOptions {
  wire: Pick<Wire, 'request'>;
  config: ClusterConfiguration;
  clock: Clock;
}

interface Door extends DoorOptions {
  leases: Leases;
}

async function askOperation(
  door: DoorOptions,
  server: string,
  operation: string,
): Promise<OperationRecord | null> {
  const body = { do: 'operation', operation };
  const to = { server, part: 'host' as const };
  const answer = await door.wire.request(to, body, OPERATION_TIMEOUT_MS);
  return answer as unknown as OperationRecord | null;
}

/** A host whose system is not up cannot tell of its operations: the same as no answer. */
function asSilence(error: unknown, server: string): unknown {
  if (!(error instanceof RemoteError)) return error;
  if (error.code !== 'os.off') return error;
  return new WireError('refused', `the operating system of ${server} is not up`);
}

function requestExec(door: Door, request: ExecRequest, timeoutMs: number): Promise<Json> {
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
  return door.wire.request({ server, part: 'host' }, body, timeoutMs + EXEC_SLACK_MS);
}

/**
 * One try. A connection lost on the way is no failure of the command: its record is asked for,
 * and while it still runs this attaches to it again.
 */
async function execute(door: Door, request: ExecRequest): Promise<OperationRecord> {
  const { clock } = door;
  const deadline = clock.now() + request.timeoutMs + EXEC_SLACK_MS;
  for (;;) {
    const leftMs = Math.max(1, Math.min(request.timeoutMs, deadline - clock.now()));
    try {
      return (await requestExec(door, request, leftMs)) as unknown as OperationRecord;
    } catch (error) {
      if (
        error instanceof RemoteError &&
        error.code === 'lease.unknown' &&
        clock.now() < deadline
      ) {
        await door.leases.untilTold(request.server, error);
        continue;
      }
      if (!(error instanceof WireError)) throw asSilence(error, request.server);
      const record = await recordAfter(door, request, error);
      if (record.state !== 'running') return record;
      if (clock.now() >= deadline) throw error;
      await sleep(clock, ASK_AGAIN_MS);
    }
  }
}

/** The record of a command whose connection was lost; the first error when there is none. */
async function recordAfter(
  door: Door,
  request: ExecRequest,
  lost: WireError,
): Promise<OperationRecord> {
  let record: OperationRecord | null;
  try {
    record = await askOperation(door, request.server, request.operation);
  } catch (error) {
    if (error instanceof WireError || error instanceof RemoteError) throw lost;
    throw error;
  }
  if (record === null) throw lost;
  return record;
}

async function exec(door: Door, request: ExecRequest): Promise<OperationRecord> {
  const record = await execute(door, request).catch(async (error: unknown) => {
    if (!(error instanceof RemoteError) || error.code !== 'lease.stale') throw error;
    await door.leases.settleStale(request.server, request.lease, error);
    return execute(door, request);
  });
  const output = `${record.stdout}${record.stderr}`;
  if (output !== '') request.onOutput?.(output);
  return record;
}

async function operation(door: Door, server: string, id: string): Promise<OperationRecord | null> {
  try {
    return await askOperation(door, server, id);
  } catch (error) {
    throw asSilence(error, server);
  }
}

export function createDoor(options: DoorOptions): ClusterDoor {
  const door: Door = { ...options, leases: createLeases(options) };
  const { wire, config, clock } = options;
  const servers = config.servers.map(({ name }) => ({
    server: name,
    timeoutMs: PAPERS_TIMEOUT_MS,
  }));
  return {
    exec: (request) => exec(door, request),
    operation: (server, id) => operation(door, server, id),
    status: () => collectStatus(wire, config, clock),
    acquireLease: (holder, about, wish) => door.leases.acquire(holder, about, wish),
    releaseLease: (lease) => door.leases.release(lease),
    vouchForLease: (server, lease, giveUp) => door.leases.vouch(server, lease, giveUp),
    leases: () => door.leases.show(),
    papers: () => collectPapers({ wire, clock, servers }),
    putPaper: (paper) => putPaper({ wire, clock, servers }, paper),
    probe: (server, body, timeoutMs = ASK_TIMEOUT_MS) =>
      wire.request({ server, part: 'host' }, body, timeoutMs),
  };
}
