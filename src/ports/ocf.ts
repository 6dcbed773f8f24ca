/**
 * Resource agents after the Open Cluster Framework (Debian's `resource-agents`), run unmodified on
 * the server that the daemon belongs to. In the lab real programs, those that cannot touch the
 * machine; in the twin a table of what runs where.
 */
export interface OcfCall {
  /** Folder and name of the agent: `heartbeat`, `Dummy`. */
  provider: string;
  agent: string;
  action: 'start' | 'stop' | 'monitor';
  /** OCF_RESOURCE_INSTANCE: unique in the cluster. */
  instance: string;
  /** OCF_RESKEY_*, without that prefix. */
  parameters: Record<string, string>;
  /** How often it is monitored, ms; 0: once, a probe. */
  intervalMs: number;
  /** OCF_CHECK_LEVEL of a monitor; null: its ordinary check. */
  checkLevel: number | null;
}

export interface OcfEnd {
  /** As the agents' contract has it (core/ocf.ts); null: killed for its time, or not run. */
  code: number | null;
  /** It took longer than it may, and was killed with everything that it had started. */
  timedOut: boolean;
  /** Nothing was run, for the reason below. */
  refused: boolean;
  /** What the agent gave as reason, or why it was not run; empty: nothing. */
  reason: string;
}

/** What shows, apart from the agent, whether what it holds is here. */
export interface OcfSight {
  /** Lines of `ip -o address`, or of /proc/self/mountinfo. */
  text: string;
  /** Major and minor number of the device asked about, `8:1`; null: there is none, or nobody asked. */
  device: string | null;
}

export interface OcfAgents {
  /**
   * Runs one action to its end, for `limitMs` at most, or for as long as the agent's meta-data
   * demands where that is longer. Never rejects for what the agent did.
   */
  run(call: OcfCall, limitMs: number): Promise<OcfEnd>;
  /** Null: it could not be looked at. `device`: of a mount. */
  look(at: 'addresses' | 'mounts', device: string): Promise<OcfSight | null>;
  /** Kills what still runs; their promises may then stay open. */
  killAll(): void;
}
