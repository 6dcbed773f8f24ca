/** What the mirror commands share: the pair as it is, and what a copy holds, in words. */
import { expressClusterOf, type MirrorCopy, mirrorCopies } from '../../cluster/index.ts';
import { mirrorSides, resourceKind } from '../../config/index.ts';
import type { VolumeStatus } from '../../schema/generated/status.ts';
import { type Context, refused, statusOf } from './context.ts';
import { stamp } from './stamp.ts';

export interface Pair extends VolumeStatus {
  /** By server; of a hybrid disk those of the current servers. */
  copies: Record<string, MirrorCopy>;
  /** Servers that reach each of the two copies. */
  sides: string[][];
  /** Of its commands: clpmdctrl, clphdctrl. */
  kind: 'md' | 'hd';
}

export async function pairOf(context: Context, name: string): Promise<Pair> {
  const status = await statusOf(context);
  const found = status.volumes[name];
  if (found === undefined) throw refused(`nothing is known of ${name}`);
  const { config } = context;
  const { type = '' } = config.resources.find((one) => one.name === name) ?? {};
  return {
    ...found,
    copies: mirrorCopies(found, expressClusterOf(status)),
    sides: mirrorSides(config, name).map(({ servers }) => servers),
    kind: resourceKind(type).isGrouped ? 'hd' : 'md',
  };
}

/** The vendor's word for a copy, and for a pair; theirs too, where nobody says one. */
export const colorOf = ({ word }: Pick<MirrorCopy, 'word'>): string => word ?? 'GRAY';
export const pairWord = ({ word }: Pick<Pair, 'word'>): string => word ?? 'Unknown';

/** The server with the other copy. */
export function peerOf(pair: Pair, server: string): string {
  copyOf(pair, server);
  const other = Object.keys(pair.copies).find((name) => name !== server);
  if (other === undefined) throw refused(`${pair.name} has no second server`);
  return other;
}

export function copyOf({ name: mirror, copies, sides }: Pair, server: string): MirrorCopy {
  const copy = copies[server];
  if (copy !== undefined) return copy;
  const group = sides.find((servers) => servers.includes(server));
  if (!group) {
    const servers = Object.keys(copies).join(', ');
    throw refused(`${server} has no copy of ${mirror}`, `its servers: ${servers}`);
  }
  const current = group.find((name) => copies[name]) ?? 'no server';
  throw refused(`${current} is the current server of ${mirror} in this server group`);
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
