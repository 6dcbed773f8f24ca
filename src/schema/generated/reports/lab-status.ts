/* Generated from src/schema/reports/lab-status.schema.json by `npm run types`. */

/**
 * A lab's cables, and who listens.
 */
export interface LabStatusReport {
  schema: 'drydock.lab-status/1';
  /**
   * Parts that listen, as `server1/daemon`.
   */
  registered: string[];
  /**
   * Cables that are not sound.
   */
  links: LinkView[];
  carried: Carried[];
  folder: string;
  servers: string[];
  realMounts: boolean;
}
/**
 * This interface was referenced by `LabStatusReport`'s JSON-Schema
 * via the `definition` "linkView".
 */
export interface LinkView {
  net: string;
  from: string;
  to: string;
  up: boolean;
  delayMs: number;
}
/**
 * Bytes that a cable has carried one way, as an interface counts them.
 *
 * This interface was referenced by `LabStatusReport`'s JSON-Schema
 * via the `definition` "carried".
 */
export interface Carried {
  net: string;
  from: string;
  to: string;
  bytes: number;
}
