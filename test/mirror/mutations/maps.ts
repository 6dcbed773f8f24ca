/**
 * Bugs in what is kept in the cluster partition. DRBD's: forgotten updates of the meta-data
 * (8.3.9), a bitmap of an evicted extent that was not written ("divergence after multiple failures").
 */
import type { Mutation } from '../../support/mutation.ts';

const map = 'src/mirror/copy/block-map.ts';
const partition = 'src/mirror/copy/cluster-partition.ts';
const copy = 'src/mirror/copy/own-copy.ts';
const writes = 'src/mirror/writes/writes.ts';

export const maps: Mutation[] = [
  {
    name: 'map without a flush',
    what: 'A map counts as durable when it was written, not when it was flushed.',
    file: map,
    find: '      await this.#store.flush();\n',
    replace: '',
  },
  {
    name: 'torn map counts as empty',
    what: 'A sector of a map whose checksum is wrong says that nothing differs.',
    file: map,
    find: 'else this.#bits.fill(0xff, at, at + bits.length);',
    replace: 'else this.#bits.fill(0, at, at + bits.length);',
    test: 'test/mirror/cluster-partition.test.ts',
  },
  {
    name: 'cleared bit counts as durable',
    what: 'A bit that is being cleared on disk still counts as durably set.',
    file: map,
    find: 'this.#durable[at]! &= snapshot[at]!;',
    replace: 'void at;',
    test: 'test/mirror/cluster-partition.test.ts',
  },
  {
    name: 'last block of a range is not set',
    what: 'A range of blocks is noted without its last one.',
    file: map,
    find: '  return [Math.floor(offset / BLOCK_BYTES), Math.ceil((offset + length) / BLOCK_BYTES)];',
    replace:
      '  const first = Math.floor(offset / BLOCK_BYTES);\n  return [first, Math.max(first + 1, Math.floor((offset + length) / BLOCK_BYTES))];',
  },
  {
    name: 'one slot only',
    what: 'The record is always written to the same slot, so that a torn write loses it.',
    file: partition,
    find: 'await this.#store.write((sequence % 2) * SLOT_BYTES, slot);',
    replace: 'await this.#store.write(0, slot);',
  },
  {
    name: 'record without a flush',
    what: 'The record counts as saved when it was written, not when it was flushed.',
    file: partition,
    find: '    await this.#store.flush();\n',
    replace: '',
  },
  {
    name: 'the older slot counts',
    what: 'Of two sound slots the one with the lower sequence is taken.',
    file: partition,
    find: 'sound.sort((a, b) => b.sequence - a.sequence)[0]',
    replace: 'sound.sort((a, b) => a.sequence - b.sequence)[0]',
  },
  {
    name: 'slots without a checksum',
    what: 'A torn slot is taken for sound when it happens to be readable.',
    file: partition,
    find: "if (!sum.equals(raw.subarray(8, HEAD_BYTES))) return 'torn';",
    replace: 'void sum;',
    test: 'test/mirror/cluster-partition.test.ts',
  },
  {
    name: 'activity log is not read',
    what: 'After a crash of the active side the blocks in its activity log are not compared.',
    file: copy,
    find: 'await part.outOfSync.merge(activity.toBytes());',
    replace: 'void activity;',
  },
  {
    name: 'page cache counts as disk',
    what: 'What a killed agent left in the page cache is read and not flushed before it counts.',
    file: copy,
    find: '    await this.#data?.flush();\n    if (record.active)',
    replace: '    if (record.active)',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'latest after a crash',
    what: 'A copy that others may have gone on from counts as the latest after a start.',
    file: copy,
    find: 'const latest = record.latest && !mayBePassed;',
    replace: 'const { latest } = record;',
  },
  {
    name: 'unflushed blocks are no difference',
    what: 'When the other side is lost, blocks that it may not have flushed are not noted.',
    file: writes,
    find: '    for (const block of [...this.#unflushed, ...this.#flushing]) outOfSync.note(block, block + 1);\n',
    replace: '',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'blocks in flight are no difference',
    what: 'When the other side is lost, blocks of unanswered writes are not noted.',
    file: writes,
    find: 'for (const [first, end] of this.#inFlight.values()) outOfSync.note(first, end);',
    replace: '',
    test: 'test/mirror/model.test.ts',
  },
];
