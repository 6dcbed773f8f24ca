/**
 * What a command knows of the world: (environment, arguments) → report. A command never prints
 * and never exits; the program of its name, the twin and `drydock clp` each print the report.
 */
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import type { Login } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import type { GateRefusal } from '../ports/commands.ts';
import type { Files } from '../ports/files.ts';

/** Who wants a command run. */
export interface Caller {
  /** The operation under which the server's host started it; null: somebody typed it there. */
  operation: string | null;
  /** A script that the server's own cluster daemon started: no person's doing. */
  byCluster?: boolean;
  login: Login;
}

export interface Environment {
  /** The server that the command runs on. */
  server: string;
  clock: Clock;
  /** That server's file tree. */
  files: Files;
  /** Wire.request as that server; rejects with WireError or RemoteError. */
  request(to: Address, body: Json, timeoutMs?: number): Promise<Json>;
  /** Shows a prompt and reads one line. Rejects when nobody answers (`--no-input`, closed input). */
  ask(prompt: string): Promise<string>;
  /** Output before the end, for long commands. */
  progress(text: string): void;
  caller: Caller;
}

export interface Report {
  /** Exit status; 0 is success. */
  code: number;
  /** Each ends with a line end when not empty. */
  stdout: string;
  stderr: string;
  /** The gate did not let it through: nothing was done. */
  refused?: GateRefusal;
}

export interface Command {
  name: string;
  /** `clp`: the cluster's; `os`: the operating system's, provided by lab and twin. */
  kind: 'clp' | 'os';
  summary: string;
  usage: string[];
  /** Whether these arguments may change something; in doubt they do. The gate is asked first. */
  changes(args: readonly string[]): boolean;
  run(env: Environment, args: string[]): Promise<Report>;
}

export function done(stdout = ''): Report {
  return { code: 0, stdout, stderr: '' };
}

/** One clear line, and nothing done. */
export function failed(line: string, code = 1): Report {
  return { code, stdout: '', stderr: `${line}\n` };
}
