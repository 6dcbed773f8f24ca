/**
 * The copies of a mirror as a status shows them, written into the twin's cluster partitions: what
 * an agent will read when it starts there. A status shows colours, generations and amounts, not
 * histories; what is missing is filled in by the least that explains what is seen:
 *
 *     both GREEN                     one generation, nothing differs
 *     one is the latest              it went on from the other one's generation
 *     neither is provably the latest, one has differences
 *                                    that one went on from the other one's generation
 *     … both have differences        both went on from a common one
 *     the other side is not seen     older when this one is the latest; else it may have gone on
 *
 * Blocks that differ get different bytes, so that a recovery moves what it would move.
 */
import { expressClusterOf, type MirrorCopy, mirrorCopies } from '../cluster/index.ts';
import { resolveDevice } from '../host/devices.ts';
import { BLOCK_BYTES, blockCount } from '../mirror/copy/block-map.ts';
import {
  ClusterPartition,
  type CopyRecord,
  partitionBytes,
} from '../mirror/copy/cluster-partition.ts';
import type { BlockStore } from '../ports/devices.ts';
import type { ConfiguredResource } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import type { SimServer } from './sim-server.ts';
import type { Twin } from './twin.ts';

/** What is written for one side. `differs`: blocks in its difference map. */
export interface CopyPlan {
  record: Partial<CopyRecord>;
  differs: number;
}

interface Pair {
  first: MirrorCopy;
  second: MirrorCopy;
  /** Identifier that both sides have in common, for what the status does not tell. */
  common: string;
  blocks: number;
}

const isSeen = (side: MirrorCopy): boolean => side.observed.unknown === null;

/** A copy that serves counts as the latest, even while its own agent still holds it back. */
const isNewest = (side: MirrorCopy): boolean => side.newest === true || side.role === 'primary';

function differing(side: MirrorCopy, blocks: number): number {
  return Math.min(blocks, Math.ceil((side.outOfSyncBytes ?? 0) / BLOCK_BYTES));
}

function base(side: MirrorCopy, generation: string, common: string): Partial<CopyRecord> {
  return {
    state: 'constructed',
    generation,
    bases: [],
    history: [],
    contact: { confirmed: common, proposed: null },
    unfinished: null,
    latest: false,
    diskError: side.diskError === true,
    peerFollows: false,
    peerYielded: false,
    autoRecoveryHeld: side.autoRecoveryHeld === true ? 'held, as the status says' : null,
    lastUpdate: side.lastUpdate,
    breakTime: side.breakTime,
  };
}

/** A copy that went on alone from `from`. */
function ahead(side: MirrorCopy, pair: Pair, from: string | null, latest: boolean): CopyPlan {
  const generation = side.generation ?? `${pair.common.slice(0, 15)}a`;
  const line = from === null ? [] : [from];
  const record = { ...base(side, generation, pair.common), bases: line, history: line };
  const differs = Math.max(1, differing(side, pair.blocks));
  return { record: { ...record, latest, peerYielded: latest, prepared: latest }, differs };
}

function behind(side: MirrorCopy, pair: Pair, generation: string | null): CopyPlan | null {
  const is = side.generation ?? generation;
  return is === null ? null : { record: base(side, is, pair.common), differs: 0 };
}

/** Both were seen and neither can prove that it is the latest. */
function unproved(pair: Pair): [CopyPlan | null, CopyPlan | null] {
  const { first, second, common, blocks } = pair;
  const [one, two] = [differing(first, blocks), differing(second, blocks)];
  if (first.generation === second.generation) {
    const plans = [first, second].map((side) => behind(side, pair, null));
    return [plans[0] ?? null, plans[1] ?? null];
  }
  if (one > 0 && two === 0) {
    return [ahead(first, pair, second.generation, false), behind(second, pair, null)];
  }
  if (two > 0 && one === 0) {
    return [behind(first, pair, null), ahead(second, pair, first.generation, false)];
  }
  return [ahead(first, pair, common, false), ahead(second, pair, common, false)];
}

/** A side whose agent nobody could ask, beside one that was. */
function unseen(seen: MirrorCopy, other: MirrorCopy, pair: Pair): [CopyPlan, CopyPlan] {
  const { common } = pair;
  if (isNewest(seen)) {
    return [ahead(seen, pair, common, true), { record: base(other, common, common), differs: 0 }];
  }
  const generation = seen.generation ?? common;
  const record = base(seen, generation, common);
  return [{ record, differs: 0 }, ahead({ ...other, generation: null }, pair, generation, true)];
}

