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
import type { Random } from '../ports/random.ts';
import type { ScriptRunner } from '../ports/scripts.ts';
import type { CommandData } from './data.ts';

/** Who wants a command run. */
export interface Caller {
  /** The operation under which the server's host started it; null: somebody typed it there. */
  operation: string | null;
  /** A script that the server's own cluster daemon started: no person's doing. */
  byCluster?: boolean;
  login: Login;
}

/**
 * A folder in a tree of files: the server's own, or where somebody stands in a folder of the machine
 * outside of any lab, that of the machine.
 */
export interface Here {
  files: Files;
  path: string;
}

export interface Environment {
  /** The server that the command runs on. */
  server: string;
  clock: Clock;
  /** That server's file tree. */
  files: Files;
  /** Where it was called, which relative paths begin at. */
  here: Here;
  /** Wire.request as that server; rejects with WireError or RemoteError. */
  request(to: Address, body: Json, timeoutMs?: number): Promise<Json>;
  /** As Wire.reaches: whether something outside the cluster answers on a net. */
  reaches(net: string, target: string, timeoutMs: number): Promise<boolean>;
  /** Shows a prompt and reads one line. Rejects when nobody answers (`--no-input`, closed input). */
  ask(prompt: string): Promise<string>;
  random: Random;
  /** Runs a script of that server's own. */
  runScript: ScriptRunner['run'];
  /** Output before the end, for long commands. */
  progress(text: string): void;
  caller: Caller;
}

export interface Report {
  /** Exit status; 0 is success. */
  code: number;
  /** What it shows or did; null: its words are all there is. */
  data: CommandData | null;
  /** Each ends with a line end when not empty. */
  stdout: string;
  stderr: string;
  /** The gate did not let it through: nothing was done. */
  refused?: GateRefusal;
}

/**
 * What a command with certain arguments can do besides showing something; in doubt it does. Nobody
 * else says it of a program: the gate, the runbooks' rules and an undo ask here.
 */
export interface Traits {
  /** It may change the cluster or a server: the gate is asked first. */
  changes: boolean;
  /** Its server goes down, or may. */
  goesDown: boolean;
  /** It copies one side of a mirror over the other. */
  copies: boolean;
  /** It ends such a copy, which leaves neither the old data nor the new. */
  stopsCopy: boolean;
  /** Data or the watch over the servers is at stake: who orders it has to be warned. */
  endangers: boolean;
  /** What runs on the cluster, or the watch over it, stops until somebody takes that back. */
  interrupts: boolean;
  /** It always asks before it acts. */
  asks: boolean;
  /** Nothing but its exit status shows what came of it. */
  silent: boolean;
  /** A program of the site does it: what that is, the site alone can say. */
  isSites: boolean;
}

/** A command that only looks. */
export const LOOKS: Traits = {
  changes: false,
  goesDown: false,
  copies: false,
  stopsCopy: false,
  endangers: false,
  interrupts: false,
  asks: false,
  silent: false,
  isSites: false,
};

/** What is said of a command; one that changes nothing does nothing else either. */
export function traitsFrom(said: Partial<Traits>): Traits {
  return said.changes ? { ...LOOKS, ...said } : LOOKS;
}

/** Of a program that is no command here. */
export const UNKNOWN: Traits = { ...LOOKS, changes: true };

export interface Command {
  name: string;
  /**
   * `clp`: the cluster's; `os`: the operating system's, provided by lab and twin; `usual`: likewise,
   * and a server changes nothing of what it means, so that a machine's own is as good.
   */
  kind: 'clp' | 'os' | 'usual';
  summary: string;
  usage: string[];
  traits(args: readonly string[]): Traits;
  run(env: Environment, args: string[]): Promise<Report>;
}

export function done(stdout = '', data: CommandData | null = null): Report {
  return { code: 0, data, stdout, stderr: '' };
}

/** One clear line, and nothing done. */
export function failed(line: string, code = 1): Report {
  return { code, data: null, stdout: '', stderr: `${line}\n` };
}
