/**
 * Mounting a mirror: the host remembers it, and where there are real file systems the kernel does it.
 *
 *     mount    attach ─► blank? make ─► fsck, when it is due ─► mount ┬─► mounted
 *                                         failed: fsck, again ◄───────┘   up to `retry` times
 *     umount   umount ┬─► detach ─► unmounted
 *              failed: end its users, wait, again   up to `retry` times
 *
 * Options, timeouts and retries are the resource's (mount-parameters.ts).
 */
import { INSTALL_PATH } from '../../core/paths.ts';
import { sleep } from '../../ports/clock.ts';
import type { FileSystems } from '../../ports/file-systems.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';
import { timed } from '../statistics/sampling.ts';
import type { MountParameters } from './mount-parameters.ts';

const HOST_MS = 5000;

/** Mounts; rejects with what the last attempt said. Nothing is mounted then. */
export async function mountFor(disk: MirrorDisk): Promise<void> {
  const order = disk.p.mounting;
  if (!order) return;
  const { point, fs } = order;
  const { device } = disk.p;
  const body = { do: 'mount', device, point, fs, readOnly: false, options: [] };
  try {
    await disk.ask('host', body, HOST_MS);
  } catch {
    // A mount that a killed agent left behind is its own device: taken off, and tried again.
    await disk.ask('host', { do: 'umount', target: device }, HOST_MS);
    await disk.ask('host', body, HOST_MS);
  }
  const { fileSystems } = disk.ports;
  if (fileSystems) {
    await mountReally(disk, fileSystems, order).catch(async (error: unknown) => {
      await fileSystems.detach(device).catch(() => {});
      await disk.ask('host', { do: 'umount', target: device }, HOST_MS).catch(() => {});
      throw error;
    });
  }
  disk.device.mounted(true);
}

async function mountReally(
  disk: MirrorDisk,
  kernel: FileSystems,
  order: MountParameters,
): Promise<void> {
  const { device } = disk.p;
  await kernel.detach(device);
  await kernel.attach(device);
  const isBlank = await kernel.isBlank(device);
  if (isBlank && !order.makes) disk.logIfKnown('mirrorNotFormatted', device);
  if (isBlank && order.makes) {
    await kernel.make(device, order.fs, order.fsckTimeoutMs);
    disk.logIfKnown('mirrorFormatted', device);
  } else if (await isCheckDue(disk, order)) {
    await check(disk, kernel, order, order.fsckOptions);
  }
  for (let attempt = 0; ; attempt++) {
    try {
      await kernel.mount({ device, ...order }, order.timeoutMs);
      return;
    } catch (error) {
      if (attempt >= order.retries) throw error;
      if (order.repairOptions) await check(disk, kernel, order, order.repairOptions);
    }
  }
}

/** mdadmn 2 and 3 of v3 12.1. */
async function check(
  disk: MirrorDisk,
  kernel: FileSystems,
  { fs, fsckTimeoutMs }: MountParameters,
  options: string[],
): Promise<void> {
  const { device } = disk.p;
  disk.log('fsckStarted', device);
  const checking = kernel.check(device, fs, options, fsckTimeoutMs);
  if (!(await timed(disk, ({ fsck }, ms) => fsck.see(ms), checking))) return;
  disk.log('fsckEnded', device);
}

/** Counts the mounts on this server in a file of its own. */
async function isCheckDue(disk: MirrorDisk, order: MountParameters): Promise<boolean> {
  if (order.fsckTiming !== 'interval') return order.fsckTiming === 'always';
  const path = `${INSTALL_PATH}/work/mirror/${disk.p.name}.mounts`;
  const stored = await disk.ask('host', { do: 'files', op: 'read', path }, HOST_MS);
  const text = isObject(stored) ? stored.text : null;
  const mounts = (Number(typeof text === 'string' ? text : '0') || 0) + 1;
  const isDue = mounts >= order.fsckInterval;
  const body = { do: 'files', op: 'write', path, text: `${isDue ? 0 : mounts}\n` };
  await disk.ask('host', body, HOST_MS);
  return isDue;
}

/** Unmounts; rejects with what the last attempt said. */
export async function umountFor(disk: MirrorDisk): Promise<void> {
  const { fileSystems, clock } = disk.ports;
  const { device } = disk.p;
  const order = disk.p.mounting;
  if (fileSystems && order) {
    const { point, umountTimeoutMs, umountRetries, umountIntervalMs } = order;
    for (let attempt = 0; ; attempt++) {
      try {
        await fileSystems.umount(point, umountTimeoutMs);
        break;
      } catch (error) {
        if (attempt >= umountRetries) throw error;
        if (order.endsUsers) await fileSystems.endUsers(point);
        await sleep(clock, attempt === 0 && order.endsUsers ? 0 : umountIntervalMs);
      }
    }
    await fileSystems.detach(device);
  }
  await disk.ask('host', { do: 'umount', target: device }, HOST_MS);
  disk.device.mounted(false);
}
