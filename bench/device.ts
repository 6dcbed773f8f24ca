/**
 * A mirror's device against what a person would use instead, in one run on one disk: nbdkit's file
 * plugin (one copy: the limit), qemu's write-blocking mirror (two copies: the peer), nbdcopy (a full
 * copy). Loads alternate between both sides, so that what else the machine does meets both.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Json } from '../src/core/json.ts';
import { partitionBytes } from '../src/mirror/index.ts';
import type { AgentView } from '../src/ports/views.ts';
import type { AgentOrders } from './device-agent.ts';
import { heartbeats } from './device-heartbeats.ts';
import {
  fio,
  isInstalled,
  type Load,
  nbdkit,
  nbdkitOverTcp,
  type Peer,
  qemuMirror,
  socketUri,
  until,
} from './device-peers.ts';
import { type Benchmark, type Figure, median, timed } from './figures.ts';

const MIB = 1024 * 1024;
const DATA_BYTES = 512 * MIB;
const ROUNDS = 3;
const RANDOM: Load = { rw: 'randwrite', bs: '4k', depth: 16, seconds: 2, sizeBytes: DATA_BYTES };
const SEQUENTIAL: Load = { rw: 'write', bs: '1M', depth: 4, seconds: 2, sizeBytes: DATA_BYTES };
const PROGRAM = new URL('./device-agent.ts', import.meta.url).pathname;

interface Agent {
  uri: string;
  port: number;
  ask(body: Json): Promise<Json>;
  meet(port: number): void;
  view(): Promise<AgentView['mirrors'][string]>;
  stop(): void;
}

/** A file whose every block is there, so that nobody pays for its first write. */
function disk(path: string, sizeBytes: number): string {
  const chunk = randomBytes(MIB);
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  for (let at = 0; at < sizeBytes; at += MIB) writeFileSync(path, chunk, { flag: at ? 'a' : 'w' });
  return path;
}

async function agent(folder: string, server: AgentOrders['server'], key: string): Promise<Agent> {
  const own = join(folder, server);
  mkdirSync(own);
  const cp = Math.ceil(partitionBytes(DATA_BYTES) / MIB) * MIB;
  disk(join(own, 'dp'), DATA_BYTES);
  writeFileSync(join(own, 'cp'), Buffer.alloc(cp));
  const orders = { server, folder: own, partitionBytes: cp, dataBytes: DATA_BYTES, key };
  const child = fork(PROGRAM, [JSON.stringify(orders)]);
  const answers = new Map<number, (answer: { reply?: Json; error?: string }) => void>();
  const port = await new Promise<number>((resolve) => {
    child.on('message', (message: { port?: number; id?: number; reply?: Json; error?: string }) => {
      if (message.port !== undefined) resolve(message.port);
      else answers.get(message.id ?? 0)?.(message);
    });
  });
  let asked = 0;
  const ask = async (body: Json): Promise<Json> => {
    const id = ++asked;
    const answer = new Promise<{ reply?: Json; error?: string }>((resolve) =>
      answers.set(id, resolve),
    );
    child.send({ id, ask: body });
    const { reply, error } = await answer;
    if (error) throw new Error(error);
    return reply ?? null;
  };
  return {
    uri: socketUri(join(own, 'nbd')),
    port,
    ask,
    meet: (other) => void child.send({ peer: other }),
    view: async () => ((await ask({ do: 'status' })) as unknown as AgentView).mirrors.md1!,
    stop: () => void child.kill('SIGKILL'),
  };
}

const activate = { do: 'activate', mirror: 'md1', mount: false, force: true, evidence: null };

/** The peer's rate over ours, and both in words; loads alternate, medians count. */
async function compare(
  what: string,
  [ours, theirs]: [string, string],
  load: Load,
  goal: number,
  peer: string,
): Promise<Figure> {
  const rates: [number[], number[]] = [[], []];
  for (let round = -1; round < ROUNDS; round++) {
    for (const [at, uri] of [ours, theirs].entries()) {
      const { iops, bytes } = await fio(uri, load);
      // The first round warms both up.
      if (round < 0) continue;
      rates[at as 0 | 1].push(load.rw === 'write' ? bytes / MIB : iops);
    }
  }
  const [mine, other] = [median(rates[0]), median(rates[1])];
  const unit = load.rw === 'write' ? 'MiB/s' : 'writes/s';
  const note = `ours ${mine.toFixed(0)} ${unit}, ${peer} ${other.toFixed(0)} ${unit}`;
  return {
    name: `${what}: ${peer}’s rate over ours`,
    value: other / mine,
    unit: 'x',
    goal,
    peer: null,
    note,
  };
}

