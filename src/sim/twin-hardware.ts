/** The hardware of a twin's server as a status shows it; what it does not show, as configured. */
import { layOut } from '../host/devices.ts';
import { hardwareFor } from '../host/hardware.ts';
import type { Disk, Hardware } from '../host/state.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { DiskStatus, ServerStatus, Status } from '../schema/generated/status.ts';

function diskOf({ serial, sizeBytes, partitions }: DiskStatus): Disk {
  const table = partitions.map(({ number, sizeBytes: size }) => ({ number, sizeBytes: size }));
  // Whether it fails is made so later, when its contents are written.
  return { serial, sizeBytes, failed: null, partitions: layOut(table) };
}

/** What starts at boot: what runs. Enabling and disabling is made right after the boot. */
function servicesOf(server: ServerStatus, derived: Hardware['services']): Hardware['services'] {
  const isRunning = (name: string): boolean => {
    if (name === 'clusterpro') return server.daemon !== 'stopped';
    if (name === 'clusterpro_md') return server.agent !== 'stopped';
    return server.services?.[name]?.running ?? true;
  };
  const names = Object.keys(server.services ?? derived);
  return Object.fromEntries(names.map((name) => [name, { enabled: isRunning(name) }]));
}

export function hardwareFromStatus(
  config: ClusterConfiguration,
  from: Status,
): Record<string, Hardware> {
  const entries = config.servers.map(({ name }) => {
    const server = from.servers[name];
    const sizes = Object.values(from.mirrors).map(({ servers }) => servers[name]?.sizeBytes ?? 0);
    const dataBytes = Math.max(0, ...sizes);
    const derived = hardwareFor(config, name, dataBytes > 0 ? { dataBytes } : {});
    if (!server) return [name, derived] as const;
    const disks = server.disks
      ? Object.fromEntries(
          Object.entries(server.disks).map(([device, disk]) => [device, diskOf(disk)]),
        )
      : derived.disks;
    const services = servicesOf(server, derived.services);
    return [name, { ...derived, disks, services }] as const;
  });
  return Object.fromEntries(entries);
}
