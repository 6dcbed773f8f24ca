/**
 * What a use case is handed: who asks, which cluster they mean, and the ports through which it
 * reaches everything else. One context is of one request; whoever takes requests (the command line)
 * makes it, and hands in adapters, labs and twins, of which this room knows the interfaces only.
 */
import type { Login } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { Operator } from '../ports/operator.ts';
import type { Random } from '../ports/random.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { ServiceEvent } from './events.ts';
import type { Records } from './records.ts';

export interface Context {
  /** Who acts, for the record: login@host. */
  who: string;
  login: Login;
  records: Records;
  /** The cluster that is meant; throws `cluster.unknown` or `cluster.ambiguous`. */
  openCluster(): Promise<Cluster>;
  /** What is to be known while the work goes on; nobody has to listen. */
  tell(event: ServiceEvent): void;
}

/** A cluster as a use case sees it. */
export interface Cluster {
  /** What stands behind the ports, for people: `lab`. */
  kind: string;
  name: string;
  config: ClusterConfiguration;
  configText: string;
  door: ClusterDoor;
  /** Physical acts. */
  perform: Operator['perform'];
  clock: Clock;
  random: Random;
  close(): Promise<void>;
}
