/**
 * What the operating system's commands share: asking the host they run on, and turning a refusal
 * into the one line a person reads.
 */
import { soundAnswer } from '../../cluster/index.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { HostRequest } from '../../ports/protocol.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import {
  type Command,
  type Environment,
  failed,
  type Report,
  type Traits,
  traitsFrom,
} from '../environment.ts';

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

/** How a program ends that cannot do what it was told, or does not know the words. */
export interface Ends {
  refused: number;
  usage: number;
}

const ENDS: Ends = { refused: 1, usage: 2 };

/** Runs a command's body; usage errors and refusals become reports. */
export function guarded(name: string, run: Run, ends: Ends = ENDS): Run {
  return async (env, args) => {
    try {
      return await run(env, args);
    } catch (error) {
      return reportOf(name, error, ends);
    }
  };
}

function reportOf(name: string, error: unknown, { refused, usage }: Ends): Report {
  if (error instanceof Usage) return failed(`${name}: ${error.message}`, usage);
  if (error instanceof RemoteError) return failed(`${name}: ${error.message}`, refused);
  if (error instanceof WireError) {
    return failed(`${name}: nobody answers: ${error.message}`, refused);
  }
  if (error instanceof DrydockError) return failed(`${name}: ${error.message}`, refused);
  // A full disk, a folder that is not there: what the kernel says of the server's own files.
  if (/^E[A-Z]+$/.test(String((error as { code?: unknown }).code))) {
    return failed(`${name}: ${(error as Error).message}`, refused);
  }
  throw error;
}

interface Definition extends Omit<Command, 'kind' | 'traits'> {
  /** `os` unless it says otherwise. */
  kind?: 'usual';
  traits(args: readonly string[]): Partial<Traits> & Pick<Traits, 'changes'>;
}

export function osCommand(given: Definition, ends: Ends = ENDS): Command {
  const traits = (args: readonly string[]): Traits => traitsFrom(given.traits(args));
  return { kind: 'os', ...given, traits, run: guarded(given.name, given.run, ends) };
}

export function unknownOption(option: string): Usage {
  return new Usage(`option ${option} is not provided here`);
}
