/**
 * What one lab server holds of the machine's memory: the proportional set size of its processes.
 * `DRYDOCK_BENCH_BEFORE` names a checkout of an earlier program whose `bin/drydock` runs: its lab is
 * measured by turns with ours, and is the peer.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { findByEnvironment } from '../src/adapters/process-table.ts';
import { type Benchmark, median } from './figures.ts';
import { withLab } from './lab.ts';

const LABS = 3;
const ROUNDS = 5;
const APART_MS = 2_000;
const SERVERS = 2;
/** Of what an earlier program's server holds. */
const SHARE = 0.6;

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
function processesOf(folder: string): number[] {
  return findByEnvironment({ DRYDOCK_LAB_FOLDER: folder })
    .filter(({ pid }) => !readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('switchd'))
    .map(({ pid }) => pid);
}

interface Held {
  mib: number;
  processes: number;
}

/** A server of the lab there, on average. */
async function serverOf(folder: string): Promise<Held> {
  const seen: number[] = [];
  let processes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
    const found = processesOf(folder);
    processes = found.length / SERVERS;
    seen.push(found.reduce((sum, pid) => sum + heldBy(pid), 0) / SERVERS);
  }
  return { mib: median(seen), processes };
}

async function serverBefore(checkout: string): Promise<Held> {
  const home = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  const env = { DRYDOCK_HOME: home };
  const drydock = join(checkout, 'bin/drydock');
  try {
    await execa(drydock, ['lab', 'up', '--config', 'x5mirror'], { env });
    return await serverOf(join(home, 'lab/default'));
  } finally {
    await execa(drydock, ['lab', 'down'], { env, reject: false });
    rmSync(home, { recursive: true, force: true });
  }
}

const serverNow = () => withLab({ fixture: 'x5mirror' }, ({ folder }) => serverOf(folder));

export const memory: Benchmark = {
  name: 'memory',
  run: async (say) => {
    const checkout = process.env.DRYDOCK_BENCH_BEFORE;
    const now: Held[] = [];
    const before: Held[] = [];
    for (let lab = 0; lab < LABS; lab += 1) {
      now.push(await serverNow());
      if (checkout) before.push(await serverBefore(checkout));
      say(
        `${now.at(-1)?.mib.toFixed(1)} MiB, before ${before.at(-1)?.mib.toFixed(1) ?? 'not known'}`,
      );
    }
    const of = (held: Held[]) => median(held.map(({ mib }) => mib));
    const peer = checkout ? { name: 'the program before', value: of(before) } : null;
    const note =
      `${now.at(-1)?.processes} processes` +
      `${peer ? `, before ${before.at(-1)?.processes}` : ''}; proportional set size (Pss)`;
    const goal = peer && SHARE * peer.value;
    return [{ name: 'a lab server', value: of(now), unit: 'MiB', goal, peer, note }];
  },
};
