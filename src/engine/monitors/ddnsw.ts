/** The name server answers with the address that the resource registered. */
import { objectOf, recordOf } from '../../config/index.ts';
import { outside, standing } from '../outside.ts';
import { isTimedOut } from '../work.ts';
import { type Checking, fails, passed } from './type.ts';

export const ddnsw: Checking = {
  next({ monitor, config }, [end]) {
    const object = objectOf(monitor);
    const resource = config.resources.find(({ name }) => name === object);
    if (!resource) return fails('ddnsw.wrong', object, '');
    const { name, ip } = recordOf(resource);
    if (!end) return outside('look', 'name', name);
    if (isTimedOut(end)) return fails('stalled');
    return standing(end) === ip ? passed : fails('ddnsw.wrong', name, ip);
  },
};
