/** A volume group is imported here, and nobody took it over. */
import { objectOf } from '../../config/index.ts';
import { outside, standing, volumesOf } from '../outside.ts';
import { isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

export const volmgrw: Checking = {
  next({ monitor, config, server }, [end]) {
    const object = objectOf(monitor);
    const resource = config.resources.find(({ name }) => name === object);
    const name = resource ? volumesOf(resource) : object;
    if (!end) return outside('look', 'volumes', name);
    if (isTimedOut(end)) return fails('stalled');
    return standing(end) === server ? passed : fails('volmgrw.notHere', name);
  },
};
