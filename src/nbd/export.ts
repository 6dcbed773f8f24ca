/** What is exported: a block device, as a client of NBD uses one (src/ports/devices.ts). */
export type { ExportedDevice as NbdExport } from '../ports/devices.ts';
