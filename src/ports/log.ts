/** A message of the system log and the alert log (v3 ch. 12: module, event type, id, text). */
export interface LogEntry {
  at: number;
  server: string;
  module: string;
  level: 'Info' | 'Warning' | 'Error';
  id: number;
  text: string;
}

export type Log = (entry: LogEntry) => void;
