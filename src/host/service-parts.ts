import type { Service } from '../ports/machinery.ts';

/** Services in the order they start; those with a process name its part. v3 5, 11.1; x5 2.7. */
export const SERVICE_PARTS: Record<string, Service | null> = {
  clusterpro_evt: null,
  clusterpro_trn: null,
  clusterpro_ib: null,
  clusterpro_api: null,
  clusterpro_md: 'agent',
  clusterpro: 'daemon',
  clusterpro_webmgr: null,
  clusterpro_alertsync: null,
};
