/**
 * Bugs in who counts as newer. DRBD's: a handshake that says "nothing to do" and clears a map that
 * is not empty (issue 145), a peer that missed the end of a resync, a forgotten resync (9.1.7), a
 * wrongly generated current UUID (9.1.6), UUIDs that changed during the handshake.
 */
import type { Mutation } from '../../support/mutation.ts';

const generations = 'src/mirror/copy/generations.ts';
const meeting = 'src/mirror/pair/meeting.ts';

export const handshake: Mutation[] = [
  {
    name: 'same generation is enough',
    what: 'Copies of one generation count as equal, and a map that is not empty is cleared.',
    file: generations,
    find: 'a.generation === b.generation && a.bases.length === 0 && b.bases.length === 0,',
    replace: 'a.generation === b.generation,',
  },
  {
    name: 'a restored image passes',
    what: 'Whether the two copies met last is not looked at when they bear one generation.',
    file: generations,
    find: 'a.generation === b.generation && !haveMet(a.contact, b.contact),',
    replace: 'a === b,',
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'an older image gets a difference',
    what: 'A copy that bears the base of the map gets a difference even if it did not meet last.',
    file: generations,
    find: 'hasBase(a, b.generation) && isAhead(a, b) && haveMet(a.contact, b.contact) && !b.diskError,',
    replace: 'hasBase(a, b.generation) && isAhead(a, b) && !b.diskError,',
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'any interrupted recovery goes on',
    what: 'A half-written target gets a difference from a map that was not made for it.',
    file: generations,
    find: 'holds: (a, b) => isWhole(a) && hasBase(a, b.unfinished),',
    replace: 'holds: (a, b) => isWhole(a) && b.unfinished !== null,',
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'an unfinished copy is whole',
    what: 'The half-written target of a recovery counts as a copy.',
    file: generations,
    find: "const isWhole = (copy: Copy): boolean => copy.state === 'constructed' && copy.unfinished === null;",
    replace: "const isWhole = (copy: Copy): boolean => copy.state === 'constructed';",
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'a target does not know that it is one',
    what: 'The target of a recovery is not marked unfinished.',
    file: generations,
    find: "state: 'constructed', unfinished: id, restored: null, latest: false };",
    replace: "state: 'constructed', unfinished: null, restored: null, latest: false };",
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'a crash leaves no doubt',
    what: 'A side that crashed while it was active counts as equal to the other one.',
    file: generations,
    find: '  return { ...copy, bases: including(copy.bases, copy.generation) };\n}\n\n/** Source of',
    replace: '  return copy;\n}\n\n/** Source of',
  },
  {
    name: 'the difference of two sides is mine alone',
    what: 'The map of the other side is not merged into the one that is copied from.',
    file: meeting,
    find: 'await outOfSync.merge(theirs.map);',
    replace: 'void theirs.map;',
  },
  // Not here, for it changes nothing: a handshake that says full copy and sets no bit. Whoever begins
  // a full copy sets all of them (source.ts), durably, before the other side is told.
  {
    name: 'a disk that failed gets a difference',
    what: 'A copy whose disk failed is brought into step by what was written since.',
    file: generations,
    find: "    full: true,\n    why: 'the other copy had a disk error',",
    replace: "    full: false,\n    why: 'the other copy had a disk error',",
    test: 'test/mirror/generations.test.ts',
  },
  {
    name: 'winner before loser',
    what: 'The side that wins is durable before the one that yields.',
    file: meeting,
    find: "    if (wins) await propose(disk, judgement, theirs, contact);\n    else await conclude(disk, judgement, theirs, contact);\n    await session.ask('met', {}, undefined, limit);\n    if (wins) await conclude(disk, judgement, theirs, contact);",
    replace:
      "    if (wins) await conclude(disk, judgement, theirs, contact);\n    await session.ask('met', {}, undefined, limit);\n    if (!wins) await conclude(disk, judgement, theirs, contact);",
    test: 'test/mirror/giving-way.test.ts',
  },
  {
    name: 'every meeting is remembered',
    what: 'A meeting counts although a full copy is due: next time a restored image passes.',
    file: meeting,
    find: "  judgement.verdict === 'same' || (judgement.verdict.startsWith('source') && !judgement.full);",
    replace: '  judgement.verdict.length > 0;',
    test: 'test/mirror/old-image.test.ts',
  },
  {
    name: 'the loser stays the latest',
    what: 'The side that lost the handshake still counts as the latest.',
    file: meeting,
    find: 'await disk.copy.save({ ...met, latest: false, peerFollows: false });\n      return;',
    replace: 'await disk.copy.save({ ...met, peerFollows: false });\n      return;',
  },
];
