/** A script of the operator's own ends with 0: below SCRIPTS_PATH/monitor.s/<monitor> (x5). */
import { monitorKind } from '../../config/index.ts';
import { scriptPath } from '../../core/paths.ts';
import type { ConfiguredMonitor } from '../../schema/generated/cluster-configuration.ts';
import { isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

function pathOf({ name, type, parameters }: ConfiguredMonitor): string {
  const file = String(parameters.path ?? monitorKind(type).script);
  return scriptPath(`monitor.s/${name}`, file);
}

export const genw: Checking = {
  next({ monitor }, [end]) {
    if (!end) {
      return { by: 'script', path: pathOf(monitor), env: { CLP_MONITORNAME: monitor.name } };
    }
    if (isTimedOut(end)) return fails('stalled');
    const code = end.type === 'script.ended' ? end.code : null;
    return code === 0 ? passed : fails('genw.exited', String(code));
  },
};
