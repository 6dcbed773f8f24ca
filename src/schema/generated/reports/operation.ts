/* Generated from src/schema/reports/operation.schema.json by `npm run types`. */

/**
 * Any JSON value.
 *
 * This interface was referenced by `OperationReport`'s JSON-Schema
 * via the `definition` "json".
 */
export type Json = null | boolean | number | string | unknown[] | {};

/**
 * A command that was given to a server, as that server keeps it.
 */
export interface OperationReport {
  schema: 'drydock.operation/1';
  operation: string;
  argv: string[];
  /**
   * `lost`: the server went down while it ran; how it ended is not known.
   */
  state: 'running' | 'exited' | 'lost';
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /**
   * Prompts that were answered, in order; like `argv` with masks in place of secrets.
   */
  answered: {
    prompt: string;
    reply: string;
  }[];
  bootId: string;
  startedAt: number;
  endedAt: number | null;
  /**
   * Of a stream whose tail alone is kept: everything it held, in bytes, and their SHA-256.
   */
  cut?: {
    stdout?: {
      bytes: number | null;
      sha256: string | null;
    };
    stderr?: {
      bytes: number | null;
      sha256: string | null;
    };
  };
  /**
   * What the server does not keep any more; without its record, only that it ran is known.
   */
  gone?: 'output' | 'record';
  /**
   * Harmless, and under an id that is never asked for again.
   */
  isLook?: boolean;
  /**
   * null or left out: nobody said.
   */
  authority?: Authority | null;
  /**
   * What it was to answer to prompts (secrets unshown); older records leave it out.
   */
  answers?: {
    prompt: string;
    reply: string;
  }[];
  /**
   * The gate's word, when it did not let the command through: nothing was done.
   */
  refused?: GateRefusal | null;
}
/**
 * Under which authority something is done; the server's record of an operation keeps it. Whoever asks names window, run and plan, and every command is held to what was approved of them.
 *
 * This interface was referenced by `OperationReport`'s JSON-Schema
 * via the `definition` "authority".
 */
export interface Authority {
  /**
   * login@host of the person: in a server's record, whom that server knows the caller to be.
   */
  who: string;
  window: string | null;
  run: string | null;
  /**
   * What the run carries out; null for a command by hand.
   */
  plan: {
    runbook: {
      id: string;
      hash: string;
    };
    called: {
      id: string;
      hash: string;
    }[];
    parameters: {
      [k: string]: Json;
    };
    /**
     * The run that it undoes.
     */
    undoes?: string;
  } | null;
}
/**
 * Why the gate of a server did not let a command through.
 *
 * This interface was referenced by `OperationReport`'s JSON-Schema
 * via the `definition` "gateRefusal".
 */
export interface GateRefusal {
  code: string;
  why: string;
  remedy: string;
}
