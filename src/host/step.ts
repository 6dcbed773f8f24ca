/**
 * The host supervisor as a pure step. A turn that throws a DrydockError is dropped whole, and the
 * request it was for is refused with the error's code. Whatever durable changed is saved by the
 * first effect of the step, before anything is done about it.
 */
import { DrydockError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Caller, Moved, Step } from '../core/part.ts';
import { announceAgain, arpReceived, askAddress, probeIsOver } from './addresses.ts';
import { askLink, plugCable, pullCable } from './cables.ts';
import { cutAgain, setCables } from './carriers.ts';
import * as disks from './disks.ts';
import { askDocument } from './documents.ts';
import { isDurablyEqual } from './durable.ts';
import { objectOf } from './fields.ts';
import { accessFailed, answered, askAlerts, askFile, askStatus, factsRead } from './files.ts';
import { askGlass } from './glass.ts';
import * as images from './images.ts';
import { setAddress } from './interfaces.ts';
import { askAgain, askLease, peerAnswered } from './lease.ts';
import { bootTimeIsOver, goOnShuttingDown, heardOfProcess, killProcesses } from './life.ts';
import { askLook, askParts, lookAnswered, lookFailed, lookIsOver, lookRead } from './look.ts';
import { askModule, askPackage, installProduct, showMachine } from './machine.ts';
import * as media from './media.ts';
import { noteMirrors } from './mirror-devices.ts';
import * as mounts from './mounts.ts';
import { askNote, listNotes } from './notes.ts';
import { commandEnded, commandPrinted, exec, loseOperations, showOperation } from './operations.ts';
import { listOperations } from './operations-of-run.ts';
import { askOrigin } from './origin.ts';
import { askOutside } from './outside.ts';
import * as power from './power.ts';
import { tellChangedWork, workNotHeard } from './process-work.ts';
import { showProcesses } from './processes.ts';
import { askProgram } from './programs.ts';
import { askRaw, checkDevice } from './raw-devices.ts';
import * as replacement from './replacement.ts';
import { takeReport, takeSaying } from './report.ts';
import { askService, stopTakesTooLong } from './services.ts';
import { sharedTableRead } from './shared-tables.ts';
import { freshLive, type HostEffect, type HostEvent, type HostState } from './state.ts';
import {
  change,
  changeLive,
  isOsUp,
  isPowerOn,
  own,
  refusal,
  refuse,
  reply,
  type Turn,
} from './turn.ts';
import { extendVolume } from './volume-groups.ts';
import * as volumes from './volumes.ts';

type Handler = (turn: Turn, id: string, body: JsonObject, from: Caller) => void;

/** Requests of the operating system: HostRequest. */
const HOST: Record<string, Handler> = {
  status: askStatus,
  look: askLook,
  service: askService,
  processes: showProcesses,
  power: power.orderPower,
  reset: power.orderReset,
  node: power.tellNode,
  watchdog: power.petWatchdog,
  disks: disks.showDisks,
  partition: disks.partition,
  mount: mounts.mount,
  umount: mounts.umount,
  blockdev: disks.blockdev,
  volume: volumes.showVolume,
  'volume.extend': extendVolume,
  format: volumes.format,
  wipe: volumes.wipe,
  fileSystem: volumes.tendFileSystem,
  machine: showMachine,
  module: askModule,
  package: askPackage,
  'device.read': disks.readDevice,
  'device.clear': volumes.clear,
  exec,
  operation: showOperation,
  operations: listOperations,
  lease: askLease,
  paper: askDocument,
  glass: askGlass,
  report: takeReport,
  say: takeSaying,
  note: askNote,
  notes: listNotes,
  origin: askOrigin,
  address: askAddress,
  link: askLink,
  outside: askOutside,
  raw: askRaw,
  program: askProgram,
  'device.check': checkDevice,
  mirrors: noteMirrors,
  files: askFile,
  alerts: askAlerts,
  medium: media.readMedium,
  'medium.write': media.writeMedium,
};

/** Requests of the chassis: BmcRequest. */
const BMC: Record<string, Handler> = {
  look: askLook,
  'power.status': power.powerStatus,
  'power.on': power.powerOn,
  'power.cut': power.powerCut,
  'power.reset': power.powerReset,
  'disk.replace': disks.replaceDisk,
  'disk.add': disks.addDisk,
  'disk.fail': disks.failDisk,
  'disk.heal': disks.healDisk,
  'server.replace': replacement.replaceServer,
  'product.install': installProduct,
  'disk.image.take': images.takeImage,
  'disk.image.restore': images.restoreImage,
  'cable.pull': pullCable,
  'cable.plug': plugCable,
  'address.set': setAddress,
  'medium.edit': media.editMedium,
  'medium.insert': media.insertMedium,
  'medium.remove': media.removeMedium,
  'medium.copy': media.copyMedium,
  'media.put': media.putMedium,
  freeze: power.freeze,
  thaw,
};

/** More than that its sockets do not take. */
const MOST_UNREAD = 256;

type Received = Extract<HostEvent, { type: 'request.received' }>;

function requestReceived(turn: Turn, received: Received): void {
  const { id, from, to, body: sent } = received;
  if (to !== 'bmc' && turn.state.frozen && isPowerOn(turn.state)) {
    leaveUnread(turn, received);
    return;
  }
  if (to !== 'bmc' && !isOsUp(turn.state)) {
    throw refusal('os.off', `the operating system of ${turn.state.server} is not up`);
  }
  const body = objectOf(sent);
  const asked = String(body.do);
  const handler = own(to === 'bmc' ? BMC : HOST, asked);
  if (!handler) throw refusal('request.unknown', `part ${to ?? 'host'} knows no request ${asked}`);
  handler(turn, id, body, from);
}

