/**
 * What a host supervisor moves, as real processes: the agent and the daemon of its server, the
 * commands run there, and the files that stand for its disks.
 *
 * Invariant: a process is started only from this file's fixed programs under a fixed Node, with an
 * environment made from nothing. A command's name picks a module inside the command program; no
 * name is ever looked up on PATH.
 *
 * Every process carries marks in its environment. Cutting the power kills all that carry them,
 * whoever started them, and looks again until there is none.
 */
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrydockError } from '../core/errors.ts';
import type { Answer } from '../ports/cluster.ts';
import type { CommandRun, Machinery, Service } from '../ports/machinery.ts';
import { findByEnvironment, killByEnvironment, markOf, signalProcess } from './process-table.ts';

export interface MachineryOptions {
  /** Absolute paths: the Node that runs everything, and the programs it runs. */
  node: string;
  programs: Record<Service, string>;
  commandProgram: string;
  commandNames: ReadonlySet<string>;
  /** The whole environment of the processes; holds the marks. */
  env: Record<string, string>;
  marks: Record<string, string>;
  disks: string;
  logs: string;
  /** Called first when everything is killed: the cables go silent before the sockets close. */
  beforeKill: () => Promise<void>;
}

const KILL_LIMIT_MS = 5000;
export const TIMED_OUT = 124;
export const NO_SUCH_PROGRAM = 127;

type ExitListener = Parameters<Machinery['onProcessExit']>[0];
type CommandEars = Parameters<Machinery['spawnCommand']>[1];
/** execa types a file descriptor as one of these; any open one is taken. */
type Descriptor = 3;
type Child = { pid?: number | undefined; kill(signal: NodeJS.Signals): boolean };

/** The first answer not yet given whose prompt the shown text contains. */
function takeAnswer(answers: Answer[], prompt: string): Answer | null {
  const at = answers.findIndex((answer) => prompt.includes(answer.prompt));
  return at < 0 ? null : (answers.splice(at, 1)[0] ?? null);
}

export function processMachinery(options: MachineryOptions): Machinery {
  const services = new Map<Service, Child>();
  const commands = new Set<Child>();
  const listeners: ExitListener[] = [];
  /** Counts power cuts: what ended before the last one is not reported. */
  let era = 0;

  const noForce = { forceKillAfterDelay: false } as const;
  const common = {
    extendEnv: false,
    shell: false,
    cleanup: false,
    reject: false,
    ...noForce,
  } as const;

  const startProcess = (service: Service, bootId: string): void => {
    const startedIn = era;
    const log = openSync(join(options.logs, `${service}.log`), 'a', 0o600) as Descriptor;
    const child = execa(options.node, [options.programs[service]], {
      ...common,
      env: { ...options.env, DRYDOCK_BOOT_ID: bootId, DRYDOCK_PART: service },
      ipc: true,
      buffer: false,
      stdin: 'ignore',
      stdout: log,
      stderr: log,
    });
    closeSync(log);
    services.set(service, child);
    child.nodeChildProcess.once('exit', (code, signal) => {
      if (services.get(service) === child) services.delete(service);
      if (era === startedIn) for (const listener of listeners) listener(service, { code, signal });
    });
  };

  const killAll = async (): Promise<void> => {
    era += 1;
    await options.beforeKill();
    const children = [...services.values(), ...commands];
    const also = children.flatMap(({ pid }) => (pid === undefined ? [] : [markOf(pid)]));
    services.clear();
    commands.clear();
    const { left } = await killByEnvironment(options.marks, { also, limitMs: KILL_LIMIT_MS });
    if (left.length === 0) return;
    throw new DrydockError('cutting the power: some processes of the server did not end', {
      code: 'power.stuck',
      remedy: 'look for processes in uninterruptible sleep (ps, state D)',
    });
  };

  const signalAll = (signal: NodeJS.Signals): void => {
    for (const child of services.values()) child.kill(signal);
    for (const mark of findByEnvironment(options.marks)) signalProcess(mark, signal);
  };

  const spawnCommand = (run: CommandRun, on: CommandEars): void => {
    const name = run.argv[0] ?? '';
    if (!options.commandNames.has(name)) {
      on.output('stderr', `${name}: command not found on this server\n`);
      on.end({ exitCode: NO_SUCH_PROGRAM, answered: [] });
      return;
    }
    const startedIn = era;
    const child = execa(options.node, [options.commandProgram, ...run.argv], {
      ...common,
      env: options.env,
      ipc: true,
      buffer: false,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    commands.add(child);
    const answers = [...run.answers];
    const answered: { prompt: string; reply: string }[] = [];
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, run.timeoutMs);
    child.nodeChildProcess.on('message', (message: unknown) => {
      const { prompt } = message as { prompt: string };
      const answer = takeAnswer(answers, prompt);
      if (answer) answered.push({ prompt, reply: answer.secret ? '(secret)' : answer.reply });
      child.nodeChildProcess.send({ reply: answer?.reply ?? null }, () => undefined);
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8');
      child[stream].on('data', (text: string) => {
        if (era === startedIn) on.output(stream, text);
      });
    }
    child.nodeChildProcess.once('close', (code) => {
      clearTimeout(limit);
      commands.delete(child);
      if (era === startedIn) on.end({ exitCode: timedOut ? TIMED_OUT : code, answered });
    });
  };

  return {
    startProcess,
    stopProcess: (service) => void services.get(service)?.kill('SIGTERM'),
    killAll,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    onProcessExit: (fn) => void listeners.push(fn),
    spawnCommand,
    async createDisk(serial, sizeBytes) {
      const disk = await open(join(options.disks, `${serial}.img`), 'w', 0o600);
      try {
        await disk.truncate(sizeBytes);
        await disk.sync();
      } finally {
        await disk.close();
      }
    },
  };
}
