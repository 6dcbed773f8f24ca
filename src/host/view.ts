/** What a host and its controller tell of a server: the views of src/ports/views.ts. */
import { partitionDevice } from '../core/device-names.ts';
import type { HostView, PowerView } from '../ports/views.ts';
import type { DiskStatus, ServiceStatus } from '../schema/generated/status.ts';
import { rivalOf } from './addresses.ts';
import { machineOf } from './hardware.ts';
import { imagesOf } from './images.ts';
import { isServiceRunning, processState } from './processes.ts';
import type { Disk, HostFacts, HostState } from './state.ts';
import { isPowerOn } from './turn.ts';

function servicesOf(state: HostState): Record<string, ServiceStatus> {
  const entries = Object.entries(state.services).map(([name, { enabled }]) => {
    return [name, { enabled, running: isServiceRunning(state, name) }] as const;
  });
  return Object.fromEntries(entries);
}

function diskStatus(device: string, disk: Disk, reserved: HostFacts['reserved']): DiskStatus {
  const partitions = disk.partitions.map(({ number, sizeBytes, offsetBytes }) => ({
    number,
    device: partitionDevice(device, number),
    sizeBytes,
    offsetBytes,
  }));
  const { serial, sizeBytes, failed, roomBytes } = disk;
  const holder = disk.shared ? { reservedBy: reserved?.[serial] ?? null } : {};
  const volume = roomBytes === undefined ? {} : { freeBytes: roomBytes };
  return { serial, failed: failed !== null, sizeBytes, ...volume, ...holder, partitions };
}

export function hostView(state: HostState, now: number, facts: HostFacts): HostView {
  const addresses = Object.keys(state.addresses).sort();
  const rivals = addresses
    .map((address) => [address, rivalOf(state, address, now)] as const)
    .filter((pair): pair is [string, string] => pair[1] !== null);
  const disks = Object.entries(state.disks).map(([device, disk]) => {
    return [device, diskStatus(device, disk, facts.reserved)] as const;
  });
  const running = Object.values(state.operations).filter((known) => known.state === 'running');
  return {
    bootId: state.bootId ?? '',
    now,
    runLevel: state.runLevel,
    node: state.node.value,
    services: servicesOf(state),
    disks: Object.fromEntries(disks),
    mounts: state.mounts,
    medium: state.inserted === null ? null : (state.media[state.inserted]?.label ?? null),
    ...(state.unplugged.length > 0 ? { unplugged: state.unplugged } : {}),
    addresses,
    ...(state.interfaces === undefined ? {} : { interfaces: state.interfaces }),
    conflicts: Object.fromEntries(rivals),
    operations: running.map((known) => known.operation),
    lease: { ...state.lease, told: state.live.told },
    mirrorBreaks: processState(state, 'agent') === 'off' ? facts.mirrorBreaks : {},
    configHash: facts.configHash,
  };
}

/** What the controller knows, whatever becomes of the operating system. */
export function powerView(state: HostState): PowerView {
  const { bootId, lastBootId, disks } = state;
  const bays = Object.entries(disks).map(([device, { serial, failed }]) => {
    return [device, { serial, failed: failed !== null }] as const;
  });
  return {
    power: isPowerOn(state) ? 'on' : 'off',
    bootId,
    machine: machineOf(state),
    ...(lastBootId === undefined ? {} : { lastBootId }),
    bays: Object.fromEntries(bays),
    images: imagesOf(state),
  };
}
