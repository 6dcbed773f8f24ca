/**
 * A raw device, bound to a partition that several servers reach (v3 12.4.5). Its parameters `raw`
 * (/dev/raw/raw1) and `device` are named so by choice.
 */
import type { ConfiguredResource } from '../../schema/generated/cluster-configuration.ts';
import { outside } from '../outside.ts';
import { fails, type ResourceType, refused, succeeded } from './type.ts';

function pathsOf({ parameters }: ConfiguredResource): { raw: string; device: string } {
  return { raw: String(parameters.raw ?? ''), device: String(parameters.device ?? '') };
}

export const raw: ResourceType = {
  evidenceCode: null,

  next({ op, resource }, [first, second]) {
    const paths = pathsOf(resource);
    if (op === 'deactivate') {
      if (!first) return { by: 'host', body: { do: 'raw', op: 'unbind', raw: paths.raw } };
      if (first.type === 'request.failed') return refused(first);
      return second ? succeeded : outside('release', 'disk', paths.device);
    }
    if (!first) return outside('take', 'disk', paths.device);
    const failed = [first, second].find((end) => end?.type === 'request.failed');
    if (failed?.type === 'request.failed') {
      if (failed.code === 'raw.bound') return fails('raw.bound', paths.raw);
      if (failed.code === 'device.missing') return fails('raw.badDevice', paths.device);
      return refused(failed);
    }
    return second ? succeeded : { by: 'host', body: { do: 'raw', op: 'bind', ...paths } };
  },
};
