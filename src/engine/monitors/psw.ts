/**
 * As many processes of a name run as should: at least `minimum` (1), at most `maximum` where that is
 * said. The parameter `processname` names them.
 */
import { isTimedOut } from '../work.ts';
import { countOf, lookForProgram } from './programs.ts';
import { type Checking, fails, passed } from './type.ts';

export const psw: Checking = {
  next({ monitor }, [end]) {
    const { processname, minimum = 1, maximum } = monitor.parameters;
    const name = String(processname ?? '');
    if (!end) return lookForProgram(name);
    if (isTimedOut(end)) return fails('stalled');
    const count = countOf(end);
    if (count === null) return fails('psw.internal', name);
    const isMany = maximum !== undefined && count > Number(maximum);
    return count < Number(minimum) || isMany ? fails('psw.count', name, count) : passed;
  },
};
