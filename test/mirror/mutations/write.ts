/**
 * Bugs on the way of a write: acknowledged, noted or flushed too early. Several are DRBD's own:
 * an extent written before its activity log transaction ("potential data divergence after multiple
 * failures"), writes not mirrored while a resync starts (drbd-9.0.26), requests completed too
 * early after a suspension (9.1.7), writes of unequal order on the two sides (9.1.4).
 */
import type { Mutation } from '../../support/mutation.ts';

const replicate = 'src/mirror/writes/replicate.ts';
const flush = 'src/mirror/writes/flush.ts';
const activity = 'src/mirror/writes/activity.ts';

export const write: Mutation[] = [
  {
    name: 'acknowledge before the other copy',
    what: 'A write is acknowledged when the own copy has it, whatever becomes of the other one.',
    file: replicate,
    find: 'const [own, other] = await Promise.allSettled([local, remote]);',
    replace:
      'const [own, other] = await Promise.allSettled([local, Promise.resolve(remote.catch(() => null) && null)]);',
  },
  {
    name: 'acknowledge before the own copy',
    what: 'A write is acknowledged when the other side has it, before the own disk does.',
    file: replicate,
    find: 'const [own, other] = await Promise.allSettled([local, remote]);',
    replace:
      'local.catch(() => {});\n  const [own, other] = await Promise.allSettled([Promise.resolve(), remote]);',
  },
  {
    name: 'other side ignores FUA',
    what: 'A durable write is durable here only: the other side is not told that it must be.',
    file: replicate,
    find: 'const line = durable ? { offset, durable } : { offset };',
    replace: 'const line = { offset };',
  },
  {
    name: 'standby does not flush',
    what: 'The standby answers a durable write from its cache.',
    file: replicate,
    find: 'durable = frame.header.durable === true,',
    replace: 'durable = false,',
  },
  {
    name: 'alone without breaking',
    what: 'The other side did not take a write; it is acknowledged before the break is durable.',
    file: 'src/mirror/writes/unacknowledged.ts',
    find: '  for (;;) {\n    await disk.writes.thawed();\n    try {\n      const { outOfSync } = disk.copy;',
    replace:
      '  if (reason) return;\n  for (;;) {\n    try {\n      const { outOfSync } = disk.copy;',
    test: 'test/mirror/loss-crash.test.ts',
  },
  {
    name: 'standby in no order',
    what: 'The standby applies writes that overlap in any order.',
    file: replicate,
    find: '    if (wait) await wait;\n    await disk.copy.write(offset, data, durable);',
    replace: '    await disk.copy.write(offset, data, durable);',
  },
  {
    name: 'writes pass the shut gate',
    what: 'A write that was being noted does not wait while a break is made durable.',
    file: replicate,
    find: '    if (disk.writes.isFrozen) await disk.writes.thawed();\n    if (partner',
    replace: '    if (partner',
    test: 'test/mirror/loss-crash.test.ts',
  },
  {
    name: 'ranges that overlap in part',
    what: 'Only writes to the very same range wait for one another.',
    file: 'src/mirror/writes/ranges.ts',
    find: 'if (other.from < mine.to && mine.from < other.to) return true;',
    replace: 'if (other.from === mine.from && other.to === mine.to) return true;',
  },
  {
    name: 'flush of one copy',
    what: 'A flush is answered before the other copy is durable.',
    file: flush,
    find: 'await Promise.allSettled([disk.copy.flush(), remote]);',
    replace:
      'await Promise.allSettled([disk.copy.flush(), Promise.resolve(remote.catch(() => null) && null)]);',
  },
  {
    name: 'flush of the other copy',
    what: 'A flush is answered when the other copy is durable; the own one is not.',
    file: flush,
    find: 'await Promise.allSettled([disk.copy.flush(), remote]);',
    replace: 'await Promise.allSettled([Promise.resolve(), remote]);',
  },
  {
    name: 'flush shares the round under way',
    what: 'A flush that comes while one runs is answered with that one, which began too early.',
    file: 'src/mirror/coalesce.ts',
    find: '    this.#next = null;\n    return this.#job();',
    replace: '    return this.#job().finally(() => {\n      this.#next = null;\n    });',
  },
  {
    name: 'write before its extent is noted',
    what: 'A write starts when its extent is in the activity log in memory, not on disk.',
    file: activity,
    find: 'return activity.isDurable(first, end) && (together',
    replace: 'return activity.hasAll(first, end) && (together',
    test: 'test/mirror/activity-crash.test.ts',
  },
  {
    name: 'activity log not durable',
    what: 'The activity log is written some time later.',
    file: activity,
    find: 'await activity.set(from, to);',
    replace: 'activity.note(from, to);',
  },
  {
    name: 'alone, no difference',
    what: 'Writes while alone are not noted as difference.',
    file: activity,
    find: 'if (!together) outOfSync.note(first, end);',
    replace: 'void together;',
  },
  {
    name: 'activity log forgets the unflushed',
    what: 'An extent leaves the activity log although its writes are not flushed on both sides.',
    file: 'src/mirror/writes/writes.ts',
    find: 'new Set<number>([...this.#unflushed, ...this.#flushing]);',
    replace: 'new Set<number>();',
    test: 'test/mirror/activity-crash.test.ts',
  },
  {
    name: 'activity log forgets what is in flight',
    what: 'An extent leaves the activity log while a write there is under way.',
    file: 'src/mirror/writes/writes.ts',
    find: 'for (let block = from; block < to; block++) blocks.add(block);',
    replace: 'void from;\n    void to;',
  },
  {
    name: 'acknowledge before the mark of lagging',
    what: 'Asynchronous: a write is acknowledged before the other side knows that it may lag.',
    file: 'src/mirror/writes/queue.ts',
    find: '  await queue.marking;',
    replace: '  queue.marking.catch(() => {});',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'lagging is forgotten too early',
    what: 'Asynchronous: the mark is taken back as soon as the queue was empty once.',
    file: 'src/mirror/writes/queue.ts',
    find: 'if (queue.writes > 0 || queue.spilling || queue.marked !== session || disk.life.isOver) return;\n    queue.marked = null;',
    replace: 'if (queue.marked !== session || disk.life.isOver) return;',
    test: 'test/mirror/asynchronous.test.ts',
  },
];