/** What each side's cluster partition is to say; null: nothing (a blank or unreadable one). */
export function planCopies(pair: Pair): [CopyPlan | null, CopyPlan | null] {
  const { first, second, common } = pair;
  const areInStep =
    first.state === 'upToDate' &&
    second.state === 'upToDate' &&
    first.generation === second.generation;
  if (areInStep || (!isSeen(first) && !isSeen(second))) {
    const generation = first.generation ?? common;
    const plan = (side: MirrorCopy): CopyPlan => ({
      record: { ...base(side, generation, generation), peerFollows: true },
      differs: 0,
    });
    return [plan(first), plan(second)];
  }
  if (!isSeen(second)) return unseen(first, second, pair);
  if (!isSeen(first)) {
    const [seen, other] = unseen(second, first, pair);
    return [other, seen];
  }
  if (isNewest(first) && !isNewest(second)) {
    return [ahead(first, pair, second.generation, true), behind(second, pair, null)];
  }
  if (isNewest(second) && !isNewest(first)) {
    return [behind(first, pair, null), ahead(second, pair, first.generation, true)];
  }
  return unproved(pair);
}

/** A device of a server that is not running, beneath every fault. */
function rawStore(server: SimServer, path: string): BlockStore | null {
  const where = resolveDevice(server.state(), path);
  const disk = where && server.devices.disks.get(where.serial);
  if (!where || !disk) return null;
  return {
    sizeBytes: where.size,
    read: async (offset, length) => disk.read(where.offset + offset, length),
    write: async (offset, data) => disk.write(where.offset + offset, data),
    flush: async () => disk.flush(),
    close: async () => undefined,
  };
}

async function writeCopy(
  server: SimServer,
  md: ConfiguredResource,
  plan: CopyPlan,
  /** Of the mirror: it may take up a part of its data partition only. null: not known. */
  shown: number | null,
  fill: number,
): Promise<void> {
  const data = rawStore(server, String(md.parameters['diskdev/dppath']));
  const store = rawStore(server, String(md.parameters['diskdev/cppath']));
  if (!data || !store) return;
  const sizeBytes = Math.min(data.sizeBytes, shown ?? data.sizeBytes);
  if (store.sizeBytes < partitionBytes(sizeBytes)) return;
  const partition = new ClusterPartition(store, md.name, sizeBytes);
  await partition.format(plan.record);
  if (plan.differs === 0) return;
  await partition.outOfSync.set(0, plan.differs);
  for (let block = 0; block < plan.differs; block++) {
    const length = Math.min(BLOCK_BYTES, sizeBytes - block * BLOCK_BYTES);
    await data.write(block * BLOCK_BYTES, new Uint8Array(length).fill(fill));
  }
  await data.flush();
}

/** A copy that is alone the latest has noted with which boot the other server went off (peer-power.ts). */
function noteOff(twin: Twin, { record }: CopyPlan, other: string): void {
  const { lastBootId = null } = twin.server(other).state();
  if (record.latest === true) record.peerEnded = lastBootId;
}

/** Both copies of one mirror, before any agent runs. */
export async function writeCopies(twin: Twin, from: Status, mirror: string): Promise<void> {
  const md = twin.config.resources.find(({ name }) => name === mirror);
  const entries = Object.entries(mirrorCopies(from.volumes[mirror]!, expressClusterOf(from)));
  const [first, second] = entries;
  if (!md || !first || !second) return;
  const sizes = entries.map(([name]) => {
    return rawStore(twin.server(name), String(md.parameters['diskdev/dppath']))?.sizeBytes ?? 0;
  });
  const pair: Pair = {
    first: first[1],
    second: second[1],
    common: twin.random.id(),
    blocks: blockCount(Math.max(...sizes)),
  };
  const plans = planCopies(pair);
  for (const [index, [name, copy]] of [first, second].entries()) {
    const plan = plans[index];
    const [other = ''] = [second, first][index] ?? [];
    if (plan && from.servers[other]?.power.state === 'off') noteOff(twin, plan, other);
    if (plan) await writeCopy(twin.server(name), md, plan, copy.sizeBytes, 0x5a + index);
  }
}
