/** The two copies of a mirror, by what both agents say of them (v3 12.5.6). */
import { objectOf } from '../../config/index.ts';
import { askAgent, judgeMirror, sideOf, silence } from './agent.ts';
import type { Check, Checking } from './type.ts';

/** The first other server of the mirror's group, when it is heard. */
function partnerOf({ config, server, isUp }: Check, mirror: string): string | null {
  const group = config.groups.find(({ resources }) => resources.includes(mirror));
  const partner = group?.servers.find((name) => name !== server);
  return partner !== undefined && isUp(partner) ? partner : null;
}

export const mdw: Checking = {
  next(check, [local, remote]) {
    if (!local) return askAgent;
    const silent = silence('mdw', local);
    if (silent) return silent;
    const { monitor, config } = check;
    const mirror = objectOf(monitor);
    const partner = partnerOf(check, mirror);
    if (!remote && partner !== null) {
      return { ...askAgent, server: partner, limitMs: config.heartbeat.timeoutMs };
    }
    const other = remote && sideOf(remote, mirror);
    return judgeMirror(mirror, sideOf(local, mirror), other ?? null);
  },
};
