/**
 * What only a person can do or decide. Live, a person is asked; in lab and twin the port carries
 * out the physical act through the servers' management controllers. A runbook never says which.
 */
import type { PhysicalAct } from '../schema/generated/physical-act.ts';

export type ActOutcome = { done: true; by: string } | { done: false; why: string };

export interface Operator {
  /** Carries out or asks for a physical act. `done: false` parks the run. */
  perform(act: PhysicalAct, words: string): Promise<ActOutcome>;
  /** Asks for the exact words; null means that nobody is there to ask, or the person said no. */
  confirm(step: string, question: string, typeName: string | null): Promise<string | null>;
  choose(step: string, question: string, options: string[]): Promise<string | null>;
}
