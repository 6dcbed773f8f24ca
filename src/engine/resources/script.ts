/** What types that run a script have in common: what it is told, and what its end means. */
import type { End } from '../work.ts';
import { type Attempt, fails, limitOf, type Result, refused, succeeded } from './type.ts';

export function environmentOf({
  group,
  resource,
  server,
  reason,
}: Attempt): Record<string, string> {
  const place = group.servers.indexOf(server);
  return {
    CLP_EVENT: reason === 'failover' ? 'FAILOVER' : 'START',
    CLP_SERVER: place === 0 ? 'HOME' : 'OTHER',
    CLP_DISK: 'SUCCESS',
    CLP_PRIORITY: String(place + 1),
    CLP_GROUPNAME: group.name,
    CLP_RESOURCENAME: resource.name,
  };
}

export function judgeScript(attempt: Attempt, end: End): Result {
  if (end.type === 'request.failed') return refused(end);
  if (end.type !== 'script.ended' || end.code === 0) return succeeded;
  switch (end.code) {
    case null:
      return fails('exec.aborted');
    case 124:
      return fails('exec.tooLong', Math.round(limitOf(attempt) / 1000));
    case 127:
      return fails('exec.notFound', end.code);
    default:
      return fails('exec.exited', end.code);
  }
}
