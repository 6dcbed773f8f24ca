/* Generated from src/schema/reports/freeze.schema.json by `npm run types`. */

/**
 * Whether changes are frozen at an instant.
 */
export interface FreezeReport {
  schema: 'drydock.freeze/1';
  at: string;
  frozen: {
    name: string;
    until: string;
  } | null;
  next: {
    name: string;
    from: string;
    until: string;
  } | null;
  calendars: string[];
}
