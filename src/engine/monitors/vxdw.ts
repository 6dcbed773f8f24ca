/** The configuration daemon of VxVM runs (v3 12.5.8). */
import { monitorKind } from '../../config/index.ts';
import { isTimedOut } from '../work.ts';
import { countOf, lookForProgram } from './programs.ts';
import { type Checking, fails, passed } from './type.ts';

const COMMAND = 'vxdctl mode';

export const vxdw: Checking = {
  next({ monitor }, [end]) {
    if (!end) return lookForProgram(String(monitorKind(monitor.type).program));
    if (isTimedOut(end))
      return fails('vxdw.tooLong', COMMAND, Math.round(monitor.timeoutMs / 1000));
    return (countOf(end) ?? 0) > 0 ? passed : fails('vxdw.failed', COMMAND);
  },
};
