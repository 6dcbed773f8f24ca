/** The first face of a cluster: commands on its servers, and what the servers recorded of them. */
import type { Sealed } from '../core/secrets.ts';
import type { Authority, HandNote } from './authority.ts';
import type { LeaseHeld } from './lease.ts';
import type { Printed } from './machinery.ts';

/** Why the gate of a server did not let a command through. */
export interface GateRefusal {
  code: string;
  why: string;
  remedy: string;
}

/** What the server keeps, durably, of one command run under an operation id. */
export interface OperationRecord {
  operation: string;
  argv: string[];
  /** `lost`: the server went down while it ran; how it ended is not known. */
  state: 'running' | 'exited' | 'lost';
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Prompts that were answered, in order; like `argv` with masks in place of secrets. */
  answered: { prompt: string; reply: string }[];
  bootId: string;
  startedAt: number;
  endedAt: number | null;
  /** Of a stream whose tail alone is kept: everything it held, in bytes, and their SHA-256. */
  cut?: Partial<Printed>;
  /** What the server does not keep any more; without its record, only that it ran is known. */
  gone?: 'output' | 'record';
  /** Harmless, and under an id that is never asked for again. */
  isLook?: boolean;
  /** null or left out: nobody said. */
  authority?: Authority | null;
  /** What it was to answer to prompts (secrets unshown); older records leave it out. */
  answers?: { prompt: string; reply: string }[];
  /** The gate's word, when it did not let the command through: nothing was done. */
  refused?: GateRefusal | null;
}

export interface Answer {
  /** Text that the prompt contains. */
  prompt: string;
  reply: string;
  secret?: boolean;
}

export interface ExecRequest {
  server: string;
  operation: string;
  /** With masks in place of secrets; so the server keeps it, and so the gate judges it. */
  argv: string[];
  answers: Answer[];
  secrets?: Sealed;
  timeoutMs: number;
  /** The fencing token of the lease the run holds; the server refuses an older one. */
  lease: LeaseHeld | null;
  /** Where the cluster demands windows, a changing command without one is refused. */
  authority?: Authority | null;
  /** The record need not be kept: nobody will ask for it. */
  isLook?: boolean;
  onOutput?: (text: string) => void;
}

export interface Commands {
  /**
   * Runs a command under an operation id, or attaches to the one already known by that id: the
   * server starts no second one. Resolves when it ended. Rejects with WireError when nobody
   * answers: whether it ran is then unknown.
   */
  exec(request: ExecRequest): Promise<OperationRecord>;
  /** The record, or null when that server never saw the operation. */
  operation(server: string, operation: string): Promise<OperationRecord | null>;
  /** What that server noted of commands that people typed on it, each once, oldest first. */
  typed(server: string): Promise<HandNote[]>;
}
