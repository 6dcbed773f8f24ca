/**
 * The narrow door: a runbook reaches a cluster by `exec` and `status`, and in no other way.
 * (The lease and the operation record belong to exec: the server's side keeps them.)
 */
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Sealed } from '../core/secrets.ts';
import type { Paper } from '../schema/generated/paper.ts';
import type { Status } from '../schema/generated/status.ts';
import type { Authority } from './authority.ts';
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

export interface LeaseHeld {
  holder: string;
  token: number;
}

export interface LeaseView {
  holder: string | null;
  token: number;
  /** Who and where, for people. */
  about: string;
  since: number;
  /** Servers that a person gave up by name when it was taken. */
  without?: string[];
  /** No token up to this one is news: it was taken here by a run that was given up. */
  floor?: number;
  /** False: this server was off, and does not know yet who holds the cluster. */
  told?: boolean;
}

/** How a lease may be taken beside what a majority of the servers gives. */
export interface LeaseWish {
  /** What a person gives up by name: servers that are not there, and runs that hold the lease. */
  giveUp?: readonly string[];
  /** Runs whose lease this one goes on from. */
  over?: readonly string[];
  /** The lease that this run, or one of those, was given and has not given back. */
  before?: LeaseHeld | null;
}

/** Papers as the servers hold them. */
export interface HeldByServers {
  /**
   * Every window paper once, and every version of the policy, oldest first (the versions tell who
   * let whom sign). Two texts of one version are both here: the servers do not agree.
   */
  papers: Paper[];
  /** `lacks`: names of papers that others hold and it does not; a policy as `policy VERSION`. */
  servers: Record<string, { policy: number | null; lacks: string[] } | { unknown: string }>;
  /** What the clocks of those that answered show, ms since the epoch. */
  clocks: Record<string, number>;
  /**
   * When the first of them received a paper, ms by its clock, by the SHA-256 of the paper's text;
   * null: one of them held it before servers noted that.
   */
  receipts: Record<string, number | null>;
}

/** How a server took a paper. */
export type PutAnswer = { kept: true } | { refused: string } | { unknown: string };

/** Too few servers are there to give the lease. */
export class LeaseShort extends DrydockError {
  /** Servers that are off, or of which nothing is heard at all: a person may give them up. */
  readonly missing: readonly string[];

  constructor(message: string, missing: readonly string[], remedy: string) {
    super(message, { code: 'lease.noMajority', exit: 5, remedy });
    this.missing = missing;
  }
}

export interface ClusterDoor {
  /**
   * Runs a command under an operation id, or attaches to the one already known by that id: the
   * server starts no second one. Resolves when it ended. Rejects with WireError when nobody
   * answers: whether it ran is then unknown.
   */
  exec(request: ExecRequest): Promise<OperationRecord>;
  /** The record, or null when that server never saw the operation. */
  operation(server: string, operation: string): Promise<OperationRecord | null>;
  /** The cluster as far as it can be seen; a server that does not answer is unknown, not off. */
  status(): Promise<Status>;
  /**
   * Takes the lease on every server that answers: a majority of the configured ones, or what is
   * left when a person gives up the others by name. Whoever holds it already goes on with those
   * that are there while the others are off. Rejects with exit 5; with LeaseShort when a person
   * could give up those that are missing.
   */
  acquireLease(holder: string, about: string, wish?: LeaseWish): Promise<LeaseHeld>;
  releaseLease(lease: LeaseHeld): Promise<void>;
  /**
   * A server that was restarted and does not hear from the others serves the run that it was
   * leased to, because a person gave up the others by name. Rejects as acquireLease does.
   */
  vouchForLease(server: string, lease: LeaseHeld, giveUp: readonly string[]): Promise<void>;
  leases(): Promise<Record<string, LeaseView | { unknown: string }>>;
  /** What every server that answers holds, and what each of them lacks. */
  papers(): Promise<HeldByServers>;
  /** Gives a paper to every server. An older version than one it holds is refused by each. */
  putPaper(paper: Paper): Promise<Record<string, PutAnswer>>;
  /** Command results that are data (e.g. for preflight); never used to act. */
  probe(server: string, body: Json, timeoutMs?: number): Promise<Json>;
}
