/**
 * One action on several servers, and the vendor's line for each:
 *
 *     Start server1 : Command succeeded.
 *     Resume server3: Failed invalid server status.
 *
 * The two spellings of the colon are the vendor's own. The words after `Failed` are ours, but for
 * `invalid server status.`
 */
import { type Act, actsDone } from '../data.ts';
import type { Report } from '../environment.ts';
import { wordsOf } from './context.ts';

export const INVALID_STATUS = 'invalid server status.';

export interface Outcome {
  server: string;
  /** null when it succeeded. */
  failure: string | null;
}

/** All at once; one that fails does not keep the others from trying. */
export function onEach(
  servers: readonly string[],
  act: (server: string) => Promise<string | null>,
): Promise<Outcome[]> {
  return Promise.all(
    servers.map(async (server) => {
      try {
        return { server, failure: await act(server) };
      } catch (error) {
        return { server, failure: wordsOf(error) };
      }
    }),
  );
}

export function linesFor(verb: string, outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ server, failure }) =>
      failure === null
        ? `${verb} ${server} : Command succeeded.\n`
        : `${verb} ${server}: Failed ${failure}\n`,
    )
    .join('');
}

const DAEMON = { kind: 'daemon' } as const;

/** `about`: what it was done to on each server. */
export function actsFor(
  verb: string,
  outcomes: readonly Outcome[],
  about: Pick<Act, 'kind' | 'name'> = DAEMON,
): Act[] {
  return outcomes.map((outcome) => ({ act: verb.toLowerCase(), ...about, ...outcome }));
}

export function reportFor(
  verb: string,
  outcomes: readonly Outcome[],
  about: Pick<Act, 'kind' | 'name'> = DAEMON,
): Report {
  const code = outcomes.every(({ failure }) => failure === null) ? 0 : 1;
  const data = actsDone(...actsFor(verb, outcomes, about));
  return { code, data, stdout: linesFor(verb, outcomes), stderr: '' };
}
