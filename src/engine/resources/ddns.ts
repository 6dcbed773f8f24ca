/**
 * A name that a name server is told an address for. Its parameters `hostname` and `ip` are named so
 * by choice, and so is that the name is taken back when the resource stops.
 */
import { recordOf } from '../../config/index.ts';
import { outside } from '../outside.ts';
import { fails, type ResourceType, succeeded } from './type.ts';

export const ddns: ResourceType = {
  evidenceCode: null,
  next({ op, resource }, [end]) {
    const { name, ip } = recordOf(resource);
    if (!end) return outside(op === 'activate' ? 'take' : 'release', 'name', name, ip);
    return end.type === 'request.failed' ? fails('ddns.refused', name, end.code) : succeeded;
  },
};
