/** What the mirror commands share: the pair as it is, and what a copy holds, in words. */
import { expressClusterOf, type MirrorCopy, mirrorCopies } from '../../cluster/index.ts';
import type { VolumeStatus } from '../../schema/generated/status.ts';
import { type Context, refused, statusOf } from './context.ts';
import { stamp } from './stamp.ts';

export interface Pair extends VolumeStatus {
  copies: Record<string, MirrorCopy>;
}

export async function pairOf(context: Context, name: string): Promise<Pair> {
  const status = await statusOf(context);
  const found = status.volumes[name];
  if (found === undefined) throw refused(`nothing is known of ${name}`);
  return { ...found, copies: mirrorCopies(found, expressClusterOf(status)) };
}

/** The vendor's word for a copy, and for a pair; theirs too, where nobody says one. */
export const colorOf = ({ word }: Pick<MirrorCopy, 'word'>): string => word ?? 'GRAY';
export const pairWord = ({ word }: Pick<Pair, 'word'>): string => word ?? 'Unknown';

/** The server with the other copy. */
export function peerOf({ name: mirror, copies }: Pair, server: string): string {
  const servers = Object.keys(copies);
  const other = servers.find((name) => name !== server);
  if (!servers.includes(server)) {
    throw refused(`${server} has no copy of ${mirror}`, `its servers: ${servers.join(', ')}`);
  }
  if (other === undefined) throw refused(`${mirror} has no second server`);
  return other;
}

export function copyOf(pair: Pair, server: string): MirrorCopy {
  const copy = pair.copies[server];
  if (copy === undefined) throw refused(`${server} has no copy of ${pair.name}`);
  return copy;
}

function amount({ outOfSyncBytes, outOfSyncPercent }: MirrorCopy): string {
  if (outOfSyncBytes === null) return 'unknown';
  const percent = outOfSyncPercent === null ? '' : ` (${outOfSyncPercent}%)`;
  return `${outOfSyncBytes} bytes${percent}`;
}

/** One copy on lines of its own; what cannot be seen is said so. */
export function copyWords(server: string, copy: MirrorCopy): string {
  const time = (ms: number | null) => (ms === null ? 'unknown' : stamp(ms));
  const rows = [
    `${server}: ${colorOf(copy)}${copy.role === 'primary' ? ', active' : ''}`,
    `  Lastupdate Time  ${time(copy.lastUpdate)}`,
    `  Break Time       ${time(copy.breakTime)}`,
    `  Generation       ${copy.generation ?? 'unknown'}`,
    `  Difference       ${amount(copy)}`,
  ];
  if (copy.newest === null && copy.observed.unknown === null)
    rows.push(
      '  Latest           it says so, and nobody has vouched for it since its agent started',
    );
  if (copy.apartSince !== null) rows.push(`  Not compared     since ${time(copy.apartSince)}`);
  if (copy.observed.unknown !== null) rows.push(`  Not seen: ${copy.observed.unknown}`);
  return `${rows.join('\n')}\n`;
}

export function bothCopies(pair: Pair): string {
  const copies = Object.entries(pair.copies).map(([server, copy]) => copyWords(server, copy));
  return `Mirror Status: ${pairWord(pair)}\n${copies.join('')}`;
}
