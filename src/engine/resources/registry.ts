/** The types of resources that the daemon runs: whoever adds one adds its file, and its name here. */
import { byAgent } from './by-agent.ts';
import { ddns } from './ddns.ts';
import { disk } from './disk.ts';
import { exec } from './exec.ts';
import { fip } from './fip.ts';
import { md } from './md.ts';
import { ocf } from './ocf.ts';
import { raw } from './raw.ts';
import type { ResourceType } from './type.ts';
import { volmgr } from './volmgr.ts';
import { vxdg } from './vxdg.ts';
import { vxvol } from './vxvol.ts';

/** A virtual address is held as a floating one; that routers are told of it shows nowhere here. */
const addresses = { fip, vip: fip, ddns };
const types = { ...addresses, volmgr, vxdg, disk, vxvol, raw, md, hd: md, exec, ocf };

export const resourceTypes = new Map<string, ResourceType>(Object.entries(types));

export function resourceTypeOf(type: string): ResourceType {
  return resourceTypes.get(type) ?? byAgent;
}
