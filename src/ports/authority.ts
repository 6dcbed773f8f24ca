/** In whose name something is done to a cluster: what a run, or a person at a server, stands on. */
import type { Json } from '../core/json.ts';

/**
 * Under which authority something is done; the server's record of an operation keeps it. Whoever
 * asks names window, run and plan, and every command is held to what was approved of them.
 */
export interface Authority {
  /** login@host of the person: in a server's record, whom that server knows the caller to be. */
  who: string;
  window: string | null;
  run: string | null;
  /** What the run carries out; null for a command by hand. */
  plan: {
    runbook: { id: string; hash: string };
    called: { id: string; hash: string }[];
    parameters: Record<string, Json>;
    /** The run that it undoes. */
    undoes?: string;
  } | null;
}

/** A login as the system itself knows it; no variable of an environment can change it. */
export interface LoginName {
  uid: number;
  name: string;
}

/** Who started a process. `real` is whoever logged in, also behind su and sudo. */
export interface Login {
  real: LoginName;
  effective: LoginName;
  terminal: string | null;
}

/** What a server's host keeps of a changing command that a person typed on it. */
export interface HandNote {
  id: string;
  at: number;
  /** null: it runs, or it took its server down. */
  endedAt: number | null;
  login: Login;
  /** A script of the cluster's own ran it, not a person. */
  byCluster?: boolean;
  argv: string[];
  /** The window that it was allowed in. */
  window: string | null;
  emergency: boolean;
  /** Code of the refusal; null: it was allowed. */
  refused: string | null;
  /** When it was refused: the windows that were open then. */
  during?: string[];
  exitCode: number | null;
}
