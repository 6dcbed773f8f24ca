/** The mirror disk connect of a hybrid disk, as a mirror's (v3 12.5.7), by the current server. */
import { objectOf } from '../../config/index.ts';
import { askAgent, sideOf, silence } from './agent.ts';
import { type Checking, fails, passed } from './type.ts';

export const hdnw: Checking = {
  next({ monitor }, [end]) {
    if (!end) return askAgent;
    const silent = silence('mdnw', end);
    if (silent) return silent;
    const side = sideOf(end, objectOf(monitor));
    return !side || side.connected ? passed : fails('mdnw.interrupted');
  },
};
