/**
 * Resolution by something outside that every server reaches while its own network works: an address
 * that is pinged, a web server or witness that is asked. Whoever gets no answer is the one that is
 * cut off. Where several are configured one answer is enough (our choice). Two servers that both
 * get one go on both, and may then run a group twice (x5 2.12.9).
 */
import { lanTo } from '../../config/index.ts';
import type { PartitionType } from './type.ts';

export const asking: PartitionType = {
  questions: (_, server, { targets }) =>
    targets.map((target) => ({ net: lanTo(server, target), target })),
  isWell: (answered) => answered.includes(true),
  judge: (_, answered) => (answered.includes(true) ? 'goesOn' : 'yields'),
};
