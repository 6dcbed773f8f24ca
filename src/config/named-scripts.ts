/** The scripts that a configuration names, below the product's folder of scripts. */
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { monitorKind, resourceKind } from './kinds.ts';

export interface NamedScript {
  /** Below that folder: `failover1/exec1/start.sh`, `monitor.s/genw1/genw.sh`. */
  path: string;
  /** What such a script is called where nobody says otherwise. */
  usual: string;
}

/** One that is named by its whole path lies elsewhere, and is the site's own affair. */
export function namedScripts({ groups, resources, monitors }: ClusterConfiguration): NamedScript[] {
  const named: NamedScript[] = [];
  for (const group of groups) {
    for (const { name, type, parameters } of resources) {
      if (!group.resources.includes(name) || !resourceKind(type).runsScripts) continue;
      const starts = String(parameters['act/path'] ?? 'start.sh');
      const stops = String(parameters['deact/path'] ?? 'stop.sh');
      named.push({ path: `${group.name}/${name}/${starts}`, usual: 'start.sh' });
      named.push({ path: `${group.name}/${name}/${stops}`, usual: 'stop.sh' });
    }
  }
  for (const { name, type } of monitors) {
    const { script } = monitorKind(type);
    if (script !== null) named.push({ path: `monitor.s/${name}/${script}`, usual: script });
  }
  return named.filter(({ path }) => !path.includes('//'));
}
