/** What the NBD room gives to adapters and composition roots. */
export { type Carrier, NbdConnection } from './connection.ts';
export type { NbdExport } from './export.ts';
export type { Exports } from './negotiation.ts';
