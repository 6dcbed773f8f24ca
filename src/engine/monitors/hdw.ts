/**
 * The two copies of a hybrid disk, as a mirror's (v3 12.5.6), watched by the current server of each
 * server group; the others have nothing to say of it.
 */
import { mirrorSides, objectOf } from '../../config/index.ts';
import type { Work } from '../work.ts';
import { askAgent, judgeMirror, sideOf, silence } from './agent.ts';
import { type Check, type Checking, passed } from './type.ts';

/** Servers of the other side that are heard. */
function othersOf({ config, server, isUp }: Check, mirror: string): string[] {
  return mirrorSides(config, mirror)
    .filter(({ servers }) => !servers.includes(server))
    .flatMap(({ servers }) => servers.filter(isUp));
}

export const hdw: Checking = {
  next(check, [local, ...remote]) {
    if (!local) return askAgent;
    const silent = silence('mdw', local);
    if (silent) return silent;
    const mirror = objectOf(check.monitor);
    const side = sideOf(local, mirror);
    if (!side) return passed;
    const found = remote.map((end) => sideOf(end, mirror)).find((one) => one !== undefined);
    const next = othersOf(check, mirror)[remote.length];
    if (found || next === undefined) return judgeMirror(mirror, side, found ?? null);
    const limitMs = check.config.heartbeat.timeoutMs;
    return { ...askAgent, server: next, limitMs } as Work;
  },
};
