/**
 * From a status to a twin that looks the same: its servers are booted, its groups started where
 * they are, and then it is given the same faults. The order matters: what a fault would set off
 * (a failover, an automatic recovery) must not happen on the way.
 *
 *     write copies ─ fail disks ─ pull and cut mirror connects ─ boot ─ start groups ─ suspend ─
 *     services, mounts, media, leases ─ fail disks that nobody noticed ─ pull and cut interconnects ─
 *     recoveries ─ look what differs
 *
 * Servers with a failed disk boot last: beside a copy that cannot be read, only one that serves
 * already counts as the latest.
 */
import { expressClusterOf } from '../cluster/index.ts';
import { writeClusterConfiguration } from '../config/index.ts';
import { describeError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { PartName } from '../core/part.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import type { ServerStatus, Status } from '../schema/generated/status.ts';
import type { Twin } from './twin.ts';
import { writeCopies } from './twin-copies.ts';
import { fillImages } from './twin-hardware.ts';
import {
  cutControllers,
  cutInterconnects,
  cutMirrorConnects,
  failDisks,
  hasNoticedFailure,
  hideSilent,
  isThere,
  pullCables,
} from './twin-staged-faults.ts';
import { noteDifferences, noteUnknowns } from './twin-unknowns.ts';

const ORDER_TIMEOUT_MS = 600_000;

/** Orders something; a refusal becomes an unknown, for it is a difference to the cluster. */
async function order(
  twin: Twin,
  server: string,
  part: PartName,
  body: Json,
  words: string,
): Promise<void> {
  try {
    await twin.ask(server, part, body, ORDER_TIMEOUT_MS);
  } catch (error) {
    twin.unknowns.push(`${words}: the twin could not be brought there: ${describeError(error)}`);
  }
}

/** Its system is up, and no configuration lies there: a new machine. */
function hasNone(from: Status, server: string): boolean {
  const isSeen = from.servers[server]?.system.observed.unknown === null;
  return isSeen && expressClusterOf(from).configHashes[server] === null;
}

function putConfiguration(twin: Twin, from: Status, text: string): void {
  for (const { name, files } of twin.servers) {
    if (hasNone(from, name)) files.clear(CONFIG_PATH);
    else files.put(CONFIG_PATH, text);
  }
}

/** While the groups are being put in their places, none starts by itself. */
function stagingText(twin: Twin): string {
  const groups = twin.config.groups.map((group) => ({ ...group, startup: 'manual' as const }));
  return writeClusterConfiguration({ ...twin.config, groups }, twin.configText);
}

async function prepareDisks(twin: Twin, from: Status): Promise<void> {
  for (const mirror of Object.keys(from.volumes)) await writeCopies(twin, from, mirror);
  for (const server of twin.servers) fillImages(server);
  await failDisks(twin, from, 'noticed');
}

function keepFacts(twin: Twin, from: Status): void {
  const reported = expressClusterOf(from).timeoutRatio;
  const isStretched = reported.ratio !== null && reported.ratio !== 1 && reported.until !== null;
  const ratio = isStretched
    ? { ratio: reported.ratio, until: reported.until, setAt: from.takenAt }
    : null;
  for (const server of twin.servers) {
    const suspendedMonitors = Object.values(from.monitors)
      .filter(({ servers }) => servers[server.name]?.state === 'suspended')
      .map(({ name }) => name);
    server.facts = { ratio, suspendedMonitors, started: {} };
  }
}

async function bootAll(twin: Twin, from: Status): Promise<void> {
  const present = Object.values(from.servers).filter(isThere);
  const broken = present.filter((server) => hasNoticedFailure(twin, from, server));
  const whole = present.filter((server) => !broken.includes(server));
  await boot(twin, from, whole);
  if (broken.length === 0) return;
  await startGroups(twin, from, 0, whole);
  await activateMirrors(twin, from, whole);
  await boot(twin, from, broken);
}

async function boot(twin: Twin, from: Status, present: ServerStatus[]): Promise<void> {
  const own = expressClusterOf(from).servers;
  for (const { name } of present) {
    const body = { do: 'power.on', singleUser: own[name]?.runLevel === 1 };
    await order(twin, name, 'bmc', body, `${name} is powered on`);
  }
  const isUp = (seen: Status) =>
    present.every(({ name }) => {
      const word = seen.servers[name]?.system.word ?? null;
      return word !== null && word !== 'booting';
    });
  await twin.until('every server has booted', isUp);
  const seen = await twin.look();
  for (const { name, system } of Object.values(seen.servers)) {
    if (system.word === 'waiting' && from.servers[name]?.system.word !== 'waiting') {
      await twin
        .ask(name, 'daemon', { do: 'cancel-wait' }, ORDER_TIMEOUT_MS)
        .catch(() => undefined);
    }
  }
  await twin.atRest();
}

async function startGroup(twin: Twin, from: Status, group: string, target: string): Promise<void> {
  const { resources, word } = from.groups[group]!;
  const body = { do: 'group', op: 'start', group, target };
  if (word === 'Online Failure') {
    // It failed on the cluster, so it should fail here; if it does not, the look at the end tells.
    await twin.ask(target, 'daemon', body, ORDER_TIMEOUT_MS).catch(() => undefined);
    return;
  }
  await order(twin, target, 'daemon', body, `group ${group} is active on ${target}`);
  for (const resource of resources) {
    if (from.resources[resource]?.state !== 'stopped') continue;
    const stop = { do: 'resource', op: 'stop', resource, target };
    await order(twin, target, 'daemon', stop, `resource ${resource} is offline`);
  }
}

/** `index`: which of the servers that say it is active there; more than one is a conflict. */
async function startGroups(
  twin: Twin,
  from: Status,
  index: number,
  on = Object.values(from.servers),
): Promise<void> {
  const seen = await twin.look();
  for (const { name, activeOn } of Object.values(from.groups)) {
    const target = activeOn?.[index];
    if (!target || from.servers[target]?.membership.software !== 'running') continue;
    if (!on.some((server) => server.name === target)) continue;
    if (seen.groups[name]?.activeOn?.includes(target)) continue;
    await startGroup(twin, from, name, target);
  }
}

/** Mirrors that are active without their group, by an operator's order (clpmdctrl --active). */
async function activateMirrors(
  twin: Twin,
  from: Status,
  on = Object.values(from.servers),
): Promise<void> {
  const seen = await twin.look();
  for (const { name, copies } of Object.values(from.volumes)) {
    for (const [server, { role, mounted }] of Object.entries(copies)) {
      if (!on.some((other) => other.name === server)) continue;
      if (role !== 'primary' || seen.volumes[name]?.copies[server]?.role === 'primary') continue;
      const mount = mounted === true;
      const body = { do: 'activate', mirror: name, mount, force: false, evidence: null };
      await order(twin, server, 'agent', body, `${name} is active on ${server}`);
    }
  }
}

async function suspend(twin: Twin, from: Status): Promise<void> {
  for (const { name, membership } of Object.values(from.servers)) {
    if (membership.word !== 'Suspend') continue;
    const body = { do: 'cluster', op: 'suspend', all: true };
    await order(twin, name, 'daemon', body, `${name} is suspended`);
  }
}

async function furnish(twin: Twin, from: Status, server: ServerStatus): Promise<void> {
  const { name } = server;
  const seen = (await twin.look()).servers[name]?.system;
  for (const [service, { enabled }] of Object.entries(server.system.services ?? {})) {
    const op = enabled ? 'enable' : 'disable';
    await order(twin, name, 'host', { do: 'service', name: service, op }, `${service} is ${op}d`);
  }
  const { medium } = expressClusterOf(from).servers[name]!;
  if (medium !== null) {
    const contents: Json = { ...twin.mediumOf(medium) };
    const put = { do: 'media.put', name: medium, medium: contents };
    await order(twin, name, 'bmc', put, `medium ${medium} lies beside ${name}`);
    await order(twin, name, 'bmc', { do: 'medium.insert', medium }, `${medium} is in ${name}`);
  }
  for (const mount of server.system.mounts ?? []) {
    if (seen?.mounts?.some(({ point }) => point === mount.point)) continue;
    const words = `${mount.device} is mounted on ${mount.point} of ${name}`;
    await order(twin, name, 'host', { do: 'mount', ...mount }, words);
  }
  const lease = from.leases[name];
  const without = Object.values(from.servers).flatMap((one) => (isThere(one) ? [] : one.name));
  if (lease?.observed.unknown === null && without.length > 0) {
    const word = { do: 'lease', op: 'vouch', lease: null, without };
    await order(twin, name, 'host', word, `${name} knows who holds the cluster`);
  }
  if (lease?.holder) {
    const atLeast = Math.max(0, (lease.token ?? 1) - 1);
    const body = { do: 'lease', op: 'acquire', holder: lease.holder, about: '', atLeast };
    await order(twin, name, 'host', body, `${lease.holder} holds the lease of ${name}`);
  }
}

async function startRecoveries(twin: Twin, from: Status): Promise<void> {
  for (const { name, sync } of Object.values(from.volumes)) {
    if (!sync) continue;
    const body = { do: 'recover', mirror: name, full: sync.kind !== 'difference' };
    await order(twin, sync.from, 'agent', body, `${name} is being recovered`);
  }
}

/** Brings an opened twin to where `from` is. */
export async function stageTwin(twin: Twin, from: Status): Promise<void> {
  noteUnknowns(twin, from);
  await twin.run(prepareDisks(twin, from));
  await pullCables(twin, from, 'beforeBoot');
  cutMirrorConnects(twin, from);
  keepFacts(twin, from);
  putConfiguration(twin, from, stagingText(twin));
  await bootAll(twin, from);
  await startGroups(twin, from, 0);
  await activateMirrors(twin, from);
  putConfiguration(twin, from, twin.configText);
  for (const server of twin.servers) {
    if (!server.isRunning('daemon')) continue;
    await order(twin, server.name, 'daemon', { do: 'reload' }, 'the configuration is read again');
  }
  await suspend(twin, from);
  for (const server of Object.values(from.servers)) {
    if (isThere(server)) await furnish(twin, from, server);
  }
  await failDisks(twin, from, 'unnoticed');
  cutControllers(twin, from);
  await pullCables(twin, from, 'afterBoot');
  await cutInterconnects(twin, from);
  await startGroups(twin, from, 1);
  await startRecoveries(twin, from);
  noteDifferences(twin, from, await twin.look());
  await hideSilent(twin, from);
}
