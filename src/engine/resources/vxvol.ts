/** A volume of a VxVM disk group (v3 12.4.7). */
import { mounting } from './mounting.ts';

export const vxvol = mounting('vxvol');
