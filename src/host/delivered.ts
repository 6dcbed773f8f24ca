/** The files of v3 12.3 as they lie on a new server. Loads the whole catalogue. */

import type { Generation } from '../messages/index.ts';
import own from '../messages/own.json' with { type: 'json' };
import v3 from '../messages/v3.json' with { type: 'json' };
import x5 from '../messages/x5.json' with { type: 'json' };
import type { MessageRow } from '../schema/generated/message-catalogue.ts';
import { fileOf, writeDeliveries } from './delivery.ts';

/** Path → text, a file for each module. */
export function deliveredFiles(generation: Generation): Map<string, string> {
  const rows = [...(generation === 'v3' ? v3 : x5), ...own] as MessageRow[];
  const ofModule = Map.groupBy(rows, ({ module }) => module);
  return new Map(
    [...ofModule].map(([module, all]) => {
      const numbered = all.flatMap(({ id, to, text, level }) =>
        id === undefined ? [] : [{ id, to, text, level }],
      );
      return [fileOf(module), writeDeliveries(numbered)];
    }),
  );
}