async function alone(folder: string, one: Agent, say: (words: string) => void): Promise<Figure[]> {
  const plain: Peer = await nbdkit(folder, 'plain', disk(join(folder, 'plain.img'), DATA_BYTES));
  try {
    await one.ask(activate);
    const uris: [string, string] = [one.uri, plain.uri];
    say('unmirrored');
    return [
      await compare('4 KiB random writes 16 deep, unmirrored', uris, RANDOM, 1, 'nbdkit'),
      await compare('1 MiB sequential writes, unmirrored', uris, SEQUENTIAL, 1 / 0.8, 'nbdkit'),
    ];
  } finally {
    await plain.stop();
  }
}

async function fullCopy(folder: string, one: Agent, two: Agent): Promise<Figure> {
  one.meet(two.port);
  two.meet(one.port);
  const isConnected = async () => (await one.view()).connected === true;
  await until('both agents meet', isConnected);
  const source = await nbdkit(folder, 'from', join(folder, 'plain.img'));
  const target = await nbdkitOverTcp(join(folder, 'target.img'));
  try {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0) await one.ask({ do: 'break', mirror: 'md1' });
      times[0].push(
        await timed(async () => {
          await one.ask({ do: 'recover', mirror: 'md1', full: true });
          await until('the full copy ends', async () => (await one.view()).dirtyBytes === 0);
        }),
      );
      const copy = () => execa('nbdcopy', ['--flush', source.uri, target.uri]);
      times[1].push(await timed(copy));
    }
    const [ours, theirs] = [median(times[0]), median(times[1])];
    const rate = (ms: number) => `${(DATA_BYTES / MIB / (ms / 1000)).toFixed(0)} MiB/s`;
    return {
      name: 'full copy: its time over nbdcopy’s',
      value: ours / theirs,
      unit: 'x',
      goal: 1 / 0.8,
      peer: null,
      note: `ours ${rate(ours)}, nbdcopy ${rate(theirs)}; ${DATA_BYTES / MIB} MiB`,
    };
  } finally {
    await source.stop();
    await target.stop();
  }
}

async function mirrored(
  folder: string,
  one: Agent,
  say: (words: string) => void,
): Promise<Figure[]> {
  say('mirrored');
  if (!(await isInstalled('qemu-storage-daemon'))) {
    say('qemu-storage-daemon is not installed: no peer');
    return [];
  }
  const far = await nbdkitOverTcp(join(folder, 'target.img'));
  const peer = await qemuMirror(folder, join(folder, 'plain.img'), far.port);
  try {
    const uris: [string, string] = [one.uri, peer.uri];
    return [
      await compare('4 KiB random writes 16 deep, mirrored', uris, RANDOM, 1, 'qemu'),
      await compare('1 MiB sequential writes, mirrored', uris, SEQUENTIAL, 1, 'qemu'),
    ];
  } finally {
    await peer.stop();
    await far.stop();
  }
}

export const device: Benchmark = {
  name: 'device',
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'drydock-device-'));
    const key = randomBytes(32).toString('hex');
    const agents: Agent[] = [];
    const figures: Figure[] = [];
    try {
      const one = await agent(folder, 'server1', key);
      agents.push(one);
      figures.push(...(await alone(folder, one, say)));
      const two = await agent(folder, 'server2', key);
      agents.push(two);
      disk(join(folder, 'target.img'), DATA_BYTES);
      say('full copy');
      figures.push(await fullCopy(folder, one, two));
      figures.push(...(await mirrored(folder, one, say)));
    } finally {
      for (const each of agents) each.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    return [...figures, await heartbeats(say)];
  },
};
