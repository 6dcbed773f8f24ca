/** The types of resources that the daemon runs: whoever adds one adds its file, and its name here. */
import { exec } from './exec.ts';
import { fip } from './fip.ts';
import { md } from './md.ts';
import type { ResourceType } from './type.ts';

export const resourceTypes = new Map<string, ResourceType>(Object.entries({ fip, md, exec }));
