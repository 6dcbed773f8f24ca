/** What a kind of cluster cannot do, said before anything is done. */
import { DrydockError } from '../core/errors.ts';
import type { Capability, ClusterDoor } from '../ports/cluster.ts';
import type { HeldByServers } from '../ports/documents.ts';

type Needed = Exclude<Capability, 'power' | 'physicalActs'>;

/** What a person can do about it. The other acts a person does: the run waits for that. */
export const REMEDY: Record<Needed, string> = {
  lease: 'rehearse it, and carry its steps out by hand: nothing would keep two runs apart there',
  documents: 'its servers judge nothing: keep the documents in a folder, and people to them',
};

/** Throws (exit 4) where the cluster cannot do what `wanted`, in words, would need. */
export function requireAble(
  { capabilities }: Pick<ClusterDoor, 'capabilities'>,
  capability: Needed,
  wanted: string,
): void {
  const why = capabilities()[capability];
  if (why === null) return;
  throw new DrydockError(`${wanted}: ${why}`, {
    code: `capability.${capability}`,
    exit: 4,
    remedy: REMEDY[capability],
  });
}

/** What the servers hold; nothing where they cannot hold it: then no gate of theirs judges by it. */
export async function heldIfAble(
  door: Pick<ClusterDoor, 'documents' | 'capabilities'>,
): Promise<HeldByServers> {
  if (door.capabilities().documents === null) return door.documents.held();
  return { papers: [], servers: {}, clocks: {}, receipts: {} };
}
