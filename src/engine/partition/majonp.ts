/**
 * Resolution by majority: who hears fewer than half of the servers is cut off. Of two halves the one
 * with the first server goes on. Servers that left in order do not count (our choice): an operator's
 * stop of one is no reason for the next loss to end the others.
 */
import type { PartitionType } from './type.ts';

export const majonp: PartitionType = {
  questions: () => [],
  isWell: () => true,
  judge({ members, heard }) {
    const twice = 2 * heard.length;
    if (twice !== members.length) return twice > members.length ? 'goesOn' : 'yields';
    return heard.includes(members[0]!) ? 'goesOn' : 'yields';
  },
};
