/**
 * What a host supervisor moves, as real processes: the agent and the daemon of its server, the
 * commands run there, and the files that stand for its disks.
 *
 * Invariant: a process is started only from this file's fixed programs under a fixed Node, with an
 * environment made from nothing. A command's name picks a module inside the command program; no
 * name is ever looked up on PATH.
 *
 * Every process carries marks in its environment. Cutting the power kills all that carry them,
 * whoever started them, and looks again until there is none. To be killed is all that such a mark
 * is good for: whose doing a command is, is told by the processes that were started here.
 */
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrydockError } from '../core/errors.ts';
import {
  CANNOT_START,
  type CommandRun,
  type Machinery,
  NO_SUCH_PROGRAM,
  type Origin,
  type ProcessMark,
  type Service,
} from '../ports/machinery.ts';
import { type Child, startCommand } from './command-process.ts';
import { flushFolder, nameBeside } from './durable-file.ts';
import { type EditionReader, editionReader } from './edition-file.ts';
import {
  findByEnvironment,
  isSameProcess,
  isStopped,
  killByEnvironment,
  markOf,
  signalProcess,
} from './process-table.ts';
import { startProcess } from './start-process.ts';

export interface MachineryOptions {
  /** Absolute paths: the Node that runs everything, and the programs it runs, with Node's flags. */
  node: string;
  programs: Record<Service, readonly string[]>;
  /** What the parts have in their environment besides `env`. */
  partEnv?: Record<string, string>;
  commandProgram: string;
  commandNames: ReadonlySet<string>;
  /** The whole environment of the processes; holds the marks. */
  env: Record<string, string>;
  marks: Record<string, string>;
  disks: string;
  /** The folder of the disks that several servers reach. */
  sharedDisks: string;
  setCable: (net: string, up: boolean) => void;
  systemDisk: Pick<Machinery, 'clearFiles' | 'placeProduct'>;
  logs: string;
  /** The files in which they count the editions of their views. */
  editions: Record<Service, string>;
  /** Called first when everything is killed: the cables go silent before the sockets close. */
  beforeKill: () => Promise<void>;
  /** Called when nothing is left: what the processes held may go. */
  afterKill?: () => Promise<void>;
}

const KILL_LIMIT_MS = 5000;
/** How often it is looked whether a process was stopped: a sixth of the shortest heartbeat timeout. */
const LOOK_MS = 250;

/**
 * What only holds its place: it waits for a line that never comes, and ends with whoever started
 * it, as that one's end of the pipe closes. A shell is the smallest program that every machine has
 * under the same name; what follows the script in its arguments is what a list of processes shows.
 */
const SHELL = '/bin/sh';
const HOLD_PLACE = 'read -r line';

type StopListener = Parameters<Machinery['onProcessStopped']>[0];
type ExitListener = Parameters<Machinery['onProcessExit']>[0];
const isPart = (key: string): key is Service => key === 'daemon' || key === 'agent';

class ProcessMachinery implements Machinery {
  #options: MachineryOptions;
  #processes = new Map<string, Child>();
  #commands = new Set<Child>();
  /** Of the parts that run. */
  #editions = new Map<Service, EditionReader>();
  /** Who they are, from their start on. */
  #marks = new Map<Child, ProcessMark & { operation: string | null }>();
  #listeners: ExitListener[] = [];
  /** Processes without a part that were found stopped. */
  #stopped = new Set<string>();
  #isFrozen = false;
  /** Counts power cuts: what ended before the last one is not reported. */
  #era = 0;

  constructor(options: MachineryOptions) {
    this.#options = options;
  }

