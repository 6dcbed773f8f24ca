/**
 * An address answers, whoever holds it; where the monitor is bound to a resource, that resource's
 * address is held here (v3 12.5.1).
 */
import { addressOf } from '../../config/index.ts';
import { judgeHeld, probe, probed } from './address.ts';
import { type Checking, fails, passed } from './type.ts';

export const ipw: Checking = {
  next(check, [end]) {
    if (!end) return probe(check);
    const found = probed(end);
    if ('type' in found) return found;
    if (check.monitor.target !== null) return judgeHeld(check, found);
    if (found.held || found.isTaken) return passed;
    return fails('ipw.unreachable', 1, addressOf(check.config, check.monitor));
  },
};
