/* Generated from src/schema/reports/lab-io.schema.json by `npm run types`. */

/**
 * Data on a mirror disk that was written, read back, or compared between its copies.
 */
export type LabIoReport = LabIoWritten | LabIoVerified | LabIoCompared;

export interface LabIoWritten {
  schema: 'drydock.lab-io/1';
  server: string;
  blocks: number;
  lastSequence: number;
  what: 'write';
  mirror: string;
}
export interface LabIoVerified {
  schema: 'drydock.lab-io/1';
  server: string;
  checked: number;
  wrong: {
    block: number;
    expected: string;
    found: string;
  }[];
  what: 'verify';
  mirror: string;
}
export interface LabIoCompared {
  schema: 'drydock.lab-io/1';
  identical: boolean;
  bytes: number;
  differingBlocks: number;
  /**
   * Byte offset of the first difference, or null.
   */
  first: number | null;
  what: 'compare';
  mirror: string;
}
