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
import type { Topology } from '../schema/generated/topology.ts';
import type { Inventory } from './clusters.ts';
import type { ServiceEvent } from './events.ts';
import type { Anchors, Outputs } from './outputs.ts';
import type { Person } from './person.ts';
import type { Records } from './records.ts';
import type { Twins } from './run/twins.ts';
import type { SettingsFiles } from './settings.ts';
import type { Keys } from './window/keys.ts';
import type { DocumentFolder } from './window/workspace.ts';

export interface Context {
  /** Who acts, for the record: login@host. */
  who: string;
  login: Login;
  host: ControlHost;
  /** This host's own. */
  clock: Clock;
  records: Records;
  inventory: Inventory;
  /** Signed documents that lie here, whether or not a cluster holds them. */
  documents: DocumentFolder;
  keys: Keys;
  person: Person;
  twins: Twins;
  anchors: Anchors;
  outputs: Outputs;
  settings: SettingsFiles;
  /** A text that somebody named by its file; `field`: what named it, where another file did. */
  readText(file: string, field?: string): string;
  /** The cluster that is meant; throws `cluster.unknown` or `cluster.ambiguous`. */
  openCluster(): Promise<Cluster>;
  /** Null where none is up and none was named: then what lies here has to do. */
  openClusterIfAny(): Promise<Cluster | null>;
  /** What is to be known while the work goes on; nobody has to listen. */
  tell(event: ServiceEvent): void;
}

/** Where this program runs. */
export interface ControlHost {
  name: string;
  /** Under which a server may know it. */
  addresses(): string[];
  stateFolder: string;
  /** Of this program. */
  version: string;
  /** For the record: that a secret is the same as before, proved under a key of this host. */
  vouch(text: string): string;
  /** The verifier that goes with evidence; null: this program has none beside it. */
  verifier(): Uint8Array | null;
  /** Ends this process at once, as a crash would. */
  die(): void;
}

/** A cluster as a use case sees it. */
export interface Cluster {
  /** What stands behind the ports, for people: `lab`. */
  kind: string;
  name: string;
  topology: Topology;
  /** Where its state lives, for people. */
  place: string;
  /** Nothing depends on it: a fault may be staged there on purpose. */
  isForPractice: boolean;
  config: ClusterConfiguration;
  configText: string;
  door: ClusterDoor;
  /** Physical acts. */
  perform: Operator['perform'];
  clock: Clock;
  random: Random;
  close(): Promise<void>;
}
