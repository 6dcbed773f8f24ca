/**
 * The faults that a status shows, made on the twin: heartbeats and mirror connects that are not
 * heard mean cut cables, a server that does not answer hangs or is out of reach.
 */
import { mirrorsOf } from '../config/index.ts';
import type { ServerStatus, Status } from '../schema/generated/status.ts';
import type { Twin } from './twin.ts';

/** Beats may have been missed for so long before a resource counts as lost. */
const BEAT_SLACK_MS = 1_000;

export function isThere({ power, node }: ServerStatus): boolean {
  return power !== 'off' && !['poweredOff', 'down'].includes(node ?? '');
}

/**
 * A disk that has failed without its mirror agent having noticed: it could still read the copy.
 * On the twin too it may fail only once the agent has read it.
 */
function isUnnoticed(twin: Twin, from: Status, server: string, device: string): boolean {
  const mirrors = mirrorsOf(twin.config).filter(({ parameters }) => {
    return String(parameters['diskdev/cppath'] ?? '').startsWith(device);
  });
  return (
    from.servers[server]?.agent === 'running' &&
    mirrors.length > 0 &&
    mirrors.every(({ name }) => {
      const side = from.mirrors[name]?.servers[server];
      return side?.diskError === false && side.color !== null && side.color !== 'GRAY';
    })
  );
}

/** Fails the disks that the status shows failed: before the boot, or those nobody noticed after. */
export async function failDisks(
  twin: Twin,
  from: Status,
  when: 'noticed' | 'unnoticed',
): Promise<void> {
  for (const { name, disks } of Object.values(from.servers)) {
    for (const [device, { failed }] of Object.entries(disks ?? {})) {
      if (!failed || isUnnoticed(twin, from, name, device) !== (when === 'unnoticed')) continue;
      await twin.run(twin.faults.failDisk(name, device));
    }
  }
}

export function hasNoticedFailure(twin: Twin, from: Status, server: ServerStatus): boolean {
  return Object.entries(server.disks ?? {}).some(
    ([device, { failed }]) => failed && !isUnnoticed(twin, from, server.name, device),
  );
}

export function cutMirrorConnects(twin: Twin, from: Status): void {
  for (const { name, servers } of Object.values(from.mirrors)) {
    const sides = Object.entries(servers);
    const areRunning = sides.every(([server]) => from.servers[server]?.agent === 'running');
    const [first, second] = sides;
    if (!areRunning || !first || !second) continue;
    if (!sides.some(([, side]) => side.connected === false)) continue;
    const md = twin.config.resources.find((resource) => resource.name === name);
    for (const id of String(md?.parameters.netdev ?? '400').split(',')) {
      twin.faults.cut(`mdc${id.trim()}`, first[0], second[0]);
    }
  }
}

/** With forced stop a server that is lost is soon off, unless its controller is out of reach. */
export function cutControllers(twin: Twin, from: Status): void {
  if (twin.config.forceStop === null) return;
  for (const { name, heartbeats } of Object.values(from.servers)) {
    for (const [peer, beats] of Object.entries(heartbeats)) {
      const isLost = Object.values(beats).every((state) => state === 'Error');
      const isOn = from.servers[peer]?.power === 'on' && from.servers[peer]?.daemon === 'running';
      if (isLost && isOn) twin.faults.cut('bmc', name, peer);
    }
  }
}

/** Heartbeats that are not heard although both daemons run: their cables are cut, one way each. */
export async function cutInterconnects(twin: Twin, from: Status): Promise<void> {
  let cuts = 0;
  for (const { name, heartbeats } of Object.values(from.servers)) {
    for (const [peer, beats] of Object.entries(heartbeats)) {
      if (from.servers[peer]?.daemon !== 'running') continue;
      for (const { name: resource, type, device } of twin.config.heartbeats) {
        if (beats[resource] !== 'Error') continue;
        twin.faults.cut(`${type.startsWith('com') ? 'com' : 'lan'}${device}`, peer, name, true);
        cuts++;
      }
    }
  }
  const { timeoutMs } = twin.config.heartbeat;
  const ratio = from.cluster.timeoutRatio ?? 1;
  if (cuts > 0) await twin.advance(timeoutMs * ratio + BEAT_SLACK_MS);
}

/**
 * A server that did not answer does not answer in the twin either: its system hangs where its
 * management controller answers and says that the power is on; else it is out of reach.
 */
export async function hideSilent(twin: Twin, from: Status): Promise<void> {
  for (const server of Object.values(from.servers)) {
    const { name, power, observed, powerObserved } = server;
    const isSilent = observed.unknown !== null && !observed.unknown.includes('refused');
    if (!isSilent || !isThere(server)) continue;
    const isHanging = power === 'on' && powerObserved.by === `${name}/bmc`;
    const words = isHanging ? 'up and hanging' : 'up and out of reach';
    twin.unknowns.push(`${name}: ${observed.unknown}; the twin takes it to be ${words}`);
    if (isHanging) await twin.run(twin.faults.freeze(name));
    else twin.faults.cut('control', 'control', name);
  }
}
