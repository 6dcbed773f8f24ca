/**
 * Takes a lab down, whatever state it is in: half started, half stopped, with servers frozen or
 * without power, its own file missing. Everything that carries the lab's mark is killed, and it is
 * looked again until nothing is left; only then the folder goes. Doing it again changes nothing.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killByEnvironment, type ProcessMark } from '../adapters/process-table.ts';
import { DrydockError } from '../core/errors.ts';
import { labMarks } from './environment.ts';
import { readLabFile } from './lab-file.ts';
import { writeLabFile } from './write-lab-file.ts';

const KILL_LIMIT_MS = 10_000;

async function killLab(lab: string, also: ProcessMark[]): Promise<number> {
  const { killed, left } = await killByEnvironment(labMarks(lab), { also, limitMs: KILL_LIMIT_MS });
  if (left.length === 0) return killed.length;
  throw new DrydockError(`processes of the lab do not end: ${left.join(', ')}`, {
    code: 'lab.stuck',
    remedy: 'look why (ps), then `drydock lab down` again',
  });
}

/** A lab that died before its first file was whole leaves at most the beginnings of that file. */
function isOurs(folder: string): boolean {
  return readdirSync(folder).every((name) => /^lab\.json\.\d+$/.test(name));
}

export interface DownResult {
  /** False: there was no lab. */
  was: boolean;
  killed: number;
}

export async function takeDown(
  folder: string,
  options: { keep?: boolean } = {},
): Promise<DownResult> {
  if (!existsSync(folder)) return { was: false, killed: 0 };
  const lab = readLabFile(folder);
  if (!lab) {
    if (!isOurs(folder)) {
      throw new DrydockError(`${folder} holds no lab, and other things`, {
        code: 'lab.missing',
        exit: 2,
        remedy: 'name the folder that `drydock lab up` made',
      });
    }
    rmSync(folder, { recursive: true, force: true });
    return { was: true, killed: 0 };
  }
  const recorded = lab.processes.map(({ mark }) => mark);
  const killed = await killLab(lab.id, recorded);
  if (options.keep) {
    writeLabFile(folder, { ...lab, state: 'down', switch: null, processes: [] });
  } else {
    // lab.json goes last: as long as it is there, a second `down` knows what this is.
    for (const name of readdirSync(folder)) {
      if (name !== 'lab.json') rmSync(join(folder, name), { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return { was: true, killed };
}
