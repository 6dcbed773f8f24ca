/** The types of network partition resolution: whoever adds one adds its file, and its name here. */
import { asking } from './asking.ts';
import { disknp } from './disknp.ts';
import { majonp } from './majonp.ts';
import type { PartitionType } from './type.ts';

export const partitionTypes = new Map<string, PartitionType>(
  Object.entries({ pingnp: asking, httpnp: asking, majonp, disknp }),
);
