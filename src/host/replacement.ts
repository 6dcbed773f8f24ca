/**
 * Another machine in a server's place, with an operating system that has the same address and host
 * name and nothing else on it; and the product, installed on such a system.
 *
 *     goes with the old machine    its system disk: the product, its configuration and licences, logs,
 *                                  documents, the record of commands; its controller's memory
 *     own disks                    new and blank, or moved over with all that is on them
 *     stays where it is            shared disks, cables, media and images on the shelf
 *
 * What is being made anew is noted durably: after a crash it is made before the server boots.
 */
import type { JsonObject } from '../core/json.ts';
import { blankInPlace } from './disks.ts';
import { flag } from './fields.ts';
import { machineOf, nextSerial } from './hardware.ts';
import { forgetProduct } from './machine.ts';
import { type Disk, freshSystem, type HostState } from './state.ts';
import { change, changeLive, emit, isPowerOn, log, refusal, reply, type Turn } from './turn.ts';

/** The way to a shared disk is the new machine's. */
function reachedAnew(disks: HostState['disks']): HostState['disks'] {
  const entries = Object.entries(disks).map(([device, disk]): [string, Disk] => {
    return [device, disk.shared ? { ...disk, failed: null } : disk];
  });
  return Object.fromEntries(entries);
}

export function replaceServer(turn: Turn, id: string, body: JsonObject): void {
  const keepsDisks = flag(body, 'keepsDisks');
  const { server, disks } = turn.state;
  if (isPowerOn(turn.state)) {
    throw refusal('power.on', `cannot replace ${server}: its power is on; shut it down`);
  }
  const machine = nextSerial(machineOf(turn.state));
  change(turn, {
    ...freshSystem(),
    machine,
    isSystemMade: false,
    lastBootId: 'none',
    inserted: null,
    unplugged: [],
    disks: reachedAnew(disks),
  });
  forgetProduct(turn);
  log(turn, 'serverReplaced', server, machine);
  const own = Object.entries(disks).filter(([, { shared }]) => !shared);
  if (!keepsDisks) for (const [device] of own) blankInPlace(turn, device);
  changeLive(turn, { systemWaiters: [...turn.state.live.systemWaiters, id] });
  makeSystem(turn);
}

/** Also after the supervisor died. */
export function makeSystem(turn: Turn): void {
  if (turn.state.isSystemMade === false) emit(turn, { type: 'makeSystem' });
}

export function systemMade(turn: Turn): void {
  const { systemWaiters } = turn.state.live;
  change(turn, { isSystemMade: true });
  changeLive(turn, { systemWaiters: [] });
  for (const id of systemWaiters) reply(turn, id, { machine: machineOf(turn.state) });
}
