/** The inventory of this control host, as a port of the service. */
import { badInput, type DrydockError, describeError } from '../../core/errors.ts';
import type { KnownCluster } from '../../schema/generated/reports/clusters.ts';
import type { Inventory } from '../../service/clusters.ts';
import type { Cli } from '../context.ts';
import { allClusters, findIfAny, inventoryFile, type Known } from './cluster.ts';
import { kindOf, kinds } from './kinds.ts';

function described(known: Known): KnownCluster {
  const { name, file } = known;
  if ('problem' in known) {
    return { name, kind: null, place: null, file, problem: describeError(known.problem) };
  }
  return { name, kind: known.entry.kind, place: known.place, file, problem: null };
}

function taken(name: string, where: string): DrydockError {
  return badInput(`there is a cluster '${name}' already: ${where}`, {
    code: 'cluster.exists',
    remedy: 'take another name; `drydock cluster list` shows them',
  });
}

export function inventoryOf(cli: Cli): Inventory {
  return {
    folder: cli.inventory,
    kinds: kinds.map(({ kind }) => kind),
    list: async () => (await allClusters(cli)).map(described),
    async add(name, kindName, given) {
      const kind = kindOf(kindName);
      const file = inventoryFile(cli, name);
      const entry = kind.entryOf(given);
      const { writeEntry, checkEntry } = await import('./entry.ts');
      checkEntry(entry);
      const place = kind.placeOf(entry);
      const there = await findIfAny(cli, { cluster: name });
      if (there !== null && there.place !== place) throw taken(name, there.place);
      const same = (await allClusters(cli)).find((one) => 'place' in one && one.place === place);
      if (same?.file) throw taken(same.name, place);
      writeEntry(cli.inventory, file, entry);
      return described({ name, entry, place, file });
    },
  };
}
