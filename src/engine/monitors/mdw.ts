/** The two copies of a mirror, by what both agents say of them (v3 12.5.6). */
import { askAgent, type Side, sideOf, silence } from './agent.ts';
import {
  type Check,
  type Checking,
  type CheckResult,
  fails,
  objectOf,
  passed,
  warns,
} from './type.ts';

/** `remote` null: it does not answer. */
export function judgeMirror(
  name: string,
  local: Side | undefined,
  remote: Side | null,
): CheckResult {
  if (!local?.constructed || local.color === 'GRAY') return fails('mdw.localUnknown', name);
  const isBad = (side: Side): boolean => side.color === 'RED';
  if (local.recovery || local.color === 'YELLOW') return warns('mdw.recovering', name);
  if (local.active === true && remote?.active === true) return fails('mdw.bothActive', name);
  if (isBad(local) && remote && isBad(remote)) return fails('mdw.bothAbnormal', name);
  if (isBad(local)) return fails('mdw.localAbnormal', name);
  if (!remote) return warns('mdw.remoteUnknown');
  if (isBad(remote)) return fails('mdw.remoteAbnormal', name);
  return passed;
}

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
