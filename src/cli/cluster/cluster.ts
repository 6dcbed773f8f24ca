/**
 * The cluster that a verb means: a lab by name (below the state folder) or by folder; without
 * `--cluster`, the only one there is. Composition: here ports meet their real adapters.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemRandom } from '../../adapters/system-random.ts';
import { topologyOf } from '../../change/topology.ts';
import { textOfBytes } from '../../core/byte-text.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import { isLab, type Lab, openLab } from '../../lab/lab.ts';
import { layoutOf } from '../../lab/layout.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Operator } from '../../ports/operator.ts';
import type { Random } from '../../ports/random.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';

export interface Cluster {
  kind: 'lab';
  name: string;
  topology: Topology;
  config: ClusterConfiguration;
  configText: string;
  door: ClusterDoor;
  perform: Operator['perform'];
  clock: Clock;
  random: Random;
  lab: Lab;
  close(): Promise<void>;
}

export const DEFAULT_LAB = 'default';

function labsFolder(cli: Cli): string {
  return join(cli.home, 'lab');
}

export function labNames(cli: Cli): string[] {
  const folder = labsFolder(cli);
  return existsSync(folder) ? readdirSync(folder).filter((name) => isLab(join(folder, name))) : [];
}

/** The folder that `--cluster` means, whether or not a lab is there yet. */
export function labFolder(cli: Cli, args: Args): string {
  const given = typeof args.cluster === 'string' ? args.cluster : null;
  if (given?.includes('/')) return resolve(given);
  const names = labNames(cli);
  const only = names.length === 1 ? (names[0] as string) : DEFAULT_LAB;
  return join(labsFolder(cli), given ?? only);
}

export function openLabOf(cli: Cli, args: Args): { lab: Lab; name: string } {
  const names = labNames(cli);
  if (args.cluster === undefined && names.length > 1) {
    throw badInput(`there are ${names.length} clusters: ${names.join(', ')}`, {
      code: 'cluster.ambiguous',
      remedy: 'name one with --cluster',
    });
  }
  const folder = labFolder(cli, args);
  if (!isLab(folder)) {
    const given = args.cluster === undefined ? null : String(args.cluster);
    throw badInput(given ? `there is no cluster '${given}'` : 'no cluster is up', {
      code: 'cluster.unknown',
      remedy: given && names.length ? suggestion(given, names) : 'start one with `drydock lab up`',
    });
  }
  const name = folder.startsWith(labsFolder(cli))
    ? folder.slice(labsFolder(cli).length + 1)
    : folder;
  return { lab: openLab(folder), name };
}

export async function openCluster(cli: Cli, args: Args): Promise<Cluster> {
  const { lab, name } = openLabOf(cli, args);
  const root = layoutOf(lab.folder).server(lab.servers[0] as string).root;
  return {
    kind: 'lab',
    name,
    topology: topologyOf(lab.config),
    config: lab.config,
    configText: textOfBytes(readFileSync(join(root, CONFIG_PATH))),
    door: lab.door(),
    perform: lab.operator().perform,
    clock: lab.clock,
    random: systemRandom(),
    lab,
    close: async () => lab.close(),
  };
}
