/**
 * What the daemon has to know of a type of resource. A type knows nothing of the daemon's state: it
 * says what an attempt does, one piece of work after the other, and what the ends of these mean.
 */
import type { Evidence } from '../../../machines/mirror-events.ts';
import { type FailureKey, failureOf } from '../../messages/index.ts';
import type {
  ConfiguredGroup,
  ConfiguredResource,
} from '../../schema/generated/cluster-configuration.ts';
import type { FailureArguments } from '../../schema/generated/raised-messages.ts';
import type { OcfParameters, OcfStart } from '../ocf.ts';
import type { StartReason } from '../state.ts';
import type { End, Work } from '../work.ts';

/** One attempt to activate or deactivate a resource. */
export interface Attempt {
  op: 'activate' | 'deactivate';
  resource: ConfiguredResource;
  group: ConfiguredGroup;
  /** This server. */
  server: string;
  /** Why the group starts here. */
  reason: StartReason;
  /** It was activated here before, and not deactivated since: an activation that failed is none. */
  wasActive: boolean;
  /** What proves that the other side of the group's mirrors stopped first; null: nothing does. */
  evidence: Evidence | null;
  /** What it was last started with here in this boot, and not stopped since; null: nothing is on record. */
  started: OcfStart | null;
}

export type Result = { succeeded: true } | Failed;

export interface Failed {
  succeeded: false;
  code: number;
  text: string;
  /** What stands in the way of the activation passes by itself: it is tried again for so long, ms. */
  passesWithinMs?: number;
  /** It took too long: that is a stall, with an action of its own (x5 2.12.2). */
  stalled?: true;
}

export interface ResourceType {
  /**
   * What an attempt does next, once the work that it began with has ended so (at first: none); or
   * its result. Never asked when it took too long: that is a stall, whatever the type, unless it
   * limits itself.
   */
  next(attempt: Attempt, ends: readonly End[]): Work | Result;
  /**
   * Code of a refused activation that only evidence on the copies, or an operator, changes; null:
   * the type needs no evidence.
   */
  evidenceCode: number | null;
  /** Each piece of its work has a limit of its own; the attempt's is not held over all of them. */
  limitsItself?: true;
  /** What is kept of what is active, so that it is stopped with what it was started with. */
  remembers?(resource: ConfiguredResource): OcfParameters;
}

/** How long the attempt may take, ms. */
export function limitOf({ op, resource }: Attempt): number {
  const { activation, deactivation } = resource;
  return (op === 'activate' ? activation : deactivation).timeoutMs;
}

export const succeeded: Result = { succeeded: true };

export function fails<K extends FailureKey>(key: K, ...args: FailureArguments[K]): Failed {
  return { succeeded: false, ...failureOf(key, ...args) };
}

/** What was refused for a reason that the type has no words of its own for. */
export function refused({ message, code }: Extract<End, { type: 'request.failed' }>): Failed {
  return fails('refused', message, code);
}
