/** What is said to fdisk, and what the table is then: for the stand-in, and for the real one. */
import { bare } from '../../host/harness.ts';
import { type Console, openConsole } from './console.ts';

const MIB = 1024 * 1024;
export const DISK_BYTES = 18 * MIB;

/** A server whose disk is as large as a lab's; what is said of tiny disks is another matter. */
export function largerDisk(): Console {
  const chassis = bare();
  const { '/dev/sdb': disk } = chassis.state.disks;
  chassis.state.disks = { '/dev/sdb': { ...disk!, sizeBytes: DISK_BYTES } };
  return openConsole(chassis);
}

/** Words as lines; `_` is an empty one. */
export function answersOf(words: string): string[] {
  return words.split(' ').map((word) => (word === '_' ? '' : word));
}

/** `number start size`, in sectors. */
export function tableOf(console: Console): string[] {
  const { partitions } = console.chassis.state.disks['/dev/sdb']!;
  return [...partitions]
    .sort((a, b) => a.number - b.number)
    .map(({ number, offsetBytes, sizeBytes }) =>
      [number, offsetBytes / 512, sizeBytes / 512].join(' '),
    );
}

/**
 * On a disk with partitions 1 (2048, 2048) and 2 (4096, 4096). The table is what was written;
 * none when nothing was.
 */
export const TALKS: [title: string, answers: string, table: string[]][] = [
  [
    'an exact fit by size is refused, and nothing is written',
    'o n p 1 _ +1M n p 2 _ +16384K w',
    [],
  ],
  [
    'the rest is taken by the default',
    'o n p 1 _ +1M n p 2 _ _ w',
    ['1 2048 2048', '2 4096 32768'],
  ],
  [
    'last sectors are exact',
    'o n p 1 2048 5047 n p 2 5048 36863 w',
    ['1 2048 3000', '2 5048 31816'],
  ],
  ['an odd size goes to the nearest MiB', 'o n p 1 _ +1500K w', ['1 2048 2048']],
  ['a half goes up', 'o n p 1 _ +2560K w', ['1 2048 6144']],
  ['below a MiB there is one sector more', 'o n p 1 _ +1000K w', ['1 2048 2001']],
  ['sectors are not rounded', 'o n p 1 _ +4000 w', ['1 2048 4001']],
  ['the table ends at its end', 'o n p 1 _ +1M n p 2 _ +16383K w', ['1 2048 2048', '2 4096 30720']],
  ['a size from the end', 'o n p 1 _ -1M w', ['1 2048 32768']],
  ['a used number is refused', 'n p 1 w', []],
  [
    'with three in use the fourth can be had',
    'o n p _ _ +1M n p _ _ +1M n p _ _ +1M n p _ _ w',
    ['1 2048 2048', '2 4096 2048', '3 6144 2048', '4 8192 28672'],
  ],
  ['a gpt asks no primary or extended', 'g n _ _ +1M n 2 _ _ w', ['1 2048 2048', '2 4096 30720']],
  ['the only one is deleted without a question', 'o n p _ _ +1M d w', []],
  ['one of two is asked for', 'd 1 w', ['2 4096 4096']],
  ['input that ends', 'o n p 1', []],
];
