/** A floating address: the host answers for it, unless another already does (v3 12.4.1). */
import type { ConfiguredResource } from '../../schema/generated/cluster-configuration.ts';
import { fails, type ResourceType, refused, succeeded } from './type.ts';

/** A server that goes down still answers for its address a moment longer. */
const CONFLICT_MS = 500;

function addressOf({ parameters }: ConfiguredResource): string {
  return String(parameters.ip ?? '');
}

export const fip: ResourceType = {
  evidenceCode: null,

  next({ op, resource }, [end]) {
    if (!end) {
      const verb = op === 'activate' ? 'add' : 'remove';
      return { by: 'host', body: { do: 'address', op: verb, address: addressOf(resource) } };
    }
    if (end.type !== 'request.failed') return succeeded;
    if (end.code === 'address.conflict') {
      return { ...fails('fip.used', addressOf(resource)), passesWithinMs: CONFLICT_MS };
    }
    // An address that is not held is as good as let go.
    if (op === 'deactivate' && end.code === 'address.notHeld') return succeeded;
    return refused(end);
  },
};
