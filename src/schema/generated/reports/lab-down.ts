/* Generated from src/schema/reports/lab-down.schema.json by `npm run types`. */

/**
 * Labs that were taken down.
 */
export interface LabDownReport {
  schema: 'drydock.lab-down/1';
  labs: {
    /**
     * False: there was no lab.
     */
    was: boolean;
    killed: number;
    folder: string;
  }[];
}
