/**
 * What the operating system's commands share: asking the host they run on, and turning a refusal
 * into the one line a person reads.
 */
import { soundAnswer } from '../../cluster/index.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { HostRequest } from '../../ports/protocol.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { type Command, type Environment, failed, type Report } from '../environment.ts';

const TIMEOUT_MS = 10_000;
/** Stopping a service runs the scripts of every group that is active here. */
export const STOP_TIMEOUT_MS = 120_000;

export async function askHost(
  env: Environment,
  body: HostRequest,
  timeoutMs = TIMEOUT_MS,
): Promise<JsonObject> {
  const to = { server: env.server, part: 'host' } as const;
  const asked = body as unknown as Json;
  const answer = soundAnswer(to, asked, await env.request(to, asked, timeoutMs));
  return (answer ?? {}) as JsonObject;
}

/** Words a command cannot take: one line, exit 2, nothing done. */
export class Usage extends Error {}

type Run = Command['run'];

/** Runs a command's body; usage errors and refusals become reports. */
export function guarded(name: string, run: Run): Run {
  return async (env, args) => {
    try {
      return await run(env, args);
    } catch (error) {
      return reportOf(name, error);
    }
  };
}

function reportOf(name: string, error: unknown): Report {
  if (error instanceof Usage) return failed(`${name}: ${error.message}`, 2);
  if (error instanceof RemoteError) return failed(`${name}: ${error.message}`);
  if (error instanceof WireError) return failed(`${name}: nobody answers: ${error.message}`);
  if (error instanceof DrydockError) return failed(`${name}: ${error.message}`);
  throw error;
}

export function osCommand(given: Omit<Command, 'kind'>): Command {
  return { ...given, kind: 'os', run: guarded(given.name, given.run) };
}

export function unknownOption(option: string): Usage {
  return new Usage(`option ${option} is not provided here`);
}
