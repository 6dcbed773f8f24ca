/** Planted in what the other server's controller tells, and in a record that could not be saved. */
import type { Mutation } from '../../support/mutation.ts';

const controller = 'src/mirror/pair/peer-power.ts';
const partition = 'src/mirror/copy/cluster-partition.ts';
const test = 'test/mirror/peer-power.test.ts';
const partitionTest = 'test/mirror/cluster-partition.test.ts';

export const power: Mutation[] = [
  {
    name: 'off vouches',
    what: 'The other server is off now; whether it was on meanwhile is not asked.',
    file: controller,
    find: '(await endedBoot(disk)) === noted',
    replace: '(await endedBoot(disk)) !== null',
    test,
  },
  {
    name: 'noted by a copy that is behind',
    what: 'Also a copy that is not the latest notes that the other server is off.',
    file: controller,
    find: ' && disk.copy.isProvedLatest',
    replace: '',
    test,
  },
  {
    name: 'an agent ends without its system',
    what: 'An agent says that none follows it in this boot although its system stays up.',
    file: controller,
    find: ' || !GOING_DOWN.has(String(view.node))',
    replace: '',
    test,
  },
  {
    name: 'a force is told only once',
    what: 'Whoever forced a copy and died before telling it never tells it.',
    file: 'src/mirror/pair/inquiry.ts',
    find: '  if (isForced(disk)) void tellGivenUp(disk);\n',
    replace: '',
    test,
  },
  {
    name: 'a refused save stays in memory',
    what: 'What could not be saved is brought to the disk by the next save.',
    file: partition,
    find: '      this.#takeBack(change);\n',
    replace: '',
    test: partitionTest,
  },
  {
    name: 'the sound slot is written over',
    what: 'After a write that failed the next one goes to the slot that is still sound.',
    file: partition,
    find: 'const sequence = this.#sequence + 1;',
    replace: 'const sequence = ++this.#sequence;',
    test: partitionTest,
  },
];
