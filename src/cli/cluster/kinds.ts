/** The kinds of clusters that this build can open. */
import { badInput, type Place } from '../../core/errors.ts';
import { labKind } from '../lab/kind.ts';
import type { ClusterKind } from './kind.ts';

export const kinds: readonly ClusterKind[] = [labKind];

/** By its name; `place`: where that was said. */
export function kindOf(name: string, place?: Place): ClusterKind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found) return found;
  const known = kinds.map(({ kind }) => kind);
  throw badInput(`this build cannot open a cluster of kind '${name}'`, {
    code: 'cluster.kind',
    remedy: `it can open those of kind ${known.join(', ')}`,
    ...(place ? { place } : {}),
  });
}
