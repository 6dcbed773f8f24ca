/** A floating address is held here, and nobody else answers for it. */
import { judgeHeld, probe, probed } from './address.ts';
import type { Checking } from './type.ts';

export const fipw: Checking = {
  next(check, [end]) {
    if (!end) return probe(check);
    const found = probed(end);
    return 'type' in found ? found : judgeHeld(check, found);
  },
};
