/**
 * A type that is not built in, as a cloud's addresses and names (x5 2.25): a script of the operator's
 * own starts and stops it, AGENTS_PATH/<type>.sh. It is told what to do in CLP_ACTION, what in
 * CLP_TYPE and in every parameter; an exit code other than 0 is a failure. (All of it our choice.)
 */
import { agentPath } from '../../core/paths.ts';
import { asVariables } from '../work.ts';
import { environmentOf, judgeScript } from './script.ts';
import type { ResourceType } from './type.ts';

export const byAgent: ResourceType = {
  evidenceCode: null,

  next(attempt, [end]) {
    if (end) return judgeScript(attempt, end);
    const { op, resource } = attempt;
    const action = op === 'activate' ? 'start' : 'stop';
    const env = {
      ...environmentOf(attempt),
      ...asVariables(resource.parameters),
      CLP_ACTION: action,
      CLP_TYPE: resource.type,
    };
    return { by: 'script', path: agentPath(resource.type), env };
  },
};
