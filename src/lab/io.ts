/** `lab io`: writes patterned data through the serving side of a mirror, and proves it is there. */

import { type Served, verifyBlocks, writeBlocks } from '../cluster/mirror-io.ts';
import { BLOCK_BYTES, problemOf } from '../cluster/pattern.ts';
import { mirrorSides } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { BlockStore } from '../ports/devices.ts';
import type { AgentView } from '../ports/views.ts';
import type { Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { IoRecord } from './io-record.ts';
import { labDevices } from './lab-devices.ts';
import type { LabLayout } from './layout.ts';

const AGENT_TIMEOUT_MS = 30_000;
const LOOK_TIMEOUT_MS = 1000;

export interface WriteOptions {
  /** How many blocks of 4 KiB. */
  blocks: number;
  /** First block; the record's size is left out of account, the mirror's own size ends it. */
  from?: number;
  /** Blocks in one write; 1 by default. */
  perWrite?: number;
  timeoutMs?: number;
}

export interface Written {
  server: string;
  blocks: number;
  lastSequence: number;
}

export interface DataCheck {
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
    const { served, sizeBytes } = await this.#serving(mirror);
    const total = Math.floor(sizeBytes / BLOCK_BYTES);
    let lastSequence = 0;
    for (let done = 0; done < blocks; ) {
      const first = (from + done) % total;
      const count = Math.min(perWrite, blocks - done, total - first);
      lastSequence = await writeBlocks(served, first, count, timeoutMs);
      done += count;
    }
    return { server: served.server, blocks, lastSequence };
  }

  /** Reads every block ever written from the serving side and compares it with the record. */
  async verify(mirror: string): Promise<DataCheck> {
    const { served } = await this.#serving(mirror);
    const wrong = await verifyBlocks(served);
    return { server: served.server, checked: served.record.blocks.size, wrong };
  }

  /** As `verify`, of the bytes as they lie on one server's disk, whatever runs there. */
  async verifyCopy(mirror: string, server: string): Promise<DataCheck> {
    const record = this.#recordOf(mirror);
    const store = await this.openCopy(mirror, server);
    const wrong: DataCheck['wrong'] = [];
    try {
      for (const [number, expected] of record.blocks) {
        const block = await store.read(number * BLOCK_BYTES, BLOCK_BYTES);
        const fault = problemOf(mirror, number, block, expected);
        if (fault) wrong.push({ block: number, ...fault });
      }
    } finally {
      await store.close();
    }
    return { server, checked: record.blocks.size, wrong };
  }

  /** Compares the bytes of both copies as they lie on the two servers' disks. */
  async compareCopies(mirror: string): Promise<Comparison> {
    // Of a hybrid disk every server of a group reaches the same bytes.
    const names = mirrorSides(this.#config, mirror).map(({ servers }) => servers[0] ?? '');
    const stores: BlockStore[] = [];
    try {
      for (const name of names) {
        stores.push(await this.openCopy(mirror, name));
      }
      return await compareStores(stores as [BlockStore, BlockStore]);
    } finally {
      for (const store of stores) await store.close();
    }
  }

  /** The bytes of a copy as they lie on that server's disk, whatever runs there. */
  openCopy(mirror: string, server: string): Promise<BlockStore> {
    const resource = this.#config.resources.find((one) => one.name === mirror);
    const device = String(resource?.parameters['diskdev/dppath'] ?? '');
    return labDevices(this.#layout.server(server)).open(device);
  }

  #recordOf(mirror: string): IoRecord {
    const known = this.#records.get(mirror) ?? new IoRecord(this.#layout.io, mirror);
    this.#records.set(mirror, known);
    return known;
  }

  #agent(server: string, body: Json, timeoutMs: number): Promise<Json> {
    return this.#wire.request({ server, part: 'agent' }, body, timeoutMs);
  }

  /** The server whose agent says that it serves the mirror. */
  async #serving(mirror: string): Promise<{ served: Served; sizeBytes: number }> {
    for (const { name } of this.#config.servers) {
      const view = (await this.#agent(name, { do: 'status' }, LOOK_TIMEOUT_MS).catch(
        () => null,
      )) as AgentView | null;
      const side = view?.mirrors[mirror];
      if (!side?.active) continue;
      const record = this.#recordOf(mirror);
      const served = { wire: this.#wire, server: name, mirror, record };
      return { served, sizeBytes: side.sizeBytes ?? 0 };
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
