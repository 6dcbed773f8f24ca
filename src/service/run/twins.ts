/** Twins, as a port: a rehearsal is the real runner on what the one who takes requests hands in. */
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { RehearsalWorld, RehearseOptions } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { FaultOutcome } from '../../schema/generated/reports/fault-matrix.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster } from '../context.ts';

export type StepFault = Pick<FaultOutcome, 'step' | 'kind' | 'target'>;

export interface FaultyRuns {
  cluster: Cluster;
  from: Status;
  /** With the prediction that the run is compared with. */
  plan: Plan;
  secrets: Secrets;
  faults: readonly StepFault[];
  who: string;
  options: RunOptions;
}

export interface TwinWorld extends RehearsalWorld {
  /** What no history may show, and this one does, in words. */
  violations(): Promise<string[]>;
}

export interface Twins {
  /**
   * A twin of the cluster as `from` shows it, in a time of its own. The person there does what the
   * runbook expects of a person.
   */
  make(cluster: Cluster, from: Status): Promise<TwinWorld>;
  openJournal: RehearseOptions['openJournal'];
  /** `sweep`: every fault at every step. `STEP:KIND` or `STEP:KIND@TARGET`: that one. */
  readFaults(
    text: string,
    steps: readonly PlannedStep[],
    config: ClusterConfiguration,
  ): StepFault[];
  /** Runs on new twins, in each of which one of the faults strikes; the answer is in their order. */
  rehearseFaults(
    runs: FaultyRuns,
    begun: (fault: StepFault, number: number) => void,
  ): Promise<FaultOutcome[]>;
}
