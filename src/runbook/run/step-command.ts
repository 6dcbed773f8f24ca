/**
 * Running a step's command under its operation id. The server's side records the operation before
 * it starts, so after a lost connection the record is asked, and a command that is still running
 * is waited for; a second one is never started.
 */
import { DrydockError } from '../../core/errors.ts';
import type { AcceptedExit, Finding, PlannedStep, Verb } from '../../core/plan.ts';
import type { OperationRecord } from '../../ports/commands.ts';
import { TIMED_OUT } from '../../ports/machinery.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { maskedFor, sealedFor, withoutSecrets } from '../plan/secrets.ts';
import { type Draft, Halted, leaseOf, orHalt, type RunContext } from './context.ts';
import { findingsOf } from './findings.ts';
import { vouchFor } from './leases.ts';
import { pause } from './step-conditions.ts';
import { authorityFor } from './step-prepare.ts';

/** How acting ended, before the expectation is confirmed. */
export type Acted =
  | {
      kind: 'acted';
      record?: OperationRecord;
      extra?: Draft[];
      words?: string;
      findings?: Finding[];
    }
  /** `exit` 4: refused by the gate of the server, and nothing was done. */
  | { kind: 'failed'; why: string; record?: OperationRecord; exit?: number }
  /** `hasEnded`: it does not run any more, so a probe that says no can be believed. */
  | { kind: 'unknown'; why: string; hasEnded: boolean; record?: OperationRecord }
  | { kind: 'parked'; why: string }
  | { kind: 'stopped'; why: string; exit: number };

export type RunVerb = Extract<Verb, { verb: 'run' }>;

export type RunStep = PlannedStep & { action: RunVerb; server: string };

/** An operation that ended, judged. */
export function judgeRecord(step: RunStep, record: OperationRecord): Acted {
  const killed = howKilled(step, record);
  if (killed !== null) {
    // What a killed command asked of the cluster may go on without it; after a crash nothing does.
    const hasEnded = record.state === 'lost' && record.gone === undefined;
    const isExpected = hasEnded && step.action.goesDown;
    if (isExpected)
      return { kind: 'acted', record, words: 'the server went down with the command' };
    const why = `${killed}; how far it came is not known`;
    return { kind: 'unknown', why: hasEnded ? why : `${why}${wayOut(step)}`, hasEnded, record };
  }
  if (record.refused) {
    const { why, remedy } = record.refused;
    const words = `${step.server} refused ${step.action.argv[0]}: ${why}; ${remedy}`;
    return { kind: 'failed', why: words, record, exit: 4 };
  }
  const accepted = acceptedExit(step, record.exitCode);
  const isFinding = step.action.findings?.some(({ exit }) => exit === record.exitCode) ?? false;
  if (record.exitCode !== 0 && accepted === undefined && !isFinding) {
    return { kind: 'failed', why: howItEnded(step, record), record };
  }
  if (step.expectOutput !== null && !record.stdout.includes(step.expectOutput)) {
    if (record.gone === 'output' || record.cut?.stdout) {
      const why = `${step.server} keeps not all of what it printed, so whether that was "${step.expectOutput}" is not known`;
      return { kind: 'unknown', why, hasEnded: true, record };
    }
    const why = `${step.action.argv[0]} on ${step.server} did not print "${step.expectOutput}"`;
    return { kind: 'failed', why, record };
  }
  const found = findingsOf(step, record);
  const findings = found.length > 0 ? { findings: found } : {};
  if (accepted === undefined) return { kind: 'acted', record, ...findings };
  const words = `${accepted.remark} (${howItEnded(step, record)})`;
  return { kind: 'acted', record, words, ...findings };
}

function acceptedExit(step: RunStep, exitCode: number | null): AcceptedExit | undefined {
  return step.action.accept?.find(({ exit }) => exit === exitCode);
}

function howItEnded(step: RunStep, record: OperationRecord): string {
  const said = lastLine(record.stderr) ?? lastLine(record.stdout);
  const ended = `${step.action.argv[0]} on ${step.server} ended with ${record.exitCode}`;
  return said ? `${ended}: ${said}` : ended;
}

/** Why its exit code says nothing; null when it does. */
function howKilled(step: RunStep, { state, exitCode, gone }: OperationRecord): string | null {
  if (gone === 'record') return `it ran, and ${step.server} does not keep its record any more`;
  if (state === 'lost') return `${step.server} went down while it ran`;
  if (exitCode === null) return 'it was killed';
  return exitCode === TIMED_OUT ? `it was killed after ${step.timeoutMs / 1000} s` : null;
}

function wayOut({ id }: RunStep): string {
  return `; whoever looked may resume with --confirm ${id}, or --answer ${id}="not done"`;
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}

