/** The partition tables of a server's disks, as they are written there. */
import type { Environment } from '../environment.ts';
import type { Table } from './fdisk-table.ts';
import { askHost } from './host.ts';

export async function tablesOf(env: Environment): Promise<Record<string, Table>> {
  const { disks } = await askHost(env, { do: 'disks' });
  type Stored = Omit<Table, 'device'> & { written?: Table['partitions'] };
  const found = disks as unknown as Record<string, Stored>;
  const entries = Object.entries(found).map(([device, { written, ...disk }]) => {
    return [device, { ...disk, partitions: written ?? disk.partitions, device }] as const;
  });
  return Object.fromEntries(entries);
}
