/* Generated from src/schema/reports/emergency.schema.json by `npm run types`. */

/**
 * A window opened by break-glass.
 */
export interface EmergencyReport {
  schema: 'drydock.emergency/1';
  window: string;
  endsAt: string;
  hash: string;
}
