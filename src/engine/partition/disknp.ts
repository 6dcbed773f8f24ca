/**
 * Resolution by a shared disk: each server writes its mark there with every heartbeat. Lost servers
 * whose marks go on are cut off and not down; of those that are left the first by priority goes on.
 * Who cannot read the disk cannot tell, and ends.
 */
import { markNetOf, OUTSIDE } from '../../config/index.ts';
import type { PartitionType } from './type.ts';

export const disknp: PartitionType = {
  questions: (config, _, resource) => [{ net: markNetOf(config, resource)!, target: OUTSIDE }],
  isWell: ([isRead]) => isRead === true,
  judge({ server, members, marking }, [isRead]) {
    if (!isRead) return 'fails';
    const before = members.slice(0, members.indexOf(server));
    return before.some((name) => marking.includes(name)) ? 'yields' : 'goesOn';
  },
};
