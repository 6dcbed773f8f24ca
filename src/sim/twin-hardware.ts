/** The hardware of a twin's server as a status shows it; what it does not show, as configured. */
import { expressClusterOf } from '../cluster/index.ts';
import { layOut } from '../host/devices.ts';
import { hardwareFor } from '../host/hardware.ts';
import { imageBlob } from '../host/images.ts';
import { deliveredPackages } from '../host/machine.ts';
import { type Disk, type DiskImage, type Hardware, OLD_WORDS } from '../host/state.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type {
  DiskStatus,
  ExpressClusterServer,
  ServerStatus,
  Status,
} from '../schema/generated/status.ts';
import type { SimServer } from './sim-server.ts';

/** Several servers reach a disk that one of them may reserve, also where the configuration names none. */
function diskOf(status: DiskStatus, derived: Disk | undefined): Disk {
  const { serial, sizeBytes, partitions, freeBytes, reservedBy } = status;
  // Whether it fails is made so later, when its contents are written.
  const isShared = derived?.shared === true || reservedBy !== undefined;
  const shared = isShared ? { shared: true as const } : {};
  const room = freeBytes === undefined ? {} : { roomBytes: freeBytes };
  return { serial, sizeBytes, failed: null, partitions: layOut(partitions), ...room, ...shared };
}

/** What another server's disk is reserved by says nothing of a disk that only this server reaches. */
function dividedAs(alike: DiskStatus, disk: Disk): Disk {
  const { reservedBy: _, ...own } = alike;
  return diskOf(disk.shared ? alike : own, disk);
}

/**
 * The disks of a server that could not be asked, as it is off: as large and as divided as those of
 * the others at the same devices, for copies and shared disks are. A choice, where none is there too.
 */
function unseenDisks(
  from: Status,
  { bays }: Pick<ExpressClusterServer, 'bays'>,
  derived: Hardware['disks'],
): Hardware['disks'] {
  const others = Object.values(from.servers).map(({ system }) => system.disks ?? {});
  const entries = Object.entries(derived).map(([device, disk]) => {
    const alike = others.find((disks) => disks[device])?.[device];
    const bay = bays?.[device];
    const serial = disk.shared && alike ? alike.serial : (bay?.serial ?? disk.serial);
    const failed = bay && { failed: bay.failed ? ('all' as const) : null };
    return [
      device,
      { ...disk, ...(alike ? dividedAs(alike, disk) : {}), serial, ...failed },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Images as the status names them. What they hold it does not tell: the twin's are of the disks as
 * it has them at the start (`fillImages`).
 */
function imagesOf(
  own: ExpressClusterServer,
  disks: Hardware['disks'],
  known: string[],
): Record<string, DiskImage> {
  const entries = Object.entries(own.images ?? {}).map(
    ([name, { at, devices, enabledServices }]) => {
      const of = devices.flatMap((device) => {
        const disk = disks[device];
        if (!disk) return [];
        const { sizeBytes, partitions } = disk;
        return [[device, { blob: imageBlob(name, device), sizeBytes, partitions }] as const];
      });
      const services = enabledServices && switches(known, enabledServices);
      return [name, { at, disks: Object.fromEntries(of), services }] as const;
    },
  );
  return Object.fromEntries(entries);
}

function switches(names: string[], enabled: string[]): Hardware['services'] {
  return Object.fromEntries(names.map((name) => [name, { enabled: enabled.includes(name) }]));
}

/** Makes the bytes of a twin's images, once its disks are as they are to be. */
export function fillImages(server: SimServer): void {
  const { images, disks } = server.state();
  for (const image of Object.values(images)) {
    for (const [device, { blob }] of Object.entries(image.disks)) {
      const disk = disks[device];
      if (disk) server.devices.copyDisk(disk.serial, blob);
    }
  }
}

/**
 * What starts at boot: what runs. Enabling and disabling is made right after the boot. Of a system
 * that is not up nobody knows, and that nothing runs there says nothing: as installed.
 */
function servicesOf(
  { system, membership }: ServerStatus,
  { agent }: ExpressClusterServer,
  derived: Hardware['services'],
): Hardware['services'] {
  const { services } = system;
  if (services === null) return derived;
  const isRunning = (name: string): boolean => {
    if (name === 'clusterpro') return membership.software !== 'stopped';
    if (name === 'clusterpro_md') return agent !== 'stopped';
    return services[name]?.running ?? true;
  };
  const names = Object.keys(services);
  return Object.fromEntries(names.map((name) => [name, { enabled: isRunning(name) }]));
}

/** A system that has no service of the product has not got it installed. */
function installedOn({ system }: ServerStatus, derived: Hardware): Partial<Hardware> {
  const isInstalled = system.services === null || Object.keys(system.services).length > 0;
  const { removedServices = Object.keys(derived.services) } = derived;
  if (!isInstalled) return { packages: {}, removedServices };
  // A machine beside the cluster is bare unless it is seen to have the product.
  return derived.packages === undefined
    ? {}
    : { packages: deliveredPackages(derived.manual ?? OLD_WORDS) };
}

export function hardwareFromStatus(
  config: ClusterConfiguration,
  from: Status,
): Record<string, Hardware> {
  const members = config.servers.map(({ name }) => name);
  const machines = [...new Set([...members, ...Object.keys(from.servers)])];
  const entries = machines.map((name) => {
    const server = from.servers[name];
    const sizes = Object.values(from.volumes).map(({ copies }) => copies[name]?.sizeBytes ?? 0);
    const dataBytes = Math.max(0, ...sizes);
    const derived = hardwareFor(config, name, { machines, ...(dataBytes > 0 && { dataBytes }) });
    const own = expressClusterOf(from).servers[name];
    if (!server || !own) return [name, derived] as const;
    const disks = server.system.disks
      ? Object.fromEntries(
          Object.entries(server.system.disks).map(([device, disk]) => [
            device,
            diskOf(disk, derived.disks[device]),
          ]),
        )
      : unseenDisks(from, own, derived.disks);
    const services = servicesOf(server, own, derived.services);
    const images = imagesOf(own, disks, Object.keys(services));
    const machine = own.machine === undefined ? {} : { machine: own.machine };
    const packages = installedOn(server, derived);
    const { interfaces = derived.interfaces } = own;
    const wired = interfaces === undefined ? {} : { interfaces };
    const rest = { disks, services, images, ...wired };
    return [name, { ...derived, ...machine, ...packages, ...rest }] as const;
  });
  return Object.fromEntries(entries);
}
