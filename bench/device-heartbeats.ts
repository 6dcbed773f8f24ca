/**
 * Heartbeats while the mirror is saturated: a lab with a heartbeat timeout of one second, its
 * mirror written to without a pause, first in small random writes, then in long ones.
 *
 *     the cable that carries heartbeats alone (com), read every few ms: silent for how long?
 *     late      half the timeout, as the daemon's own chart has it (machines/heartbeat.machine.ts)
 *     lost      the daemon's log says that a heartbeat resource went down
 *     at rest   the same, just before, with nothing written: what the machine itself makes late
 *
 * A look that comes late itself, or not at all, can only make a silence look shorter: nothing is
 * made up.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../src/lab/lab.ts';
import { layoutOf, socketPath } from '../src/lab/layout.ts';
import { WireError } from '../src/ports/wire.ts';
import { fio, type Load, socketUri } from './device-peers.ts';
import type { Figure } from './figures.ts';
import { quick, withLab } from './lab.ts';

const NET = 'com200';
const LATE_MS = 500;
const LOOK_EVERY_MS = 20;
const REST_MS = 4000;
const DATA_BYTES = 64 * 1024 * 1024;
const LOADS: Load[] = [
  { rw: 'randwrite', bs: '4k', depth: 32, seconds: 4, sizeBytes: DATA_BYTES },
  { rw: 'write', bs: '1M', depth: 8, seconds: 4, sizeBytes: DATA_BYTES },
];

interface Way {
  bytes: number;
  /** When this count was seen first. */
  since: number;
  isLate: boolean;
}

interface Watch {
  late: number;
  longestMs: number;
  looks: number;
  stop(): Promise<void>;
}

/** Counts the silences of every direction of the heartbeat's own cable. */
function watch(lab: Lab): Watch {
  const ways = new Map<string, Way>();
  let isOver = false;
  const seen: Watch = { late: 0, longestMs: 0, looks: 0, stop: async () => {} };
  const look = async (): Promise<void> => {
    const view = await lab.cables().catch((error: unknown) => {
      if (error instanceof WireError) return null;
      throw error;
    });
    if (!view) return;
    const { carried } = view;
    const now = performance.now();
    seen.looks += 1;
    for (const { net, from, to, bytes } of carried) {
      if (net !== NET) continue;
      const way = ways.get(`${from} ${to}`);
      if (!way || way.bytes !== bytes) {
        ways.set(`${from} ${to}`, { bytes, since: now, isLate: false });
        continue;
      }
      seen.longestMs = Math.max(seen.longestMs, now - way.since);
      if (way.isLate || now - way.since < LATE_MS) continue;
      way.isLate = true;
      seen.late += 1;
    }
  };
  const looking = (async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  seen.stop = async () => {
    isOver = true;
    await looking;
    if (ways.size < 2) throw new Error(`no heartbeats were seen on ${NET}`);
  };
  return seen;
}

/** Times that a daemon said of a heartbeat resource that it is down. */
function downs(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => /"module":"nm".*Resource .* of server .* down\./.test(line)).length;
}

/** Late heartbeats in a lab whose mirror takes all the writes it can. */
export function heartbeats(say: (words: string) => void): Promise<Figure> {
  return withLab({ fixture: 'v3le', change: quick, dataBytes: DATA_BYTES }, async (lab) => {
    const server = lab.servers[0] as string;
    const uri = socketUri(socketPath(layoutOf(lab.folder).server(server), 'NMP1'));
    const rest = watch(lab);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    await rest.stop();
    const before = downs(lab.folder);
    const seen = watch(lab);
    let written = 0;
    for (const load of LOADS) {
      say(`heartbeats beside ${load.rw} ${load.bs}, ${load.depth} deep`);
      const { bytes } = await fio(uri, load);
      written += bytes * load.seconds;
    }
    await seen.stop();
    const lost = downs(lab.folder) - before;
    const silence = `longest silence ${seen.longestMs.toFixed(0)} ms in ${seen.looks} looks`;
    const calm = `at rest ${rest.late} late, longest ${rest.longestMs.toFixed(0)} ms`;
    const amount = `${(written / 2 ** 20).toFixed(0)} MiB written to both`;
    return {
      name: 'heartbeats late or lost while the mirror is saturated',
      value: seen.late + lost,
      unit: '',
      goal: 0,
      peer: null,
      note: `every 200 ms, late from ${LATE_MS} ms on; ${silence}, ${amount}; ${calm}`,
    };
  });
}
