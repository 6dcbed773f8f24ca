/** The files of v3 12.3 as they lie on a new server. Loads the whole catalogue. */
import type { MessageRow } from '../schema/generated/message-catalogue.ts';
import { fileOf, writeDeliveries } from './delivery.ts';
import type { Generation } from './index.ts';
import own from './own.json' with { type: 'json' };
import v3 from './v3.json' with { type: 'json' };
import x5 from './x5.json' with { type: 'json' };

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
