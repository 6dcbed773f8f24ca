/** A network interface of this server has a link. */
import { netOfInterface, objectOf } from '../../config/index.ts';
import { isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

export const miiw: Checking = {
  next({ monitor, config, server }, [end]) {
    const name = objectOf(monitor);
    const net = netOfInterface(config, server, name);
    if (net === null) return fails('miiw.unknown', name);
    if (!end) return { by: 'host', body: { do: 'link', net } };
    if (isTimedOut(end)) return fails('stalled');
    const body = end.type === 'request.answered' ? end.body : null;
    return (body as { up?: unknown } | null)?.up === true ? passed : fails('miiw.down', name);
  },
};
