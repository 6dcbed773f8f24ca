/**
 * The faults that a status shows, made on the twin: heartbeats and mirror connects that are not
 * heard mean cut cables, a server that does not answer hangs or is out of reach.
 */
import { expressClusterOf } from '../cluster/index.ts';
import { mirrorsOf, netOf } from '../config/index.ts';
import type { ServerStatus, Status } from '../schema/generated/status.ts';
import type { Twin } from './twin.ts';

/** Beats may have been missed for so long before a resource counts as lost. */
const BEAT_SLACK_MS = 1_000;
const MIRROR_CONNECT = 'mdc';
const BMC_TIMEOUT_MS = 10_000;

export function isThere({ power, system }: ServerStatus): boolean {
  return power.state !== 'off' && system.state !== 'off';
}

/** Whether the mirror agent of that server runs. */
function isServed(from: Status, server: string): boolean {
  return expressClusterOf(from).servers[server]?.agent === 'running';
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
    isServed(from, server) &&
    mirrors.length > 0 &&
    mirrors.every(({ name }) => {
      const copy = from.volumes[name]?.copies[server];
      return copy?.diskError === false && copy.state !== null;
    })
  );
}

/** Fails the disks that the status shows failed: before the boot, or those nobody noticed after. */
export async function failDisks(
  twin: Twin,
  from: Status,
  when: 'noticed' | 'unnoticed',
): Promise<void> {
  for (const { name, system } of Object.values(from.servers)) {
    for (const [device, { failed }] of Object.entries(system.disks ?? {})) {
      if (!failed || isUnnoticed(twin, from, name, device) !== (when === 'unnoticed')) continue;
      await twin.run(twin.faults.failDisk(name, device));
    }
  }
}

export function hasNoticedFailure(twin: Twin, from: Status, server: ServerStatus): boolean {
  return Object.entries(server.system.disks ?? {}).some(
    ([device, { failed }]) => failed && !isUnnoticed(twin, from, server.name, device),
  );
}

/** A cable that is out of its interface on one of these servers: who puts it in heals the net. */
function isOut(from: Status, net: string, ...servers: string[]): boolean {
  const own = expressClusterOf(from).servers;
  return servers.some((server) => own[server]?.unplugged?.includes(net));
}

/** Pulls the cables that are out: those of mirror connects before the boot, the others after. */
export async function pullCables(
  twin: Twin,
  from: Status,
  when: 'beforeBoot' | 'afterBoot',
): Promise<void> {
  for (const [server, { unplugged = [] }] of Object.entries(expressClusterOf(from).servers)) {
    for (const net of unplugged) {
      if (net.startsWith(MIRROR_CONNECT) !== (when === 'beforeBoot')) continue;
      await twin.ask(server, 'bmc', { do: 'cable.pull', net }, BMC_TIMEOUT_MS);
    }
  }
}

export function cutMirrorConnects(twin: Twin, from: Status): void {
  for (const { name, copies } of Object.values(from.volumes)) {
    const sides = Object.entries(copies);
    const areRunning = sides.every(([server]) => isServed(from, server));
    const [first, second] = sides;
    if (!areRunning || !first || !second) continue;
    if (!sides.some(([, { connection }]) => connection.state === 'disconnected')) continue;
    const md = twin.config.resources.find((resource) => resource.name === name);
    for (const id of String(md?.parameters.netdev ?? '400').split(',')) {
      const net = `${MIRROR_CONNECT}${id.trim()}`;
      if (!isOut(from, net, first[0], second[0])) twin.faults.cut(net, first[0], second[0]);
    }
  }
}

/** With forced stop a server that is lost is soon off, unless its controller is out of reach. */
export function cutControllers(twin: Twin, from: Status): void {
  if (twin.config.forceStop === null) return;
  for (const { name, membership } of Object.values(from.servers)) {
    for (const [peer, links] of Object.entries(membership.links ?? {})) {
      const isLost = Object.values(links).every(({ state }) => state === 'down');
      const other = from.servers[peer];
      const isOn = other?.power.state === 'on' && other.membership.software === 'running';
      if (isLost && isOn) twin.faults.cut('bmc', name, peer);
    }
  }
}

/** Heartbeats that are not heard although both daemons run: their cables are cut, one way each. */
export async function cutInterconnects(twin: Twin, from: Status): Promise<void> {
  let cuts = 0;
  for (const { name, membership } of Object.values(from.servers)) {
    for (const [peer, links] of Object.entries(membership.links ?? {})) {
      if (from.servers[peer]?.membership.software !== 'running') continue;
      for (const resource of twin.config.heartbeats) {
        const net = netOf(twin.config, resource);
        if (net === null || links[resource.name]?.state !== 'down') continue;
        if (!isOut(from, net, peer, name)) twin.faults.cut(net, peer, name, true);
        cuts++;
      }
    }
  }
  const { timeoutMs } = twin.config.heartbeat;
  const ratio = expressClusterOf(from).timeoutRatio.ratio ?? 1;
  if (cuts > 0) await twin.advance(timeoutMs * ratio + BEAT_SLACK_MS);
}

/**
 * A server that did not answer does not answer in the twin either: its system hangs where its
 * management controller answers and says that the power is on; else it is out of reach.
 */
export async function hideSilent(twin: Twin, from: Status): Promise<void> {
  for (const server of Object.values(from.servers)) {
    const { name, power, system } = server;
    const { unknown } = system.observed;
    const isSilent = unknown !== null && !unknown.includes('refused');
    if (!isSilent || !isThere(server)) continue;
    const isHanging = power.state === 'on' && power.observed.by === `${name}/bmc`;
    const words = isHanging ? 'up and hanging' : 'up and out of reach';
    twin.unknowns.push(`${name}: ${unknown}; the twin takes it to be ${words}`);
    if (isHanging) await twin.run(twin.faults.freeze(name));
    else twin.faults.cut('control', 'control', name);
  }
}
