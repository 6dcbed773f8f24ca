/**
 * The monitor action of the OCF agent that a resource runs, with the parameters that it was started
 * with. It exits with 0 where it runs; whatever else it says is an error. That the link of an address
 * has a carrier no agent tells: miiw watches it.
 */
import { objectOf } from '../../config/index.ts';
import { OCF } from '../../core/ocf.ts';
import { agentOf, doneOf, endWords, ocfParameters, ocfWork } from '../ocf.ts';
import { isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

export const ocfw: Checking = {
  next({ monitor, config, startedWith }, [end]) {
    const object = objectOf(monitor);
    const resource = config.resources.find(({ name }) => name === object);
    if (!resource?.parameters.agent) return fails('ocfw.noResource', object);
    if (!end) {
      const parameters = startedWith(object) ?? ocfParameters(resource);
      return ocfWork(resource, 'monitor', parameters, monitor.timeoutMs, monitor.intervalMs);
    }
    if (isTimedOut(end)) return fails('stalled');
    const done = doneOf(end);
    if (done.code === OCF.success) return passed;
    return fails('ocfw.failed', agentOf(resource), endWords(done));
  },
};
