/* Generated from src/schema/reports/lab-fault.schema.json by `npm run types`. */

/**
 * This interface was referenced by `LabFaultReport`'s JSON-Schema
 * via the `definition` "fault".
 */
export type Fault =
  | {
      kind: 'kill' | 'powerOn' | 'reset' | 'freeze' | 'thaw';
      server: string;
    }
  | {
      kind: 'killProcess' | 'stopProcess' | 'continueProcess';
      server: string;
      /**
       * daemon, agent, or another process of the server by its key.
       */
      part: string;
    }
  | {
      kind: 'cut' | 'heal';
      net: string;
      from: string;
      to?: string;
      oneWay?: boolean;
    }
  | {
      kind: 'delay';
      net: string;
      from: string;
      to?: string;
      oneWay?: boolean;
      ms: number;
    }
  | {
      kind: 'failDisk';
      server: string;
      device: string;
      mode?: 'all' | 'write' | 'read';
    }
  | {
      kind: 'healDisk';
      server: string;
      device: string;
    };

/**
 * A fault that was done to a lab.
 */
export interface LabFaultReport {
  schema: 'drydock.lab-fault/1';
  fault: Fault;
}
