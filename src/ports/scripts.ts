/**
 * Scripts of exec resources and of custom monitors, run on the server the daemon belongs to.
 * In the lab real processes in a restricted shell, in the twin a table of durations and codes.
 */
export interface ScriptEnd {
  /** Exit status; null when a signal ended it (also when it was killed for its time). */
  code: number | null;
  /** It outlived `timeoutMs` and was killed with everything that it had started. */
  timedOut: boolean;
  /** stdout and stderr together, the tail when long. */
  output: string;
}

export interface ScriptRunner {
  /**
   * Runs one script to its end. `path` is absolute within the server's own root, e.g.
   * `/opt/nec/clusterpro/scripts/failover1/exec1/start.sh`. A script that is missing or cannot
   * be started ends with code 127; it never rejects for what the script did.
   */
  run(
    path: string,
    env: Record<string, string>,
    timeoutMs: number,
    args?: readonly string[],
  ): Promise<ScriptEnd>;
  /** Kills what still runs; their promises may then stay open. */
  killAll(): void;
}
