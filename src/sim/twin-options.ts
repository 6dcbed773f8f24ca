/** What a twin is made from, and what is said to it. */
import type { CommandData } from '../commands/data.ts';
import type { Hardware } from '../host/state.ts';
import type { Authority } from '../ports/authority.ts';
import type { PowerLoss } from './memory-block-store.ts';

export interface TwinOptions {
  configText: string;
  seed: string | number;
  /** Servers that stand beside the cluster, bare: the configuration does not name them. */
  spares?: readonly string[];
  /** Monitors of types that are not built in, and that run all the same: their scripts are there. */
  agentMonitors?: readonly string[];
  /** Per server; what is left out is derived from the configuration. */
  hardware?: Record<string, Hardware>;
  /** Start of virtual time, ms since the epoch. */
  startMs?: number;
  /** One way, between servers. */
  latencyMs?: number;
  /** Of a mirror disk connect. */
  bytesPerMs?: number;
  /** Size of each data partition. */
  dataBytes?: number;
  /** What becomes of unflushed writes when a server goes down without order. */
  powerLoss?: PowerLoss;
}

/** What a person would answer; the twin asks nobody. */
export interface OperatorPolicy {
  /** Says yes to named confirmations, by default. */
  confirms?: boolean;
  /** By step; the first option where none is named. */
  choices?: Record<string, string>;
}

/** A command for a server, under an operation id of its own. */
export interface TypedOrder {
  server: string;
  argv: string[];
  answers?: { prompt: string; reply: string }[];
  timeoutMs?: number;
  authority?: Authority | null;
}

/** What a person saw of a command typed by hand. */
export interface Typed {
  exitCode: number | null;
  /** Null where it was ended from outside, too. */
  data: CommandData | null;
  stdout: string;
  stderr: string;
}
