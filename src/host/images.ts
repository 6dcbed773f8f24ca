/**
 * Disk images of a server, on the shelf beside it, by name: every disk byte by byte, and with
 * `system` what the system disk says of the services too. Outside of the operating system, as a
 * virtual platform makes them (x5 2.18 to 2.20).
 *
 *   take      disk SN-…-1 ──copy──► image-NAME-…           nobody writes meanwhile
 *   restore   disk SN-…-2 ◄──copy── image-NAME-…           a new disk in each bay: another serial
 *             shared disk ◄──copy── image-NAME-…           written in place: others reach it, too
 *
 * What is being copied is noted durably: after a crash the copy is made anew before the server boots.
 */
import type { JsonObject } from '../core/json.ts';
import type { DiskImageStatus } from '../schema/generated/status.ts';
import { flag, text } from './fields.ts';
import { nextSerial } from './hardware.ts';
import { processState } from './processes.ts';
import { writeTable } from './shared-tables.ts';
import type { Disk, DiskCopy, DiskImage, HostState } from './state.ts';
import {
  change,
  changeLive,
  emit,
  isPowerOn,
  log,
  own,
  refusal,
  reply,
  type Turn,
} from './turn.ts';

const IMAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** What the bytes of one disk of an image are stored under. */
export function imageBlob(name: string, device: string): string {
  return `image-${name}${device.replaceAll('/', '-')}`;
}

function needQuiet(turn: Turn, system: boolean): void {
  const { server, disks } = turn.state;
  if (!isPowerOn(turn.state)) return;
  if (system) {
    throw refusal('power.on', `the system disk of ${server} is in use; shut ${server} down`);
  }
  if (processState(turn.state, 'agent') !== 'off') {
    throw refusal('device.busy', `the mirror agent of ${server} uses its disks; stop it first`);
  }
  const lies = ({ device }: { device: string }) =>
    Object.keys(disks).some((disk) => device.startsWith(disk));
  const mount = turn.state.mounts.find(lies);
  if (mount) throw refusal('device.busy', `${mount.device} is mounted on ${mount.point}`);
}

function beginCopies(turn: Turn, id: string, copies: DiskCopy[], answer: string): void {
  if (copies.length === 0) {
    reply(turn, id, { image: answer });
    return;
  }
  const left = copies.map(({ to }) => to);
  const { copyWaiters } = turn.state.live;
  change(turn, { copies: [...turn.state.copies, ...copies] });
  changeLive(turn, { copyWaiters: [...copyWaiters, { id, image: answer, left }] });
  for (const copy of copies) emit(turn, { type: 'copyDisk', ...copy });
}

/** The image of every disk. With `system`, only while the power is off. */
export function takeImage(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'image');
  const system = flag(body, 'system');
  const { server, disks, images, services, papers: documents } = turn.state;
  if (!IMAGE_NAME.test(name)) throw refusal('image.name', `${name} is no name for an image`);
  if (own(images, name)) throw refusal('image.taken', `${server} has an image ${name} already`);
  needQuiet(turn, system);
  const bad = Object.entries(disks).find(([, { failed }]) => failed === 'all' || failed === 'read');
  if (bad) throw refusal('device.error', `${bad[0]} of ${server}: Input/output error`);
  const stored = Object.entries(disks).map(([device, { serial, sizeBytes, partitions }]) => {
    const blob = imageBlob(name, device);
    return { device, serial, blob, sizeBytes, partitions };
  });
  const image: DiskImage = {
    at: turn.now,
    services: system ? services : null,
    papers: system ? documents : null,
    disks: Object.fromEntries(
      stored.map(({ device, blob, sizeBytes, partitions }) => [
        device,
        { blob, sizeBytes, partitions },
      ]),
    ),
  };
  change(turn, { images: { ...images, [name]: image } });
  log(turn, 'imageMade', name, server);
  const copies = stored.map(({ serial, blob }) => ({ from: serial, to: blob }));
  beginCopies(turn, id, copies, name);
}

/** New disks with the contents of the image, in place of those in the bays. */
export function restoreImage(turn: Turn, id: string, body: JsonObject): void {
  const name = text(body, 'image');
  const { server, images, disks, hotplug, blank, services, papers: documents } = turn.state;
  const image = own(images, name);
  if (!image) {
    const names = Object.keys(images).join(', ') || 'none';
    throw refusal('image.unknown', `${server} has no image ${name}; its images: ${names}`);
  }
  if (isPowerOn(turn.state) && !(hotplug && image.services === null)) {
    throw refusal('power.on', `cannot replace the disks of ${server}: its power is on`);
  }
  const made = Object.entries(image.disks).map(([device, { blob, sizeBytes, partitions }]) => {
    const old = own(disks, device);
    const serial = old?.shared ? old.serial : nextSerial(old?.serial ?? `SN-${server}-0`);
    const shared = old?.shared ? { shared: old.shared } : {};
    const disk: Disk = { serial, sizeBytes, failed: null, partitions, ...shared };
    return { device, disk, copy: { from: blob, to: serial } };
  });
  for (const { disk } of made) writeTable(turn, disk, disk);
  const gone = made.map(({ device }) => own(disks, device)?.serial);
  change(turn, {
    disks: { ...disks, ...Object.fromEntries(made.map(({ device, disk }) => [device, disk])) },
    blank: blank.filter((serial) => !gone.includes(serial)),
    services: { ...services, ...(image.services ?? {}) },
    papers: image.services === null ? documents : (image.papers ?? {}),
  });
  log(turn, 'imageRestored', server, name);
  beginCopies(
    turn,
    id,
    made.map(({ copy }) => copy),
    name,
  );
}

export function diskCopied(turn: Turn, to: string): void {
  change(turn, { copies: turn.state.copies.filter((copy) => copy.to !== to) });
  const waiters = turn.state.live.copyWaiters.map((waiter) => ({
    ...waiter,
    left: waiter.left.filter((serial) => serial !== to),
  }));
  for (const { id, image, left } of waiters) if (left.length === 0) reply(turn, id, { image });
  changeLive(turn, { copyWaiters: waiters.filter(({ left }) => left.length > 0) });
}

/** After the supervisor died: what was not copied yet. */
export function copyAgain(turn: Turn): void {
  for (const copy of turn.state.copies) emit(turn, { type: 'copyDisk', ...copy });
}

/** The images that are whole. */
export function imagesOf({ images, copies }: HostState): Record<string, DiskImageStatus> {
  const isWhole = ({ disks }: DiskImage) =>
    Object.values(disks).every(({ blob }) => copies.every(({ to }) => to !== blob));
  const entries = Object.entries(images).filter(([, image]) => isWhole(image));
  const enabledIn = (services: NonNullable<DiskImage['services']>) =>
    Object.keys(services).filter((name) => services[name]?.enabled);
  return Object.fromEntries(
    entries.map(([name, { at, disks, services }]) => [
      name,
      {
        at,
        devices: Object.keys(disks),
        system: services !== null,
        enabledServices: services === null ? null : enabledIn(services),
      },
    ]),
  );
}
