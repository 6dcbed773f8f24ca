/** A medium whose contents nobody told: what a procedure that asks for one needs. */
import { countedFor, productsOf, writeLicences } from '../config/index.ts';
import type { Medium } from '../ports/views.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';

/** For the note of what the twin does not know. */
export const TAKEN_FOR_UNTOLD = 'the configuration as it is now, and licences for its products';

export function untoldMedium(
  label: string,
  config: ClusterConfiguration,
  configText: string,
): Medium {
  const count = countedFor(config);
  const licences = productsOf(config).map((product, at) => {
    const serial = `TWIN${String(at + 1).padStart(4, '0')}`;
    return { product, kind: 'product' as const, serial, count, from: '', until: '' };
  });
  const files = { 'clp.conf': configText, 'licence.key': writeLicences(licences) };
  return { label, format: 'linux', files };
}
