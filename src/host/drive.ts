/**
 * Binds the host's step to its ports. The same in twin and lab: the machinery, the files and the
 * devices differ.
 */
import { createHash } from 'node:crypto';
import { type Driven, drive } from '../core/drive.ts';
import { type ArgumentsOf, type MessageKey, messageOf } from '../messages/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Devices } from '../ports/devices.ts';
import type { LogFiles } from '../ports/files.ts';
import type { Log, LogEntry } from '../ports/log.ts';
import type { CommandRun, Machinery, Printed } from '../ports/machinery.ts';
import type { Mail } from '../ports/mail.ts';
import type { Outside } from '../ports/outside.ts';
import type { Random } from '../ports/random.ts';
import type { Wire } from '../ports/wire.ts';
import { access, carryOutAccess } from './access.ts';
import { storedHost } from './durable.ts';
import { Investigations } from './investigations.ts';
import { maskedOutput } from './masked-output.ts';
import { doesWork, exchangesAlerts } from './process-work.ts';
import { ServerReports } from './reports.ts';
import {
  type DiskCopy,
  type Hardware,
  type HostEffect,
  type HostEvent,
  type HostState,
  OLD_WORDS,
} from './state.ts';
import { stepHost } from './step.ts';
import { isOsUp } from './turn.ts';

/** Where the state is kept. `save` is durable when it returns; when it throws, nothing changed. */
export interface HostStore {
  load(): HostState | null;
  save(state: HostState): void;
}

export interface HostWorld {
  server: string;
  /** Used when nothing is kept. */
  hardware: Hardware;
  clock: Clock;
  random: Random;
  wire: Wire;
  /** Over which alerts go to the other servers; left out: `wire`. */
  alertWire?: Wire;
  machinery: Machinery;
  keep: HostStore;
  files: LogFiles;
  mail: Mail;
  /** For backups of mounted devices; without it they are refused. */
  devices?: Devices;
  outside: Outside;
  log: Log;
}

export interface DrivenHost extends Driven<HostState, HostEvent> {
  /** A message of any part of this server, once: for its logs, the other servers, and mail. */
  report(entry: LogEntry): void;
}

type Own = Exclude<HostEffect, { type: 'log' }>;
type Tell = (event: HostEvent) => void;

const AGAIN_MS = 1_000;

