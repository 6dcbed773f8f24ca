/**
 * A monitor of a type that is not built in: of a cloud, or of an application (a database, a mail or
 * a web server) whose check is a program with an exit code. AGENTS_PATH/<type>.sh is run with the
 * action `monitor`; all but 0 is an error.
 */
import { objectOf } from '../../config/index.ts';
import { agentPath } from '../../core/paths.ts';
import { asVariables, isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

export const byAgent: Checking = {
  next({ monitor }, [end]) {
    const { name, type, parameters } = monitor;
    if (!end) {
      const env = {
        ...asVariables(parameters),
        CLP_ACTION: 'monitor',
        CLP_TYPE: type,
        CLP_MONITORNAME: name,
        CLP_OBJECT: objectOf(monitor),
      };
      return { by: 'script', path: agentPath(type), env };
    }
    if (isTimedOut(end)) return fails('stalled');
    const code = end.type === 'script.ended' ? end.code : null;
    return code === 0 ? passed : fails('genw.exited', String(code));
  },
};
