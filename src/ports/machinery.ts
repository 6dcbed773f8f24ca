/**
 * What a host supervisor moves: the processes of its server and its disks' media. In the lab real
 * processes and files, in the twin objects in memory.
 */
import type { Answer } from './cluster.ts';

export type Service = 'agent' | 'daemon';

export interface CommandRun {
  operation: string;
  argv: string[];
  answers: Answer[];
  timeoutMs: number;
}

export interface CommandEnd {
  /** Exit status; null when it was killed. 124: timed out. 127: the server has no such program. */
  exitCode: number | null;
  answered: { prompt: string; reply: string }[];
}

export interface Machinery {
  startProcess(service: Service, bootId: string): void;
  /** Asks it to end in order (SIGTERM); `onProcessExit` tells when it did. */
  stopProcess(service: Service): void;
  /** Everything of this server is gone when it resolves (SIGKILL), running commands too. */
  killAll(): Promise<void>;
  freeze(): void;
  thaw(): void;
  onProcessExit(
    fn: (service: Service, how: { code: number | null; signal: string | null }) => void,
  ): void;
  spawnCommand(
    run: CommandRun,
    on: {
      output: (stream: 'stdout' | 'stderr', text: string) => void;
      end: (end: CommandEnd) => void;
    },
  ): void;
  /** A blank disk of that size, known by its serial. */
  createDisk(serial: string, sizeBytes: number): Promise<void>;
  /** A disk with the bytes of another one; anything that was there under that name is replaced. */
  copyDisk(from: string, to: string): Promise<void>;
}
