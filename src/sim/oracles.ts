/**
 * What must hold in every history of a twin, whatever the faults. Checked from outside, with the
 * bytes of the disks themselves:
 *
 *   1. the copy that serves holds every acknowledged write;
 *   2. two GREEN copies that are connected and idle are byte-identical;
 *   3. no mirror is active on two servers;
 *   4. no part answered with a defect.
 */

import { BLOCK_BYTES } from '../cluster/pattern.ts';
import type { Status } from '../schema/generated/status.ts';
import type { Twin } from './twin.ts';

function dataDevice(twin: Twin, mirror: string): string {
  const resource = twin.config.resources.find(({ name }) => name === mirror);
  return String(resource?.parameters['diskdev/dppath'] ?? '');
}

function differences(twin: Twin, mirror: string, servers: string[]): string[] {
  const device = dataDevice(twin, mirror);
  const [first, second] = servers.map((name) => twin.server(name).devices.peek(device));
  if (!first || !second) return [];
  const size = Math.min(first.length, second.length);
  for (let at = 0; at < size; at += BLOCK_BYTES) {
    const ours = first.subarray(at, Math.min(at + BLOCK_BYTES, size));
    const theirs = second.subarray(at, Math.min(at + BLOCK_BYTES, size));
    if (Buffer.compare(ours, theirs) === 0) continue;
    return [`${mirror}: both copies are GREEN and differ at byte ${at}`];
  }
  return [];
}

/** What a server's copy lacks of the acknowledged writes, by the bytes on its disk. */
export function copyFaults(twin: Twin, mirror: string, server: string): string[] {
  const device = dataDevice(twin, mirror);
  return twin.io.written(mirror).flatMap((index) => {
    const bytes = twin.server(server).devices.peek(device, index * BLOCK_BYTES, BLOCK_BYTES);
    const words = bytes && twin.io.judge(mirror, index, bytes);
    return words ? [words] : [];
  });
}

function lost(twin: Twin, mirror: string, server: string): string[] {
  const faults = copyFaults(twin, mirror, server);
  return faults.map((words) => `the copy on ${server} serves, but ${words}`);
}

/** What is wrong, in words; empty when everything holds. */
export function violations(twin: Twin, seen: Status): string[] {
  const wrong = twin.network.defects.splice(0).map((words) => `defect: ${words}`);
  for (const [mirror, { copies, sync }] of Object.entries(seen.volumes)) {
    const sides = Object.entries(copies);
    const active = sides.filter(([, { role }]) => role === 'primary').map(([name]) => name);
    if (active.length > 1) wrong.push(`${mirror} is active on ${active.join(' and ')}`);
    for (const server of active) wrong.push(...lost(twin, mirror, server));
    const areEqual =
      sides.length === 2 &&
      sync === null &&
      sides.every(
        ([, { state, connection }]) => state === 'upToDate' && connection.state === 'connected',
      );
    if (areEqual && twin.io.inFlight(mirror) === 0) {
      wrong.push(
        ...differences(
          twin,
          mirror,
          sides.map(([name]) => name),
        ),
      );
    }
  }
  return wrong;
}
