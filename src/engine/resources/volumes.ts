/**
 * Volume groups that one server imports at a time (v3 12.4.6): whoever imports one takes it over
 * from a server that is gone. Where the parameter `pv` (a choice of ours) names the device that it
 * lies on, that has to be readable.
 */
import type { ConfiguredResource } from '../../schema/generated/cluster-configuration.ts';
import { outside, volumesOf } from '../outside.ts';
import { fails, type ResourceType, succeeded } from './type.ts';

/** `commands`: what imports and exports such a group. */
export function volumes(
  type: 'volmgr' | 'vxdg',
  commands: (resource: ConfiguredResource) => Record<'activate' | 'deactivate', string>,
): ResourceType {
  return {
    evidenceCode: null,
    next({ op, resource }, ends) {
      if (ends.some((end) => end.type === 'request.failed')) {
        return fails(`${type}.command`, commands(resource)[op], 1);
      }
      const name = volumesOf(resource);
      if (op === 'deactivate')
        return ends.length > 0 ? succeeded : outside('release', 'volumes', name);
      const { pv } = resource.parameters;
      const checks = typeof pv === 'string' ? 1 : 0;
      if (ends.length < checks) {
        return { by: 'host', body: { do: 'device.check', device: String(pv), how: 'read' } };
      }
      return ends.length > checks ? succeeded : outside('take', 'volumes', name);
    },
  };
}
