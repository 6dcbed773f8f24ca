/**
 * Takes a lab down, whatever state it is in: half started, half stopped, with servers frozen or
 * without power, its own file missing. Everything that carries the lab's mark is killed, and it is
 * looked again until nothing is left; only then the folder goes. Doing it again changes nothing.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isPart } from '../adapters/durable-file.ts';
import { killByEnvironment, signalProcess } from '../adapters/process-table.ts';
import { DrydockError } from '../core/errors.ts';
import { labMarks } from './environment.ts';
import { type LabFile, readLabFile } from './lab-file.ts';
import { writeLabFile } from './write-lab-file.ts';

const KILL_LIMIT_MS = 10_000;

async function killLab(lab: LabFile): Promise<number> {
  const also = lab.processes.map(({ mark }) => mark);
  const first = lab.realMounts ? await killBelow(lab) : [];
  const limits = { also, limitMs: KILL_LIMIT_MS };
  const { killed, left } = await killByEnvironment(labMarks(lab.id), limits);
  if (left.length === 0) return new Set([...first, ...killed]).size;
  throw new DrydockError(`processes of the lab do not end: ${left.join(', ')}`, {
    code: 'lab.stuck',
    remedy: 'look why (ps), then `drydock lab down` again',
  });
}

/**
 * The last process of a mount namespace takes its mounts off as it ends. Were that the one that
 * shows the disk below them as a file, it would wait for itself for ever: so the supervisors stay,
 * stopped, until everybody else is gone; what is mounted then has no disk, and goes at once.
 */
async function killBelow(lab: LabFile): Promise<number[]> {
  const spare = lab.processes.filter(({ name }) => name.startsWith('host of '));
  const hosts = spare.map(({ mark }) => mark);
  for (const host of hosts) signalProcess(host, 'SIGSTOP');
  const limits = { spare: hosts, limitMs: KILL_LIMIT_MS };
  return (await killByEnvironment(labMarks(lab.id), limits)).killed;
}

/** A lab that died before its first file was whole leaves at most the beginnings of that file. */
function isOurs(folder: string): boolean {
  return readdirSync(folder).every((name) => isPart(name) && name.startsWith('.lab.json.'));
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
  const killed = await killLab(lab);
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