async function exec(
  context: RunContext,
  step: RunStep,
  operation: string,
): Promise<OperationRecord> {
  const secrets = sealedFor(step, context.secrets);
  context.eyes.forget();
  const record = await context.door.commands.exec({
    server: step.server,
    operation,
    argv: step.action.argv,
    answers: step.action.answers,
    ...(secrets ? { secrets } : {}),
    timeoutMs: step.timeoutMs,
    lease: leaseOf(context),
    authority: authorityFor(context),
    onOutput: (text) => shown(context, step, text),
  });
  return withoutSecrets(record, step, context.secrets);
}

/** Output on its way to whoever watches. */
export function shown(context: RunContext, step: PlannedStep, text: string): void {
  const masked = maskedFor(step, context.secrets)(context.redact(text));
  context.onEvent?.({ type: 'output', step: step.id, text: masked });
}

/** Nothing that comes back after a command was started may read like a refusal: asked once more. */
async function refusal(
  context: RunContext,
  step: RunStep,
  operation: string,
  error: Error & { code: string },
  deadline: number,
): Promise<Acted> {
  if (error.code === 'lease.stale') {
    const why = `${step.server} refused: another run has taken the cluster since`;
    return { kind: 'stopped', why, exit: 5 };
  }
  const why = `${step.server} refused ${step.action.argv[0]}: ${error.message}`;
  const isOther = error.code === 'operation.mismatch';
  const found = isOther ? null : await askRecord(context, step, operation);
  if (found === null) return { kind: 'failed', why };
  if (found !== 'unreachable') return followOperation(context, step, operation, deadline);
  const words = `${why}; whether it ran all the same is not known`;
  return { kind: 'unknown', why: words, hasEnded: false };
}

export async function runCommand(
  context: RunContext,
  step: RunStep,
  operation: string,
): Promise<Acted> {
  const deadline = context.clock.now() + step.timeoutMs;
  try {
    const record = await orHalt(context, exec(context, step, operation));
    return record.state === 'running'
      ? await followOperation(context, step, operation, deadline)
      : judgeRecord(step, record);
  } catch (error) {
    if (error instanceof Halted) throw error;
    if (error instanceof RemoteError && error.code === 'lease.unknown') {
      return runVouched(context, step, operation, error);
    }
    if (error instanceof RemoteError) return refusal(context, step, operation, error, deadline);
    if (error instanceof DrydockError && error.code === 'lease.stale') {
      return refusal(context, step, operation, error, deadline);
    }
    if (!(error instanceof WireError)) throw error;
    if (step.action.goesDown) {
      return { kind: 'acted', words: `the connection to ${step.server} was lost, as expected` };
    }
    return followOperation(context, step, operation, deadline);
  }
}

/** The server was restarted and hears from nobody: it serves on when a person says so. */
async function runVouched(
  context: RunContext,
  step: RunStep,
  operation: string,
  error: RemoteError,
): Promise<Acted> {
  const lease = leaseOf(context);
  const named = lease === null ? null : await vouchFor(context, step.server, lease);
  if (named === null) {
    const why = `${error.message}; start it, or resume with --give-up and its name`;
    return { kind: 'parked', why };
  }
  const acted = await runCommand(context, step, operation);
  const words = `${context.who} gave up ${named.join(', ')}: ${step.server} was restarted alone`;
  if (acted.kind !== 'acted') return { ...acted, why: `${words}; ${acted.why}` };
  return { ...acted, words: acted.words ? `${words}; ${acted.words}` : words };
}

/**
 * Asks for the record until the operation has ended. `null` from the server means that it never
 * saw the operation: the request was lost on its way, and goes out again under the same id.
 */
export async function followOperation(
  context: RunContext,
  step: RunStep,
  operation: string,
  deadline: number,
): Promise<Acted> {
  const server = step.server;
  for (let round = 0; ; round += 1) {
    const found = await askRecord(context, step, operation);
    if (found === null) return runAgain(context, step, operation, deadline);
    if (found !== 'unreachable' && found.state !== 'running') return judgeRecord(step, found);
    if (context.clock.now() >= deadline) {
      const seen = found === 'unreachable' ? `${server} does not answer` : 'it still runs';
      const why = `${step.action.argv[0]}: ${seen}; whether it is done is not known`;
      return { kind: 'unknown', why, hasEnded: false };
    }
    await pause(context, round);
  }
}

async function runAgain(
  context: RunContext,
  step: RunStep,
  operation: string,
  deadline: number,
): Promise<Acted> {
  if (context.clock.now() >= deadline) {
    return { kind: 'failed', why: `${step.action.argv[0]} never reached ${step.server}` };
  }
  await pause(context);
  return runCommand(context, { ...step, timeoutMs: deadline - context.clock.now() }, operation);
}

/** The server's record; null when it never saw the operation. */
export async function askRecord(
  context: RunContext,
  step: RunStep,
  operation: string,
): Promise<OperationRecord | null | 'unreachable'> {
  try {
    const found = await orHalt(context, context.door.commands.operation(step.server, operation));
    return found && withoutSecrets(found, step, context.secrets);
  } catch (error) {
    if (error instanceof WireError || error instanceof RemoteError) return 'unreachable';
    throw error;
  }
}
