/** A partition of a disk that several servers reach (v3 12.4.2). */
import { mounting } from './mounting.ts';

export const disk = mounting('disk');
