/** lab.json: what a lab is, and which processes were started for it. The first file written. */
import { readFileSync } from 'node:fs';
import type { ProcessMark } from '../adapters/process-table.ts';
import { DrydockError } from '../core/errors.ts';
import type { SwitchPlace } from './lab-transport.ts';
import { layoutOf } from './layout.ts';

export interface LabFile {
  schema: 'drydock.lab/1';
  /** Mark in the environment of every process of this lab (DRYDOCK_LAB). */
  id: string;
  state: 'starting' | 'up' | 'down';
  cluster: string;
  servers: string[];
  /** Interconnects, in the order of their ids. */
  lans: string[];
  /** Mirrors are mounted for real, each server in a mount namespace of its own. */
  realMounts?: boolean;
  /** A file that says who cuts the servers' power (power-file.ts); without it their own chassis do. */
  powerControl?: string;
  /** Where the switch listens; null until it does. */
  switch: SwitchPlace | null;
  processes: { name: string; mark: ProcessMark }[];
}

function isLabFile(value: unknown): value is LabFile {
  const { schema, id, servers, processes } = (value ?? {}) as Record<string, unknown>;
  return (
    schema === 'drydock.lab/1' &&
    typeof id === 'string' &&
    Array.isArray(servers) &&
    Array.isArray(processes)
  );
}

/** null: there is none. Throws when there is one that cannot be understood. */
export function readLabFile(folder: string): LabFile | null {
  const { lab } = layoutOf(folder);
  let text: string;
  try {
    text = readFileSync(lab, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isLabFile(value)) return value;
  } catch {
    // Said below.
  }
  throw new DrydockError(`${lab} is not a lab’s file`, {
    code: 'lab.corrupt',
    exit: 2,
    remedy: 'look whether the folder is the right one; a lab’s folder may be deleted by hand',
  });
}
