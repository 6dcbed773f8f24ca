/** Twins, as a port: a rehearsal is the real runner on what the one who takes requests hands in. */
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { RehearsalWorld, RehearseOptions } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { FaultOutcome } from '../../schema/generated/reports/fault-matrix.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster } from '../context.ts';

export type StepFault = Pick<FaultOutcome, 'step' | 'kind' | 'server'>;

export interface FaultyRun {
  cluster: Cluster;
  from: Status;
  /** With the prediction that the run is compared with. */
  plan: Plan;
  secrets: Secrets;
  fault: StepFault;
  who: string;
  options: RunOptions;
}

export interface Twins {
  /**
   * A twin of the cluster as `from` shows it, in a time of its own. The person there does what the
   * runbook expects of a person.
   */
  make(cluster: Cluster, from: Status): Promise<RehearsalWorld>;
  openJournal: RehearseOptions['openJournal'];
  /** `sweep`: every fault at every step. `STEP:KIND` or `STEP:KIND@SERVER`: that one. */
  readFaults(text: string, steps: readonly string[], config: ClusterConfiguration): StepFault[];
  /** A run on a new twin in which one thing goes wrong. */
  rehearseFault(run: FaultyRun): Promise<FaultOutcome>;
}
