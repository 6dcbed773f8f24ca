/**
 * What a host supervisor moves: the processes of its server and its disks' media. In the lab real
 * processes and files, in the twin objects in memory.
 */
import type { Sealed } from '../core/secrets.ts';
import type { Answer, GateRefusal } from './commands.ts';

/** The parts of a server that its host starts: processes that do the work of their service. */
export type Service = 'agent' | 'daemon';

export interface CommandRun {
  operation: string;
  /** With masks in place of secrets, as whoever looks at it may see it. */
  argv: string[];
  answers: Answer[];
  timeoutMs: number;
  /** What is put in where the program is handed its arguments; held until it ended. */
  secrets?: Sealed;
  /** Nobody waits for it: a server is at rest while it runs. */
  isAside?: true;
}

/**
 * Exit codes that whoever starts a command gives, not the command itself. What was killed at its
 * time limit ran, and how far it came nobody knows; the other two never ran.
 */
export const TIMED_OUT = 124;
export const CANNOT_START = 126;
export const NO_SUCH_PROGRAM = 127;

/** Everything a stream held: bytes of UTF-8, and their SHA-256 in hex; null: not told. */
export type Printed = Record<'stdout' | 'stderr', { bytes: number | null; sha256: string | null }>;

export interface CommandEnd {
  /** Exit status, or one of the codes above; null when it was killed. */
  exitCode: number | null;
  /** Replies as the order holds them, with masks. */
  answered: { prompt: string; reply: string }[];
  /** The gate did not let it through, and nothing was done. */
  refused?: GateRefusal;
  printed?: Printed;
}

/** A process id together with what tells it from a later process of the same id. */
export interface ProcessMark {
  pid: number;
  /** Clock ticks since boot (field 22 of /proc/PID/stat); null without /proc. */
  startTicks: string | null;
}

/** Whose doing a process of a server is. */
export interface Origin {
  /** The operation whose command that very process is. */
  operation: string | null;
  /** Its parents lead to the server's own cluster daemon: a script of a group, or of a monitor. */
  byCluster: boolean;
}

export interface Machinery {
  /**
   * A part by its name, or any other process by its key: one that only holds its place, shown as
   * `command`. The answer is its process id; null: it could not be started, and has ended.
   */
  startProcess(process: string, bootId: string, command: string): number | null;
  /** Asks it to end in order (SIGTERM); `onProcessExit` tells when it did. */
  stopProcess(process: string): void;
  /** Everything of this server is gone when it resolves (SIGKILL), running commands too. */
  killAll(): Promise<void>;
  freeze(): void;
  thaw(): void;
  onProcessExit(
    fn: (process: string, how: { code: number | null; signal: string | null }) => void,
  ): void;
  /**
   * Told of a process that is no part when it is stopped (SIGSTOP) and when it goes on, a moment
   * later at most; not of what `freeze` and `thaw` do.
   */
  onProcessStopped(fn: (process: string, isStopped: boolean) => void): void;
  spawnCommand(
    run: CommandRun,
    on: {
      output: (stream: 'stdout' | 'stderr', text: string) => void;
      end: (end: CommandEnd) => void;
    },
  ): void;
  /**
   * Whose doing a process is, by the processes that were started from here: itself first, then its
   * parents. Nothing that a process carries in its environment counts.
   */
  originOf(ancestry: readonly ProcessMark[]): Origin;
  /** A blank disk of that size, known by its serial; one that is shared may be there already. */
  createDisk(serial: string, sizeBytes: number, isShared?: boolean): Promise<void>;
  /** Takes away every file below a folder of the server, and what its daemon stored. */
  clearFiles(folder: string): Promise<void>;
  /** Files that are delivered with the product, where a server of this world has them. */
  placeProduct(): Promise<void>;
  /** Puts a cable into the interface on that net, or takes it out. */
  setCable(net: string, up: boolean): void;
  /**
   * Which edition of its view the process of that service is at, as it is at this moment; null: there
   * is none, or nothing can be heard of it (it does not run, is stopped, says no edition).
   */
  editionOf(service: Service): string | null;
  /** A disk with the bytes of another one; anything that was there under that name is replaced. */
  copyDisk(from: string, to: string): Promise<void>;
}
