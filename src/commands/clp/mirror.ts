/** What the mirror commands share: the pair as it is, and what a copy holds, in words. */
import { mirrorServers } from '../../cluster/index.ts';
import type { MirrorSideStatus, MirrorStatus } from '../../schema/generated/status.ts';
import { type Context, refused, statusOf } from './context.ts';
import { stamp } from './stamp.ts';

export async function pairOf(context: Context, name: string): Promise<MirrorStatus> {
  const found = (await statusOf(context)).mirrors[name];
  if (found === undefined) throw refused(`nothing is known of ${name}`);
  return found;
}

/** The server with the other copy. */
export function peerOf({ config }: Context, mirror: string, server: string): string {
  const servers = mirrorServers(config, mirror);
  const other = servers.find((name) => name !== server);
  if (!servers.includes(server)) {
    throw refused(`${server} has no copy of ${mirror}`, `its servers: ${servers.join(', ')}`);
  }
  if (other === undefined) throw refused(`${mirror} has no second server`);
  return other;
}

export function sideOf(pair: MirrorStatus, server: string): MirrorSideStatus {
  const side = pair.servers[server];
  if (side === undefined) throw refused(`${server} has no copy of ${pair.name}`);
  return side;
}

function amount(side: MirrorSideStatus): string {
  if (side.dirtyBytes === null) return 'unknown';
  const percent = side.differencePercent === null ? '' : ` (${side.differencePercent}%)`;
  return `${side.dirtyBytes} bytes${percent}`;
}

/** One copy on lines of its own; what cannot be seen is said so. */
export function copyWords(server: string, side: MirrorSideStatus): string {
  const time = (ms: number | null) => (ms === null ? 'unknown' : stamp(ms));
  const rows = [
    `${server}: ${side.color}${side.active === true ? ', active' : ''}`,
    `  Lastupdate Time  ${time(side.lastUpdate)}`,
    `  Break Time       ${time(side.breakTime)}`,
    `  Generation       ${side.generation ?? 'unknown'}`,
    `  Difference       ${amount(side)}`,
  ];
  if (side.latest === null && side.observed.unknown === null)
    rows.push(
      '  Latest           it says so, and nobody has vouched for it since its agent started',
    );
  if (typeof side.apartSince === 'number')
    rows.push(`  Not compared     since ${time(side.apartSince)}`);
  if (side.observed.unknown !== null) rows.push(`  Not seen: ${side.observed.unknown}`);
  return `${rows.join('\n')}\n`;
}

export function bothCopies(pair: MirrorStatus): string {
  const copies = Object.entries(pair.servers).map(([server, side]) => copyWords(server, side));
  return `Mirror Status: ${pair.state}\n${copies.join('')}`;
}
