/**
 * Devices that heartbeats, network partition resolution and mirrors go over: partitions of shared
 * disks, serial lines, and addresses of the server's interfaces. The daemon says at its start which ones it read in its configuration; what is wrong
 * with one it is told in the answer, and what such a device carries is cut until it is well again.
 *
 *     missing      there is no such device            notBlock    it is no block device
 *     fileSystem   somebody made a file system on it  failed      its disk fails
 */
import type { Carrier } from '../config/index.ts';
import type { JsonObject } from '../core/json.ts';
import { resolveDevice } from './devices.ts';
import { anyText, objects, text } from './fields.ts';
import { fileSystemAt } from './file-systems.ts';
import { hasAddress } from './interfaces.ts';
import type { HostState } from './state.ts';
import { change, emit, type Turn } from './turn.ts';

const SERIAL_LINE = /^\/dev\/tty[A-Za-z]*\d+$/;

export type CarrierFault = 'missing' | 'notBlock' | 'fileSystem' | 'failed';

const isAddressed = ({ kind }: Carrier): boolean => kind === 'lan' || kind === 'mdc';

/**
 * Those that a boot does not change: devices of their own, whose first heartbeat must not be quicker
 * than the daemon's look at them. Of addresses the daemon says anew what its configuration has.
 */
export function ownCarriers({ carriers }: HostState): Carrier[] {
  return carriers.filter((one) => !isAddressed(one));
}

/** Null: it can be used. */
function faultOf(state: HostState, carrier: Carrier): CarrierFault | null {
  const { kind, path } = carrier;
  const isLine = SERIAL_LINE.test(path);
  // Of a server put up long ago no interface is known: it has what its configuration says.
  if (isAddressed(carrier)) return hasAddress(state, path) ? null : 'missing';
  if (kind === 'com') return isLine ? null : 'missing';
  // A server without a controller of its own.
  if (kind === 'bmc') return 'missing';
  const found = resolveDevice(state, path);
  if (!found) return isLine ? 'notBlock' : 'missing';
  if (found.failed !== null) return 'failed';
  return fileSystemAt(state, path) === null ? null : 'fileSystem';
}

/** By the name of the resource; those that can be used are left out. */
export function carrierFaults(state: HostState): Record<string, CarrierFault> {
  const all = state.carriers.map((one) => [one.resource, faultOf(state, one)] as const);
  const bad = all.filter((pair): pair is readonly [string, CarrierFault] => pair[1] !== null);
  return Object.fromEntries(bad);
}

export function noteCarriers(turn: Turn, body: JsonObject): void {
  if (body.carriers === undefined) return;
  const carriers = objects(body, 'carriers').map((one) => ({
    resource: text(one, 'resource'),
    kind: text(one, 'kind'),
    path: anyText(one, 'path'),
    net: text(one, 'net'),
  }));
  change(turn, { carriers });
}

/** Nets over which this server neither sends nor hears. */
function downNets(state: HostState): Set<string> {
  if (state.carriers.length === 0) return new Set(state.unplugged);
  const faults = carrierFaults(state);
  const bad = state.carriers.filter(({ resource }) => resource in faults);
  return new Set([...state.unplugged, ...bad.map(({ net }) => net)]);
}

/** After every event: the cables follow from the state, before whatever else was to be done. */
export function setCables(turn: Turn, before: HostState): void {
  const { carriers, disks, unplugged, formats, interfaces } = turn.state;
  const isSame =
    carriers === before.carriers &&
    disks === before.disks &&
    unplugged === before.unplugged &&
    formats === before.formats &&
    interfaces === before.interfaces;
  if (isSame) return;
  const [was, is] = [downNets(before), downNets(turn.state)];
  const down = [...is].filter((net) => !was.has(net));
  const up = [...was].filter((net) => !is.has(net));
  turn.effects.unshift(
    ...down.map((net) => ({ type: 'setCable' as const, net, up: false })),
    ...up.map((net) => ({ type: 'setCable' as const, net, up: true })),
  );
}

/** What is out stays so, whatever becomes of the supervisor. */
export function cutAgain(turn: Turn): void {
  for (const net of downNets(turn.state)) emit(turn, { type: 'setCable', net, up: false });
}
