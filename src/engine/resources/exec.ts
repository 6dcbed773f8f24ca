/** An application: start.sh and stop.sh below SCRIPTS_PATH/<group>/<resource> (v3 12.4.3). */
import { parameterOf } from '../../config/index.ts';
import { SCRIPTS_PATH } from '../../core/paths.ts';
import { type Attempt, fails, limitOf, type ResourceType, refused, succeeded } from './type.ts';

function pathOf({ op, group, resource }: Attempt): string {
  const named = parameterOf(resource, op === 'activate' ? 'act/path' : 'deact/path');
  const file = String(named);
  return file.startsWith('/') ? file : `${SCRIPTS_PATH}/${group.name}/${resource.name}/${file}`;
}

function environmentOf({ group, resource, server, reason }: Attempt): Record<string, string> {
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

export const exec: ResourceType = {
  evidenceCode: null,

  next(attempt, [end]) {
    if (!end) return { by: 'script', path: pathOf(attempt), env: environmentOf(attempt) };
    if (end.type === 'request.failed') return refused(end);
    if (end.type !== 'script.ended' || end.code === 0) return succeeded;
    switch (end.code) {
      case null:
        return fails('exec.aborted');
      case 124: {
        return fails('exec.tooLong', Math.round(limitOf(attempt) / 1000));
      }
      case 127:
        return fails('exec.notFound', end.code);
      default:
        return fails('exec.exited', end.code);
    }
  },
};
