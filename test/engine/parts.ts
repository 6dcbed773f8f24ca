/**
 * The parts of a server beside its daemon, answering as simply as they can: host, management
 * controller and mirror agent.
 *
 * The agents keep one flag that matters here: whether their copy can prove to be the newest. The
 * standby loses it with the connection, and gets it back by evidence or by a recovery.
 */
import { writeClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Box, Cluster } from './harness.ts';

export type Answer = { body: Json } | { code: string; message: string };

export const no = (code: string, message: string): Answer => ({ code, message });

function othersOf(cluster: Cluster, box: Box): Box[] {
  return Object.values(cluster.boxes).filter((other) => other !== box);
}

/** How long a host takes. */
export function hostMs(body: Json): number {
  return (body as { do?: string }).do === 'address' ? 20 : 1;
}

function rivalOf(cluster: Cluster, box: Box, address: string): Box | undefined {
  const isWired = (other: Box) =>
    ['lan0', 'lan1'].some((net) => cluster.isUp(net, box.name, other.name));
  return othersOf(cluster, box).find(
    (other) => isWired(other) && other.power === 'on' && other.addresses.has(address),
  );
}

function addressAnswer(cluster: Cluster, box: Box, op: string, address: string): Answer {
  const rival = rivalOf(cluster, box, address);
  if (op === 'probe') {
    return { body: { held: box.addresses.has(address), conflict: rival?.name ?? null } };
  }
  if (op === 'remove') box.addresses.delete(address);
  else if (rival) return no('address.conflict', `${rival.name} answers for it`);
  else box.addresses.add(address);
  return { body: {} };
}

export function hostAnswer(cluster: Cluster, box: Box, body: Json): Answer {
  const order = body as {
    do: string;
    op?: string;
    event?: string;
    address?: string;
    timeoutMs?: number;
  };
  if (order.do === 'address') return addressAnswer(cluster, box, order.op!, order.address!);
  if (order.do === 'watchdog') box.watchdogMs = order.timeoutMs!;
  if (order.do === 'files') {
    const { text } = cluster.configText;
    return {
      body: { text: text === undefined ? writeClusterConfiguration(cluster.config) : text },
    };
  }
  if (order.do === 'node' && order.event === 'suspended' && cluster.deafHosts.has(box.name)) {
    return no('host.deaf', 'the host is deaf');
  }
  if (order.do === 'power') {
    cluster.log.push(`${box.name} host: ${order.op}`);
    cluster.after(20, () => cluster.cutPower(box.name));
    if (order.op === 'reboot') cluster.after(500, () => cluster.up(box.name));
  }
  if (order.do === 'reset') resetServer(cluster, box);
  if (order.do === 'status') {
    const services = { clusterpro_md: { enabled: true, running: box.agent } };
    return { body: { node: 'online', services, mirrorBreaks: { md1: 'none' } } };
  }
  return { body: {} };
}

/** Off at once, and up again. */
function resetServer(cluster: Cluster, box: Box): void {
  cluster.log.push(`${box.name} resets`);
  cluster.cutPower(box.name);
  cluster.after(500, () => cluster.up(box.name));
}

/** How long a server takes from its power to its daemon. */
const BOOT_MS = 500;

export function controllerAnswer(cluster: Cluster, box: Box, body: Json): Answer {
  const order = body as { do: string };
  if (cluster.deafControllers.has(box.name))
    return no('bmc.deaf', 'the controller does not answer');
  if (order.do === 'power.cut') cluster.cutPower(box.name);
  if (order.do === 'power.reset') resetServer(cluster, box);
  if (order.do === 'power.on' && box.power === 'off') {
    cluster.log.push(`${box.name} power on`);
    cluster.after(BOOT_MS, () => cluster.up(box.name));
  }
  return { body: { power: box.power } };
}

/** A server goes down: what an active copy wrote since then the others lack. */
export function leaveBehind(cluster: Cluster, box: Box): void {
  for (const other of othersOf(cluster, box)) {
    if (box.active && cluster.isUp('mdc') && other.agent) other.latest = false;
  }
}

/** Agents that see each other recover by themselves; a standby that sees nobody is in doubt. */
export function connectAgents(cluster: Cluster): void {
  for (const box of Object.values(cluster.boxes)) {
    const other = othersOf(cluster, box)[0];
    if (!other || !box.agent) continue;
    const isConnected = cluster.isUp('mdc') && other.agent && !other.frozen && !box.frozen;
    if (isConnected && (other.active || box.latest || other.latest)) {
      box.latest = true;
      other.latest = true;
    } else if (!isConnected && !box.active && other.active) {
      box.latest = false;
    }
  }
}

export function agentAnswer(cluster: Cluster, box: Box, body: Json): Answer {
  const order = body as { do: string; evidence?: Json; mirror?: string };
  const other = othersOf(cluster, box)[0];
  if (!box.agent) return no('refused', 'nobody listens');
  if (order.do === 'peer-broke') box.told.push(body);
  if (order.do === 'deactivate') box.active = false;
  if (order.do === 'activate') {
    if (other?.active && other.agent && cluster.isUp('mdc')) {
      return no('mirror.peerActive', `${other.name} has it active`);
    }
    if (!box.latest && !order.evidence) {
      return no('mirror.notLatest', 'The local server has not the latest data.(md1)');
    }
    box.latest = true;
    box.active = true;
  }
  const side = {
    color: box.latest ? 'GREEN' : 'RED',
    active: box.active,
    latest: box.latest,
    constructed: true,
    recovery: null,
    generation: `of-${box.name}`,
    connected: cluster.isUp('mdc') && other?.agent === true && !other.frozen,
  };
  return { body: { mirrors: { md1: side } } };
}
