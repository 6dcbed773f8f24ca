/** Where the product sends a message. */
export type Destination = 'alert' | 'syslog' | 'mail' | 'snmp';

/** Longest text of an alert, and of a message that somebody writes by hand. */
export const MOST_TEXT = 2_000;

/** A message of the system log and the alert log (v3 ch. 12: module, event type, id, text). */
export interface LogEntry {
  at: number;
  server: string;
  module: string;
  level: 'Info' | 'Warning' | 'Error';
  /** 0 for a line of the mirror driver, which has none. */
  id: number;
  /** As delivered; what is mailed can be edited on a server (src/host/delivery.ts). */
  to: readonly Destination[];
  text: string;
}

export type Log = (entry: LogEntry) => void;
