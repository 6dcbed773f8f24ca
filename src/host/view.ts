/** What a host answers to `status`: HostView of src/ports/views.ts. */
import type { HostView } from '../ports/views.ts';
import type { DiskStatus, ServiceStatus } from '../schema/generated/status.ts';
import { rivalOf } from './addresses.ts';
import { partitionDevice } from './devices.ts';
import { SERVICE_PARTS } from './life.ts';
import type { Disk, HostFacts, HostState } from './state.ts';

function servicesOf({ services, processes, started }: HostState): Record<string, ServiceStatus> {
  const entries = Object.entries(services).map(([name, { enabled }]) => {
    const part = SERVICE_PARTS[name] ?? null;
    const running = part ? processes[part] !== 'off' : started[name] === true;
    return [name, { enabled, running }] as const;
  });
  return Object.fromEntries(entries);
}

function diskStatus(device: string, disk: Disk): DiskStatus {
  const partitions = disk.partitions.map(({ number, sizeBytes }) => ({
    number,
    device: partitionDevice(device, number),
    sizeBytes,
  }));
  const { serial, sizeBytes, failed } = disk;
  return { serial, failed: failed !== null, sizeBytes, partitions };
}

export function hostView(state: HostState, now: number, facts: HostFacts): HostView {
  const addresses = Object.keys(state.addresses).sort();
  const rivals = addresses
    .map((address) => [address, rivalOf(state, address, now)] as const)
    .filter((pair): pair is [string, string] => pair[1] !== null);
  const disks = Object.entries(state.disks);
  const running = Object.values(state.operations).filter((known) => known.state === 'running');
  return {
    bootId: state.bootId ?? '',
    now,
    runLevel: state.runLevel,
    node: state.node.value,
    services: servicesOf(state),
    disks: Object.fromEntries(disks.map(([device, disk]) => [device, diskStatus(device, disk)])),
    mounts: state.mounts,
    medium: state.inserted === null ? null : (state.media[state.inserted]?.label ?? null),
    addresses,
    conflicts: Object.fromEntries(rivals),
    operations: running.map((known) => known.operation),
    lease: { ...state.lease, told: state.live.told },
    mirrorBreaks: state.processes.agent === 'off' ? facts.mirrorBreaks : {},
    configHash: facts.configHash,
  };
}
