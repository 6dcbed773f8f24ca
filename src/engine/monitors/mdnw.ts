/** The mirror disk connect (v3 12.5.7). */
import { objectOf } from '../../config/index.ts';
import { askAgent, sideOf, silence } from './agent.ts';
import { type Checking, fails, passed } from './type.ts';

export const mdnw: Checking = {
  next({ monitor }, [end]) {
    if (!end) return askAgent;
    const silent = silence('mdnw', end);
    if (silent) return silent;
    const isConnected = sideOf(end, objectOf(monitor))?.connected === true;
    return isConnected ? passed : fails('mdnw.interrupted');
  },
};
