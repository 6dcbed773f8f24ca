/**
 * Physical acts, carried out by the servers' management controllers. That is how lab and twin do
 * what on real machines a person does with hands.
 */
import { describeError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { ActOutcome, Operator, PhysicalAct } from '../ports/operator.ts';
import { RemoteError, type Wire, WireError } from '../ports/wire.ts';

/** A cut answers only when every process of the server is gone. */
const ACT_TIMEOUT_MS = 30_000;

function bodyOf(act: PhysicalAct): Json {
  switch (act.act) {
    case 'replaceDisk':
      return { do: 'disk.replace', device: act.device };
    case 'takeDiskImage':
      return { do: 'disk.image.take', image: act.image, system: act.system };
    case 'restoreDiskImage':
      return { do: 'disk.image.restore', image: act.image };
    case 'powerOn':
      return { do: 'power.on' };
    case 'startSingleUser':
      return { do: 'power.on', singleUser: true };
    case 'cutPower':
      return { do: 'power.cut' };
    case 'insertMedium':
      return { do: 'medium.insert', medium: act.medium };
    case 'removeMedium':
      return { do: 'medium.remove' };
  }
}

export function physicalActs(wire: Pick<Wire, 'request'>): Pick<Operator, 'perform'> {
  const perform = async (act: PhysicalAct): Promise<ActOutcome> => {
    try {
      await wire.request({ server: act.server, part: 'bmc' }, bodyOf(act), ACT_TIMEOUT_MS);
      return { done: true, by: `${act.server}/bmc` };
    } catch (error) {
      if (!(error instanceof RemoteError || error instanceof WireError)) throw error;
      return { done: false, why: `${act.act} on ${act.server}: ${describeError(error)}` };
    }
  };
  return { perform };
}
