/** The resource that it watches is active here (v3 12.5.3). */
import { objectOf } from '../../config/index.ts';
import { type Checking, fails, passed } from './type.ts';

export const pidw: Checking = {
  next({ monitor, isOnline }) {
    const object = objectOf(monitor);
    return isOnline(object) ? passed : fails('pidw.notFound', object);
  },
};