function complain<K extends MessageKey>(
  { log, clock, server, hardware }: HostWorld,
  key: K,
  ...args: ArgumentsOf<K>
): void {
  log({ at: clock.now(), server, ...messageOf(hardware.manual ?? OLD_WORDS, key, ...args) });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Until everything is gone: a server that is half dead must not be said to be off. */
function killAll(world: HostWorld, tell: Tell): void {
  world.machinery.killAll().then(
    () => tell({ type: 'processes.gone' }),
    (error: unknown) => {
      complain(world, 'endingFailed', reasonOf(error));
      world.clock.at(world.clock.now() + AGAIN_MS, () => killAll(world, tell));
    },
  );
}

/** A disk that cannot be made keeps its server from booting. */
type WantedDisk = Omit<Extract<Own, { type: 'createDisk' }>, 'type'>;

function createDisk(world: HostWorld, tell: Tell, wanted: WantedDisk) {
  const { serial, sizeBytes, shared = false } = wanted;
  world.machinery.createDisk(serial, sizeBytes, shared).then(
    () => tell({ type: 'disk.created', serial }),
    (error: unknown) => {
      complain(world, 'makingDiskFailed', serial, reasonOf(error));
      world.clock.at(world.clock.now() + AGAIN_MS, () => createDisk(world, tell, wanted));
    },
  );
}

function makeSystem(world: HostWorld, tell: Tell): void {
  world.machinery.clearFiles('/').then(
    () => tell({ type: 'system.made' }),
    (error: unknown) => {
      complain(world, 'makingSystemFailed', world.server, reasonOf(error));
      world.clock.at(world.clock.now() + AGAIN_MS, () => makeSystem(world, tell));
    },
  );
}

function copyDisk(world: HostWorld, tell: Tell, wanted: DiskCopy): void {
  const { from, to } = wanted;
  world.machinery.copyDisk(from, to).then(
    () => tell({ type: 'disk.copied', to }),
    (error: unknown) => {
      complain(world, 'copyingDiskFailed', from, reasonOf(error));
      world.clock.at(world.clock.now() + AGAIN_MS, () => copyDisk(world, tell, wanted));
    },
  );
}

/** Counts what a command prints, masks in place of secrets: nobody can guess one by the digest. */
function countPrinted() {
  const counts = { stdout: 0, stderr: 0 };
  const hashes = { stdout: createHash('sha256'), stderr: createHash('sha256') };
  const reported = (stream: 'stdout' | 'stderr') => ({
    bytes: counts[stream],
    sha256: hashes[stream].digest('hex'),
  });
  return {
    add(stream: 'stdout' | 'stderr', text: string): void {
      counts[stream] += Buffer.byteLength(text);
      hashes[stream].update(text);
    },
    /** Once, at the end. */
    all: (): Printed => ({ stdout: reported('stdout'), stderr: reported('stderr') }),
  };
}

/** One that cannot be started has ended, or who asked would wait for ever: how, nobody knows. */
function spawnCommand(world: HostWorld, tell: Tell, run: CommandRun): void {
  const { operation } = run;
  const printed = countPrinted();
  try {
    const heard = maskedOutput(run, world.files, {
      output(stream, text) {
        printed.add(stream, text);
        tell({ type: 'command.printed', operation, stream, text });
      },
      end: (end) =>
        tell({ type: 'command.ended', operation, end: { ...end, printed: printed.all() } }),
    });
    world.machinery.spawnCommand(run, heard);
  } catch (error) {
    complain(world, 'startingFailed', run.argv[0] ?? '', reasonOf(error));
    tell({ type: 'command.ended', operation, end: { exitCode: null, answered: [] } });
  }
}

function startProcess(
  machinery: Machinery,
  tell: Tell,
  { process, bootId, command }: Extract<Own, { type: 'startProcess' }>,
): void {
  const pid = machinery.startProcess(process, bootId, command);
  if (pid !== null) tell({ type: 'process.started', process, pid });
}

function carryOut(world: HostWorld, tell: Tell, reports: ServerReports, effect: Own): void {
  const { machinery } = world;
  switch (effect.type) {
    case 'saveHost':
      world.keep.save(effect.state);
      return;
    case 'startProcess':
      startProcess(machinery, tell, effect);
      return;
    case 'stopProcess':
      machinery.stopProcess(effect.process);
      return;
    case 'killAll':
      killAll(world, tell);
      return;
    case 'freezeAll':
      machinery.freeze();
      return;
    case 'thawAll':
      machinery.thaw();
      return;
    case 'spawnCommand':
      spawnCommand(world, tell, effect.run);
      return;
    case 'findOrigin':
      tell({ type: 'origin.found', id: effect.id, origin: machinery.originOf(effect.ancestry) });
      return;
    case 'setCable':
      machinery.setCable(effect.net, effect.up);
      return;
    case 'readEditions': {
      const editions = {
        daemon: machinery.editionOf('daemon'),
        agent: machinery.editionOf('agent'),
      };
      tell({ type: 'editions.read', id: effect.id, editions });
      return;
    }
    case 'createDisk':
      createDisk(world, tell, effect);
      return;
    case 'copyDisk':
      copyDisk(world, tell, effect);
      return;
    case 'makeSystem':
      makeSystem(world, tell);
      return;
    case 'printLine':
      reports.print(effect.program, effect.text);
      return;
    case 'exchangeAlerts':
      exchangeAlerts(reports, tell, effect);
      return;
    default:
      carryOutAccess(world, tell, effect);
      return;
  }
}

function exchangeAlerts(
  reports: ServerReports,
  tell: Tell,
  { id, from, body }: Extract<Own, { type: 'exchangeAlerts' }>,
): void {
  const exchanged = reports.exchange(from, body);
  access(
    tell,
    id,
    exchanged.then((held) => ({ type: 'alerts.exchanged', id, body: held })),
  );
}

/** The boot that its system runs in. */
function bootOf(state: HostState): string | null {
  return isOsUp(state) ? state.bootId : null;
}

function reportsOf(world: HostWorld, state: () => HostState): ServerReports {
  const { server, hardware, clock, alertWire: wire = world.wire, files, mail, log } = world;
  const { peers, manual = OLD_WORDS } = hardware;
  return new ServerReports({
    ...{ server, peers, manual, clock, wire, files, mail, log },
    bootId: () => bootOf(state()),
    isSyncing: () => exchangesAlerts(state()),
    isWriting: () => doesWork(state(), 'events'),
  });
}

/** Puts the supervisor to work: with what was kept, else as new, its power off. */
export function driveHost(world: HostWorld): DrivenHost {
  const { server, clock, wire, log, machinery } = world;
  const tell: Tell = (event) => driven.dispatch(event);
  const reports = reportsOf(world, () => driven.state());
  const { manual = OLD_WORDS } = world.hardware;
  const bootId = () => bootOf(driven.state());
  const investigations = new Investigations({ ...world, manual, bootId });
  const driven = drive<HostState, HostEvent, HostEffect>({
    step: stepHost,
    initial: storedHost(world.keep.load(), world.hardware, server),
    clock,
    wire,
    parts: ['host', 'bmc'],
    server,
    onEffect: (effect) => carryOut(world, tell, reports, effect as Own),
    saves: 'saveHost',
    log,
  });
  machinery.onProcessExit((process, { code, signal }) =>
    tell({ type: 'process.exited', process, code, signal }),
  );
  machinery.onProcessStopped((process, isStopped) =>
    tell({ type: isStopped ? 'process.stopped' : 'process.continued', process }),
  );
  driven.dispatch({ type: 'part.started', bootId: world.random.id() });
  const report = (entry: LogEntry) => {
    reports.take(entry);
    investigations.take(entry);
  };
  return { ...driven, report };
}