/** A machine that hangs answers nothing before it goes on; who asks may not wait so long. */
function leaveUnread(turn: Turn, received: Received): void {
  const { unread } = turn.state.live;
  if (unread.length < MOST_UNREAD) changeLive(turn, { unread: [...unread, received] });
}

function thaw(turn: Turn, id: string): void {
  power.thaw(turn, id);
  const { unread } = turn.state.live;
  changeLive(turn, { unread: [] });
  for (const received of unread) takeOver(turn, received);
}

/** Within another turn: a refusal drops what belongs to that request alone. */
function takeOver(turn: Turn, received: Received): void {
  const its: Turn = { state: turn.state, effects: [], now: turn.now };
  try {
    requestReceived(its, received);
    turn.effects.push(...its.effects);
    turn.state = its.state;
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    refuse(turn, received.id, error.code, error.message);
  }
}

/** A supervisor starts: fresh, or after it died, which to its server is a power loss. */
function supervisorStarted(turn: Turn, seed: string): void {
  change(turn, { entropy: { seed, drawn: 0 } });
  loseOperations(turn);
  change(turn, { live: freshLive(), frozen: false, watchdogMs: null });
  disks.createBlankDisks(turn);
  images.copyAgain(turn);
  replacement.makeSystem(turn);
  cutAgain(turn);
  if (!isPowerOn(turn.state)) return;
  const { value, context } = turn.state.node;
  const next = value === 'down' ? context : { next: 'boot' as const, singleUser: false };
  change(turn, { node: { value: 'down', context: next } });
  killProcesses(turn);
}

function timerFired(turn: Turn, id: string): void {
  if (id === 'boot') bootTimeIsOver(turn);
  if (id === 'watchdog') power.watchdogExpired(turn);
  if (id === 'shutdown') power.shutdownStalled(turn);
  if (id === 'drain') power.drainIsOver(turn);
  if (id === 'announce') announceAgain(turn);
  if (id === 'lease') askAgain(turn);
  if (id === 'stop:agent') stopTakesTooLong(turn, 'agent');
  if (id === 'stop:daemon') stopTakesTooLong(turn, 'daemon');
  lookIsOver(turn, id);
  if (id.startsWith('arp:')) probeIsOver(turn, id.slice('arp:'.length));
}

/** A file, or what stands outside. */
function textRead(turn: Turn, id: string, text: string | null): void {
  if (!sharedTableRead(turn, id, text)) answered(turn, id, { text });
}

function take(turn: Turn, event: HostEvent): void {
  switch (event.type) {
    case 'part.started':
      supervisorStarted(turn, event.bootId);
      return;
    case 'timer.fired':
      timerFired(turn, event.id);
      return;
    case 'datagram.received':
      arpReceived(turn, event.net, event.from, event.body);
      return;
    case 'request.received':
      requestReceived(turn, event);
      return;
    case 'process.started':
    case 'process.stopped':
    case 'process.continued':
    case 'process.exited':
    case 'processes.gone':
      heardOfProcess(turn, event);
      return;
    case 'command.printed':
      commandPrinted(turn, event.operation, event.stream, event.text);
      return;
    case 'command.ended':
      commandEnded(turn, event.operation, event.end);
      goOnShuttingDown(turn);
      return;
    case 'disk.created':
      disks.diskCreated(turn, event.serial);
      return;
    case 'disk.copied':
      images.diskCopied(turn, event.to);
      return;
    case 'system.made':
      replacement.systemMade(turn);
      return;
    case 'file.read':
    case 'outside.said':
      textRead(turn, event.id, event.text);
      return;
    case 'facts.read':
      if (!lookRead(turn, event.id, event.facts)) factsRead(turn, event.id, event.facts);
      return;
    case 'device.read':
    case 'device.cleared':
    case 'file.written':
    case 'files.listed':
    case 'alerts.exchanged':
      answered(turn, event.id, event.body);
      return;
    case 'origin.found':
      reply(turn, event.id, event.origin);
      return;
    case 'editions.read':
      askParts(turn, event.id, event.editions);
      return;
    case 'access.failed':
      if (!lookFailed(turn, event.id, event.code, event.message)) {
        accessFailed(turn, event.id, event.code, event.message);
      }
      return;
    case 'request.answered':
      if (!lookAnswered(turn, event.id, event.body)) peerAnswered(turn, event.id, event.body);
      return;
    case 'request.failed':
      // A peer that does not answer is asked again.
      lookFailed(turn, event.id, event.code, event.message);
      workNotHeard(turn, event.id, event.code);
      return;
  }
}

export const stepHost: Step<HostState, HostEvent, HostEffect> = (state, event, now) => {
  const turn: Turn = { state, effects: [], now };
  try {
    take(turn, event);
    tellChangedWork(state, turn);
    setCables(turn, state);
  } catch (error) {
    if (!(error instanceof DrydockError) || event.type !== 'request.received') throw error;
    const refused: Turn = { state, effects: [], now };
    refuse(refused, event.id, error.code, error.message);
    return refused;
  }
  return saved(state, turn);
};

function saved(before: HostState, turn: Turn): Moved<HostState, HostEffect> {
  const { state, effects } = turn;
  if (isDurablyEqual(before, state)) return { state, effects };
  const stored = { ...state, live: freshLive() };
  return { state, effects: [{ type: 'saveHost', state: stored }, ...effects] };
}
