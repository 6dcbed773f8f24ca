/**
 * A cluster, as everything above the adapters knows it: four faces, and what its kind cannot do.
 * Whoever needs one of them takes that one, so that a cluster can be put together of parts that
 * know nothing of one another (commands over SSH, a status of the cluster software's own).
 */
import type { Commands } from './commands.ts';
import type { Documents } from './documents.ts';
import type { Lease } from './lease.ts';
import type { Observation } from './observation.ts';

/** What a kind of cluster may be unable to do. Commands and a status each of them has. */
export type Capability =
  /** To keep a lease on its servers. */
  | 'lease'
  /** To hold the policy and the documents of change windows, and to judge commands by them. */
  | 'documents'
  /** To switch the power of its servers, by their management controllers. */
  | 'power'
  /** To have media and disks changed without a person. */
  | 'physicalActs';

/** Per capability null: it can; else why it cannot, in words for people. */
export type Capabilities = Record<Capability, string | null>;

export interface ClusterDoor {
  commands: Commands;
  observation: Observation;
  /** Rejects with exit 4 where the cluster cannot: who may do without asks `capabilities`. */
  lease: Lease;
  /** Likewise. */
  documents: Documents;
  capabilities(): Capabilities;
}
