/** `lab io`: writes patterned data through the serving side of a mirror, and proves it is there. */
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { BlockStore } from '../ports/devices.ts';
import type { AgentView } from '../ports/views.ts';
import type { Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { IoRecord } from './io-record.ts';
import { labDevices } from './lab-devices.ts';
import type { LabLayout } from './layout.ts';
import { BLOCK_BYTES, makeBlock, readBlock } from './pattern.ts';

const AGENT_TIMEOUT_MS = 30_000;
const LOOK_TIMEOUT_MS = 1000;
/** Blocks read in one request while verifying. */
const READ_BLOCKS = 64;

export interface WriteOptions {
  /** How many blocks of 4 KiB. */
  blocks: number;
  /** First block; the record's size is left out of account, the mirror's own size ends it. */
  from?: number;
  /** Blocks in one write; 1 unless told. */
  perWrite?: number;
  timeoutMs?: number;
}

export interface Written {
  server: string;
  blocks: number;
  lastSequence: number;
}

export interface Verdict {
  server: string;
  checked: number;
  wrong: { block: number; expected: string; found: string }[];
}

export interface Comparison {
  identical: boolean;
  bytes: number;
  differingBlocks: number;
  /** Byte offset of the first difference, or null. */
  first: number | null;
}

export interface IoContext {
  wire: Wire;
  config: ClusterConfiguration;
  layout: LabLayout;
}

export class LabIo {
  #wire: Wire;
  #config: ClusterConfiguration;
  #layout: LabLayout;
  #records = new Map<string, IoRecord>();

  constructor({ wire, config, layout }: IoContext) {
    this.#wire = wire;
    this.#config = config;
    this.#layout = layout;
  }

  /** Writes blocks one after the other; rejects at the first that is not acknowledged. */
  async write(mirror: string, options: WriteOptions): Promise<Written> {
    const { blocks, from = 0, perWrite = 1, timeoutMs = AGENT_TIMEOUT_MS } = options;
    const record = this.#recordOf(mirror);
    const { server, sizeBytes } = await this.#serving(mirror);
    const total = Math.floor(sizeBytes / BLOCK_BYTES);
    let lastSequence = 0;
    for (let done = 0; done < blocks; ) {
      const first = (from + done) % total;
      const count = Math.min(perWrite, blocks - done, total - first);
      const numbers = Array.from({ length: count }, (_, at) => first + at);
      const sequence = record.nextSequence();
      const data = Buffer.concat(numbers.map((number) => makeBlock(mirror, number, sequence)));
      record.sent(numbers, sequence);
      await this.#agent(
        server,
        { do: 'write', mirror, offset: first * BLOCK_BYTES, data: data.toString('base64') },
        timeoutMs,
      );
      record.acknowledged(numbers, sequence);
      lastSequence = sequence;
      done += count;
    }
    return { server, blocks, lastSequence };
  }

  /** Reads every block ever written from the serving side and compares it with the record. */
  async verify(mirror: string): Promise<Verdict> {
    const record = this.#recordOf(mirror);
    const { server } = await this.#serving(mirror);
    const numbers = [...record.blocks.keys()].sort((a, b) => a - b);
    const wrong: Verdict['wrong'] = [];
    for (let at = 0; at < numbers.length; ) {
      const first = numbers[at] as number;
      let count = 1;
      while (count < READ_BLOCKS && numbers[at + count] === first + count) count += 1;
      const bytes = await this.#read(server, mirror, first, count);
      for (let number = first; number < first + count; number += 1) {
        const block = bytes.subarray((number - first) * BLOCK_BYTES).subarray(0, BLOCK_BYTES);
        const fault = this.#faultOf(mirror, record, number, block);
        if (fault) wrong.push({ block: number, ...fault });
      }
      at += count;
    }
    return { server, checked: numbers.length, wrong };
  }

  /** Compares the bytes of both copies as they lie on the two servers' disks. */
  async compareCopies(mirror: string): Promise<Comparison> {
    const resource = this.#config.resources.find((one) => one.name === mirror);
    const device = String(resource?.parameters['diskdev/dppath'] ?? '');
    const names = this.#config.servers.map((server) => server.name).slice(0, 2);
    const stores: BlockStore[] = [];
    try {
      for (const name of names) {
        stores.push(await labDevices(this.#layout.server(name)).open(device));
      }
      return await compareStores(stores as [BlockStore, BlockStore]);
    } finally {
      for (const store of stores) await store.close();
    }
  }

  #recordOf(mirror: string): IoRecord {
    const known = this.#records.get(mirror) ?? new IoRecord(this.#layout.io, mirror);
    this.#records.set(mirror, known);
    return known;
  }

  #faultOf(mirror: string, record: IoRecord, number: number, bytes: Uint8Array) {
    const seen = readBlock(bytes);
    const { acknowledged, sent } = record.blocks.get(number) ?? { acknowledged: 0, sent: [] };
    const expected = acknowledged ? `write ${acknowledged}` : 'nothing, or a write of unknown fate';
    if (seen.is === 'damaged') return { expected, found: seen.why };
    if (seen.is === 'blank') return acknowledged === 0 ? null : { expected, found: 'nothing' };
    if (seen.mirror !== mirror || seen.number !== number) {
      return { expected, found: `block ${seen.number} of ${seen.mirror}` };
    }
    const right = seen.sequence === acknowledged || sent.includes(seen.sequence);
    return right ? null : { expected, found: `write ${seen.sequence}` };
  }

  async #read(server: string, mirror: string, first: number, count: number): Promise<Buffer> {
    const answer = await this.#agent(
      server,
      { do: 'read', mirror, offset: first * BLOCK_BYTES, length: count * BLOCK_BYTES },
      AGENT_TIMEOUT_MS,
    );
    return Buffer.from((answer as { data: string }).data, 'base64');
  }

  #agent(server: string, body: Json, timeoutMs: number): Promise<Json> {
    return this.#wire.request({ server, part: 'agent' }, body, timeoutMs);
  }

  /** The server whose agent says that it serves the mirror. */
  async #serving(mirror: string): Promise<{ server: string; sizeBytes: number }> {
    for (const { name } of this.#config.servers) {
      const view = (await this.#agent(name, { do: 'status' }, LOOK_TIMEOUT_MS).catch(
        () => null,
      )) as AgentView | null;
      const side = view?.mirrors[mirror];
      if (side?.active) return { server: name, sizeBytes: side.sizeBytes ?? 0 };
    }
    throw new DrydockError(`${mirror} is not active on any server that answers`, {
      code: 'mirror.inactive',
      remedy: 'start its group (`clpgrp -s`), then try again',
    });
  }
}

async function compareStores([one, two]: [BlockStore, BlockStore]): Promise<Comparison> {
  const bytes = Math.min(one.sizeBytes, two.sizeBytes);
  const chunk = 1024 * 1024;
  let differingBlocks = 0;
  let first: number | null = null;
  for (let at = 0; at < bytes; at += chunk) {
    const length = Math.min(chunk, bytes - at);
    const left = Buffer.from(await one.read(at, length));
    const right = Buffer.from(await two.read(at, length));
    if (left.equals(right)) continue;
    for (let from = 0; from < length; from += BLOCK_BYTES) {
      const to = Math.min(from + BLOCK_BYTES, length);
      if (left.subarray(from, to).equals(right.subarray(from, to))) continue;
      differingBlocks += 1;
      first ??= at + from;
    }
  }
  return { identical: differingBlocks === 0, bytes, differingBlocks, first };
}
