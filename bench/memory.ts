/** What one lab server holds of the machine's memory: the proportional set size of its processes. */
import { readFileSync } from 'node:fs';
import { findByEnvironment } from '../src/adapters/process-table.ts';
import { type Benchmark, median } from './figures.ts';
import { withLab } from './lab.ts';

const ROUNDS = 5;
const APART_MS = 2_000;
/** 0.6 of the 97 MiB that the three programs of a server held before they were told to be small. */
const GOAL_MIB = 58;

/** MiB, by what the kernel shares of each page; 0: it ended meanwhile. */
function heldBy(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** A supervisor is the server's too, and says whose by its arguments. */
function processesOf(lab: { id: string; servers: string[] }): number[] {
  return findByEnvironment({ DRYDOCK_LAB: lab.id })
    .filter(({ pid }) => !readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('switchd'))
    .map(({ pid }) => pid);
}

export const memory: Benchmark = {
  name: 'memory',
  run: () =>
    withLab({ fixture: 'x5mirror' }, async ({ file }) => {
      const seen: number[] = [];
      let processes = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, APART_MS));
        const found = processesOf(file);
        processes = found.length / file.servers.length;
        seen.push(found.reduce((sum, pid) => sum + heldBy(pid), 0) / file.servers.length);
      }
      const note = `${processes} processes; proportional set size (Pss)`;
      const value = median(seen);
      return [{ name: 'a lab server', value, unit: 'MiB', goal: GOAL_MIB, peer: null, note }];
    }),
};
