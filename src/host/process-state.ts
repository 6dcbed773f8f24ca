/** A process of a server, as its host supervisor knows it. */
export interface Process {
  state: 'running' | 'stopping';
  /** When it was started, ms. */
  since: number;
  /** null: not told yet, or it could not be started. */
  pid: number | null;
  /** By SIGSTOP, until it is continued. */
  isStopped?: true;
  /** Processes that it looks after and that ended meanwhile, by key: it sees that when it goes on. */
  unseen?: Record<string, { how: ProcessEnd; livedMs: number }>;
}

export interface ProcessEnd {
  code: number | null;
  signal: string | null;
}
