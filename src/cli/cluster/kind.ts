/**
 * A kind of cluster: where such clusters are found, what the inventory says of one, and how one is
 * opened. Whoever adds a kind writes this for it, adds its entry's fields to
 * src/schema/cluster-entry.schema.json, and its name to kinds.ts. Nobody else asks for a kind.
 */
import type { Cluster } from './cluster.ts';

/** What the inventory says of a cluster; which fields it has, the schema says by its kind. */
export interface Entry {
  kind: string;
  [field: string]: unknown;
}

/** A cluster that can be meant; nothing was asked of it yet. */
export interface Found {
  name: string;
  entry: Entry;
  /** Where its state lives, for people. No two clusters have the same one. */
  place: string;
  /** Its file in the inventory; null: it was found without one. */
  file: string | null;
}

export interface ClusterKind {
  kind: string;
  /** What a person does to have one where there is none; null: nothing that this program does. */
  begin: string | null;
  /** Clusters that need no entry: this host's own. `home`: its state folder. */
  own(home: string): Found[];
  /** The one that lies in a folder which somebody named in place of a name; null: none does. */
  inFolder(folder: string, home: string): Found | null;
  /** What `cluster add --set FIELD=VALUE` said, as the fields of an entry. */
  entryOf(given: Record<string, string>): Entry;
  placeOf(entry: Entry): string;
  open(found: Found): Promise<Cluster>;
}
