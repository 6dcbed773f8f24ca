/**
 * Physical acts, carried out by the servers' management controllers. That is how lab and twin do
 * what on real machines a person does with hands.
 */
import { describeError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { ActOutcome, Operator } from '../ports/operator.ts';
import { RemoteError, type Wire, WireError } from '../ports/wire.ts';
import type { PhysicalAct } from '../schema/generated/physical-act.ts';
import { acts } from './acts/registry.ts';

/** A cut answers only when every process of the server is gone. */
const ACT_TIMEOUT_MS = 30_000;

export function physicalActs(wire: Pick<Wire, 'request'>): Pick<Operator, 'perform'> {
  const perform = async (act: PhysicalAct): Promise<ActOutcome> => {
    const entry = acts.get(act.act);
    if (!entry) return { done: false, why: `this build knows no act ${act.act}` };
    try {
      const body = entry.request(act) as unknown as Json;
      await wire.request({ server: act.server, part: 'bmc' }, body, ACT_TIMEOUT_MS);
      return { done: true, by: `${act.server}/bmc` };
    } catch (error) {
      if (!(error instanceof RemoteError || error instanceof WireError)) throw error;
      return { done: false, why: `${act.act} on ${act.server}: ${describeError(error)}` };
    }
  };
  return { perform };
}
