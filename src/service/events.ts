/** What a use case tells while it works, as data: each with the words that src/cli has for it. */
import type { ChangeWindow } from '../change/types.ts';
import type { Plan } from '../core/plan.ts';
import type { AdoptedStep } from '../runbook/afterwards/adopt.ts';
import type { Progress } from '../runbook/run/context.ts';
import type { Estimate } from '../runbook/run/estimate.ts';
import type { RunState } from '../runbook/run/fold.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { Authorised } from './run/permission.ts';
import type { StepFault } from './run/twins.ts';
import type { Left } from './window/close.ts';
import type { SignedThing } from './window/keys.ts';

export type ServiceEvent = RecordEvent | RunEvent | WindowEvent | SignatureEvent;

export type RecordEvent =
  /** Something that must not keep anybody from their work could not be written to the record. */
  | { type: 'record.unwritten'; what: string; why: string }
  /** Commands that people typed on the servers since they were last asked. */
  | { type: 'notes.recorded'; count: number }
  /** A server that does not tell what was typed on it. */
  | { type: 'server.silent'; why: string }
  /** `by`: who signed it; null: nobody. */
  | { type: 'checkpoint.made'; seq: number; size: number; root: string; by: string | null }
  /** The last one does not stand for what is wanted: it is older, or does not count it. */
  | { type: 'checkpoint.lacking'; isOlder: boolean }
  | { type: 'checkpoint.kept'; place: string }
  | { type: 'checkpoint.unkept'; place: string; why: string }
  /** The person has no right to sign the record. */
  | { type: 'checkpoint.unsigned'; by: string };

export type RunEvent =
  /** What is about to be run, where, by whom, and by what right. */
  | {
      type: 'run.announced';
      plan: Plan;
      on: { kind: string; name: string; cluster: string; uuid: string };
      who: string;
      authorised: Authorised;
    }
  /** `isAgain`: what is left of a run. */
  | { type: 'plan.rehearsed'; steps: number; estimate: Estimate; isAgain: boolean }
  /** `resumed`: where the run stood; null: it is new. */
  | { type: 'run.begun'; plan: Plan; resumed: RunState | null }
  | { type: 'run.progressed'; progress: Progress }
  /** The runner does no more, however it ended. */
  | { type: 'run.left' }
  | { type: 'run.doubted'; words: string }
  | { type: 'cluster.moved'; differences: string[] }
  | { type: 'undo.planned'; lines: string[] }
  | { type: 'adoption.judged'; steps: AdoptedStep[] }
  /** One fault of several is being rehearsed. */
  | { type: 'fault.begun'; fault: StepFault; number: number; of: number }
  | { type: 'faults.ended' }
  /** One procedure of several is being rehearsed, to see what it would come to. */
  | { type: 'advice.tried'; id: string; number: number; of: number }
  | { type: 'advice.ended' }
  /** The cluster that would have to let a lease go cannot be reached. */
  | { type: 'lease.unasked'; why: string };

export type WindowEvent =
  /** A file in the folder that is no signed document, or a damaged one. */
  | { type: 'document.odd'; folder: string; file: string; why: string }
  /** A server that does not hold what the others do. */
  | { type: 'documents.uneven'; gap: string }
  | { type: 'server.unheld'; server: string; why: string }
  /** No server of the cluster was informed of what became of the window. */
  | { type: 'window.unheld'; window: string; why: string }
  /** Everything that an answer is about, to be read before it is signed. */
  | { type: 'window.shown'; window: ChangeWindow; policy: Policy }
  /** What a new rehearsal shows otherwise than the approved one. */
  | { type: 'window.rehearsed'; differences: string[] }
  | { type: 'request.rehearsed'; transcript: string }
  /** It could not be opened at its start. */
  | { type: 'window.frozen'; until: number; name: string }
  | { type: 'freeze.coming'; from: number; name: string }
  /** What stands in the way of closing. */
  | { type: 'window.owes'; left: Left[] }
  /** What a closing would say. */
  | { type: 'window.ending'; runs: string[]; left: Left[] }
  | { type: 'window.sealed'; seq: number; size: number; root: string }
  | { type: 'policy.doubted'; doubt: string }
  /** Changes that nobody approved are about to be let happen; `isOfGates`: by no document at all. */
  | { type: 'glass.asked'; cluster: string; isOfGates: boolean }
  | { type: 'glass.broken'; window: string; by: string; reason: string; endsAt: number }
  | { type: 'gates.broken'; who: string; servers: string[]; reason: string };

export type SignatureEvent =
  /** Who would sign what, with which key. */
  | { type: 'signature.prepared'; what: SignedThing; principal: string; key: string }
  /** Secrets that others may have read where they were given. */
  | { type: 'secrets.shown'; names: string[] };
