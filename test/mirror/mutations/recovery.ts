/**
 * Bugs in a recovery. DRBD's: resync and application writes that overtake each other, bits cleared
 * for blocks that did not arrive, a peer that missed the end of a resync.
 */
import type { Mutation } from '../../support/mutation.ts';

const recover = 'src/mirror/recovery/source.ts';
const copying = 'src/mirror/recovery/copying.ts';
const target = 'src/mirror/recovery/target.ts';

// Not here, for they change nothing: a recovery that ends without waiting for writes under way, or
// without looking whether bits were set meanwhile. While it runs a write goes to both sides, or sets
// its bits before anything is waited for; then the copying does not end.
export const recovery: Mutation[] = [
  {
    name: 'bit cleared too early',
    what: 'The bit of a block is cleared before the other side has it.',
    file: copying,
    find: "        await session.ask('block', { offset, recovery: id }, bytes);",
    replace:
      "        disk.copy.outOfSync.clear(first, end);\n        await disk.copy.outOfSync.commit();\n        await session.ask('block', { offset, recovery: id }, bytes);",
    test: 'test/mirror/crash.test.ts',
  },
  {
    name: 'block not waited for',
    what: 'A block counts as copied when it was sent.',
    file: copying,
    find: "        await session.ask('block', { offset, recovery: id }, bytes);",
    replace: "        session.ask('block', { offset, recovery: id }, bytes).catch(() => {});",
    test: 'test/mirror/recover.test.ts',
  },
  {
    name: 'copy without its range',
    what: 'A write to the range being copied does not wait: the older block may arrive last.',
    file: copying,
    find: 'disk.writes.ranges.take(offset, offset + length)',
    replace: 'Promise.resolve(() => {})',
    test: 'test/mirror/asynchronous.test.ts',
  },
  {
    name: 'finish in doubt',
    what: 'The source does not note that the target may have finished before it asks it to.',
    file: recover,
    find: 'await disk.copy.save({\n      ...finishing(disk.copy.record),\n      ...proposal,\n      peerFollows: true,\n      peerYielded: false,\n    });',
    replace: 'void finishing;\n    void proposal;',
    test: 'test/mirror/crash.test.ts',
  },
  {
    name: 'no base for the target',
    what: 'The source does not note durably that its map counts for this target.',
    file: recover,
    find: 'await disk.copy.save({ ...sourceOf(disk.copy.record, id), ...held });',
    replace: 'await disk.copy.save(held);\n  void sourceOf;',
    test: 'test/mirror/crash.test.ts',
  },
  {
    name: 'full copy by a map that is not durable',
    what: 'All blocks are set in memory only before the recovery begins.',
    file: recover,
    find: 'if (order.full) await outOfSync.setAll();',
    replace: 'if (order.full) outOfSync.note(0, outOfSync.blocks);',
    test: 'test/mirror/interrupted.test.ts',
  },
  {
    name: 'abort forgets the unflushed',
    what: 'An aborted recovery does not note what was written to both and not flushed there.',
    file: recover,
    find: '        await disk.writes.noteUnconfirmed(disk.copy.outOfSync);\n',
    replace: '',
    test: 'test/mirror/interrupted.test.ts',
  },
  {
    name: 'copied, not flushed there',
    what: 'Bits of copied blocks are cleared before the target has flushed them.',
    file: 'src/mirror/recovery/copied.ts',
    find: "await Promise.all([disk.copy.flushWritten().catch(fail), session.ask('flush', {})]);",
    replace: 'await disk.copy.flushWritten().catch(fail);',
    test: 'test/mirror/crash.test.ts',
  },
  {
    name: 'copied, then written',
    what: 'A block that was copied and then written here alone still counts as copied.',
    file: 'src/mirror/recovery/copied.ts',
    find: 'copied?.forget(first, end);',
    replace: 'void copied;',
    test: 'test/mirror/interrupted.test.ts',
  },
  {
    name: 'a flush covers what came later',
    what: 'A flush clears the bits of blocks that were copied after it began.',
    file: 'src/mirror/recovery/copied.ts',
    find: '.filter(([, of]) => of <= round)',
    replace: '.filter(([, of]) => of <= round + 1)',
    test: 'test/mirror/interrupted.test.ts',
  },
  {
    name: 'target begins before it is marked',
    what: 'The target takes blocks before it is durably marked as unfinished.',
    file: target,
    find: 'await disk.copy.save({ ...targetOf(disk.copy.record, id), ...fresh, keep: path });',
    replace:
      'void path;\n  const marked = { ...targetOf(disk.copy.record, id), ...fresh };\n  disk.copy.partition.record = marked as typeof disk.copy.record;',
    test: 'test/mirror/crash.test.ts',
  },
  {
    name: 'forced copy by difference',
    what: 'After both sides changed, only the difference of the winner is copied.',
    file: 'src/mirror/recovery/orders.ts',
    find: 'const full = orderedFull || disk.pair.judgement?.full === true || forcedHere || unlicensed;',
    replace: 'const full = unlicensed;',
  },
];
