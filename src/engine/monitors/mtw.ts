/**
 * Several monitors as one: it fails when all of those that its parameter `monitors` names (with
 * commas between, a choice of ours) have failed, or as many as `errors` says.
 */
import { type Checking, fails, passed } from './type.ts';

export const mtw: Checking = {
  next({ monitor, stateOf }) {
    const { monitors, errors } = monitor.parameters;
    const names = String(monitors ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const failed = names.filter((name) => stateOf(name) === 'Error');
    const most = errors === undefined ? names.length : Number(errors);
    const isBad = failed.length > 0 && failed.length >= most;
    return isBad ? fails('mtw.failed', failed.join(', ')) : passed;
  },
};
