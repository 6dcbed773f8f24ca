/** Clusters of the kind `lab`: processes on this machine, below the state folder or in any other. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemRandom } from '../../adapters/system-random.ts';
import { topologyOf } from '../../change/topology.ts';
import { badInput } from '../../core/errors.ts';
import { DATA_WANTED } from '../../lab/environment.ts';
import { isLab, type Lab, openLab } from '../../lab/lab.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ClusterKind, Entry, Found } from '../cluster/kind.ts';

const LAB = 'lab';

/** Where labs lie that were brought up by name. */
export function labsFolder(home: string): string {
  return join(home, 'lab');
}

function folderIn({ folder }: Entry): string {
  return String(folder);
}

/** The folder of a cluster that is meant as a lab. */
export function labFolderOf({ name, entry }: Found): string {
  if (entry.kind === LAB) return folderIn(entry);
  throw badInput(`cluster '${name}' is no lab: its kind is '${entry.kind}'`, {
    code: 'lab.other',
    remedy: 'name a lab with --cluster',
  });
}

function labIn(folder: string, name: string): Found {
  return { name, entry: { kind: LAB, folder }, place: folder, file: null };
}

export function openLabAt(found: Found): Lab {
  const folder = labFolderOf(found);
  if (isLab(folder)) return openLab(folder);
  throw badInput(`cluster '${found.name}': there is no lab in ${folder}`, {
    code: 'cluster.absent',
    remedy: `start one with \`drydock lab up --cluster ${found.name}\``,
  });
}

async function open(found: Found): Promise<Cluster> {
  const lab = openLabAt(found);
  return {
    kind: LAB,
    name: found.name,
    place: found.place,
    isForPractice: true,
    topology: topologyOf(lab.config),
    config: lab.config,
    configText: lab.configText,
    door: lab.door(),
    perform: lab.operator().perform,
    clock: lab.clock,
    random: systemRandom(),
    typed: (server, [program, ...args]) => {
      const file = join(lab.path(server), program);
      return { file, args, env: { [DATA_WANTED]: '1' } };
    },
    close: async () => lab.close(),
  };
}

export const labKind: ClusterKind = {
  kind: LAB,
  begin: 'start one with `drydock lab up`',
  own(home) {
    const labs = labsFolder(home);
    const names = existsSync(labs) ? readdirSync(labs) : [];
    return names.map((name) => labIn(join(labs, name), name)).filter(({ place }) => isLab(place));
  },
  inFolder(given, home) {
    const folder = resolve(given);
    const labs = labsFolder(home);
    const name = folder.startsWith(`${labs}/`) ? folder.slice(labs.length + 1) : folder;
    return isLab(folder) ? labIn(folder, name) : null;
  },
  entryOf: ({ folder, ...given }) => ({
    ...given,
    kind: LAB,
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
  }),
  placeOf: folderIn,
  open,
};