  startProcess(key: string, bootId: string, command: string): number | null {
    const startedIn = this.#era;
    const child = isPart(key) ? this.#startPart(key, bootId) : this.#startCompanion(key, command);
    this.#processes.set(key, child);
    this.#register(child, null);
    const edition = isPart(key) ? editionReader(this.#options.editions[key], child.pid) : null;
    if (isPart(key) && edition) this.#editions.set(key, edition);
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      edition?.close();
      this.#marks.delete(child);
      const isLatest = this.#processes.get(key) === child;
      if (isLatest) {
        this.#processes.delete(key);
        this.#stopped.delete(key);
      }
      if (isLatest && isPart(key)) this.#editions.delete(key);
      if (this.#era !== startedIn || !isLatest) return;
      for (const listener of this.#listeners) listener(key, { code, signal });
    };
    if (child.pid === undefined) child.once('error', () => ended(CANNOT_START, null));
    else child.once('exit', ended);
    return child.pid ?? null;
  }

  #startPart(part: Service, bootId: string) {
    const { node, programs, env, partEnv, logs } = this.#options;
    const log = openSync(join(logs, `${part}.log`), 'a', 0o600);
    const child = startProcess(node, programs[part], {
      env: { ...env, ...partEnv, DRYDOCK_BOOT_ID: bootId, DRYDOCK_PART: part },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return child;
  }

  #startCompanion(key: string, command: string) {
    return startProcess(SHELL, ['-c', HOLD_PLACE, ...command.split(' ')], {
      env: { ...this.#options.env, DRYDOCK_PART: key },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  /** What only holds its place ends even when it is stopped, as an init system sees to it. */
  stopProcess(key: string): void {
    const child = this.#processes.get(key);
    child?.kill('SIGTERM');
    if (!isPart(key)) child?.kill('SIGCONT');
  }

  /** The kernel tells of a stop to whoever asks, and Node does not ask. */
  onProcessStopped(fn: StopListener): void {
    const look = () => {
      if (this.#isFrozen) return;
      for (const [key, { pid }] of this.#processes) {
        if (isPart(key) || pid === undefined) continue;
        const isNow = isStopped(pid);
        if (isNow === this.#stopped.has(key)) continue;
        if (isNow) this.#stopped.add(key);
        else this.#stopped.delete(key);
        fn(key, isNow);
      }
    };
    setInterval(look, LOOK_MS).unref();
  }

  async killAll(): Promise<void> {
    this.#era += 1;
    await this.#options.beforeKill();
    const children = [...this.#processes.values(), ...this.#commands];
    const also = children.flatMap(({ pid }) => (pid === undefined ? [] : [markOf(pid)]));
    this.#processes.clear();
    this.#stopped.clear();
    this.#isFrozen = false;
    this.#editions.clear();
    this.#commands.clear();
    this.#marks.clear();
    const { marks } = this.#options;
    const { left } = await killByEnvironment(marks, { also, limitMs: KILL_LIMIT_MS });
    if (left.length === 0) {
      await this.#options.afterKill?.();
      return;
    }
    throw new DrydockError('cutting the power: some processes of the server did not end', {
      code: 'power.stuck',
      remedy: 'look for processes in uninterruptible sleep (ps, state D)',
    });
  }

  freeze(): void {
    this.#isFrozen = true;
    this.#signalAll('SIGSTOP');
  }

  thaw(): void {
    this.#signalAll('SIGCONT');
    this.#isFrozen = false;
  }

  onProcessExit(fn: ExitListener): void {
    this.#listeners.push(fn);
  }

  spawnCommand(run: CommandRun, on: Parameters<Machinery['spawnCommand']>[1]): void {
    const name = run.argv[0] ?? '';
    if (!this.#options.commandNames.has(name)) {
      on.output('stderr', `${name}: command not found on this server\n`);
      on.end({ exitCode: NO_SUCH_PROGRAM, answered: [] });
      return;
    }
    const startedIn = this.#era;
    const isNow = () => this.#era === startedIn;
    const child = startCommand(this.#options, run, {
      output: (stream, text) => {
        if (isNow()) on.output(stream, text);
      },
      end: (end) => {
        this.#commands.delete(child);
        this.#marks.delete(child);
        if (isNow()) on.end(end);
      },
    });
    this.#commands.add(child);
    this.#register(child, run.operation);
  }

  #register(child: Child, operation: string | null): void {
    if (child.pid !== undefined) this.#marks.set(child, { ...markOf(child.pid), operation });
  }

  originOf(ancestry: readonly ProcessMark[]): Origin {
    const [self, ...parents] = ancestry;
    const isSelf = (mark: ProcessMark) => self !== undefined && isSameProcess(self, mark);
    const own = [...this.#marks.values()].find((mark) => mark.operation !== null && isSelf(mark));
    const daemon = this.#processes.get('daemon');
    const mark = daemon && this.#marks.get(daemon);
    return {
      operation: own?.operation ?? null,
      byCluster: mark !== undefined && parents.some((parent) => isSameProcess(parent, mark)),
    };
  }

  editionOf(service: Service): string | null {
    return this.#editions.get(service)?.read() ?? null;
  }

  async createDisk(serial: string, sizeBytes: number, isShared = false): Promise<void> {
    const folder = isShared ? this.#options.sharedDisks : this.#options.disks;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${encodeURIComponent(serial)}.img`);
    // Another server may have made a shared one, and may be using it already.
    const disk = await open(path, isShared ? 'a' : 'w', 0o600);
    try {
      const { size } = await disk.stat();
      if (size < sizeBytes) await disk.truncate(sizeBytes);
      await disk.sync();
    } finally {
      await disk.close();
    }
    flushFolder(folder);
  }

  setCable(net: string, up: boolean): void {
    this.#options.setCable(net, up);
  }

  clearFiles(folder: string): Promise<void> {
    return this.#options.systemDisk.clearFiles(folder);
  }

  placeProduct(): Promise<void> {
    return this.#options.systemDisk.placeProduct();
  }

  async copyDisk(from: string, to: string): Promise<void> {
    const { disks, sharedDisks } = this.#options;
    const pathOf = (serial: string) => {
      const file = `${encodeURIComponent(serial)}.img`;
      const isShared = existsSync(join(sharedDisks, file));
      return join(isShared ? sharedDisks : disks, file);
    };
    const half = nameBeside(pathOf(to));
    try {
      await copyFile(pathOf(from), half, constants.COPYFILE_FICLONE);
      const disk = await open(half, 'r+');
      try {
        await disk.sync();
      } finally {
        await disk.close();
      }
      await rename(half, pathOf(to));
    } catch (error) {
      await rm(half, { force: true });
      throw error;
    }
    flushFolder(this.#options.disks);
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const child of this.#processes.values()) child.kill(signal);
    for (const mark of findByEnvironment(this.#options.marks)) signalProcess(mark, signal);
  }
}

export function processMachinery(options: MachineryOptions): Machinery {
  return new ProcessMachinery(options);
}
