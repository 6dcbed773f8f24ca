/** Writing lab.json, durably; lab-file.ts says what it is. */
import { OWNER_ONLY, writeDurablySync } from '../adapters/durable-file.ts';
import type { LabFile } from './lab-file.ts';
import { layoutOf } from './layout.ts';

export function writeLabFile(folder: string, lab: LabFile): void {
  writeDurablySync(layoutOf(folder).lab, `${JSON.stringify(lab, null, 2)}\n`, { mode: OWNER_ONLY });
}
