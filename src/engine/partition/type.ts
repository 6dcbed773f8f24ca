/**
 * What the daemon has to know of a type of network partition resolution. A type knows nothing of the
 * daemon's state: it says what it asks outside the cluster, and what follows once servers are lost.
 */
import type {
  ClusterConfiguration,
  ConfiguredServer,
  NetworkPartitionResource,
} from '../../schema/generated/cluster-configuration.ts';

/** Whether something outside answers on a net. */
export interface Question {
  net: string;
  target: string;
}

/** How this server stands once it has lost others. */
export interface Situation {
  /** This server. */
  server: string;
  /** In order of priority: all servers but those that left in order. */
  members: readonly string[];
  /** Of these, those that are heard, and this one. */
  heard: readonly string[];
  /** Lost servers that still write to the resource's disk, and reach what they ask. */
  marking: readonly string[];
}

/**
 * `goesOn`: as far as this resource can tell the others are down, or it is they who are cut off.
 * `yields`: this side is the one that is cut off. `fails`: the question itself could not be put.
 */
export type Verdict = 'goesOn' | 'yields' | 'fails';

export interface PartitionType {
  questions(
    config: ClusterConfiguration,
    server: ConfiguredServer,
    resource: NetworkPartitionResource,
  ): Question[];
  /** `answered`: question by question. */
  judge(situation: Situation, answered: readonly boolean[]): Verdict;
  /** Whether it is in order while nobody is lost. */
  isWell(answered: readonly boolean[]): boolean;
}
