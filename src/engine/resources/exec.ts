/** An application: start.sh and stop.sh below SCRIPTS_PATH/<group>/<resource> (v3 12.4.3). */
import { parameterOf } from '../../config/index.ts';
import { scriptPath } from '../../core/paths.ts';
import { environmentOf, judgeScript } from './script.ts';
import type { Attempt, ResourceType } from './type.ts';

function pathOf({ op, group, resource }: Attempt): string {
  const named = parameterOf(resource, op === 'activate' ? 'act/path' : 'deact/path');
  const file = String(named);
  return scriptPath(`${group.name}/${resource.name}`, file);
}

export const exec: ResourceType = {
  evidenceCode: null,

  next(attempt, [end]) {
    if (end) return judgeScript(attempt, end);
    return { by: 'script', path: pathOf(attempt), env: environmentOf(attempt) };
  },
};
