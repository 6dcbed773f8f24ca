/**
 * Which product a file is of, and which of its versions: `trekking/savededition` and `savedversion`
 * (3.0-3, 4.2.0-1, 5.2.0-1). A file that names none is of the newest: it can do everything.
 */
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';

type Versioned = Pick<ClusterConfiguration, 'manual' | 'edition'> & { version?: string };

/** SE, XE and LE were names of version 3; since then a cluster of any edition is of the X series. */
export function productOf(
  edition: string,
  version: string,
): Pick<ClusterConfiguration, 'manual' | 'edition'> {
  const isOld = version === '' || compareVersions(version, '4') < 0;
  const isNamed = edition === 'SE' || edition === 'XE' || edition === 'LE';
  return isOld && isNamed ? { manual: 'v3', edition } : { manual: 'x5', edition: 'X' };
}

/** Below 0: the first is older. Numbers between dots and hyphens; one that is left out is 0. */
export function compareVersions(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map((text) => text.split(/[.-]/).map(Number));
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] || 0) - (right[at] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function isAtLeast({ version }: Versioned, least: string): boolean {
  return version === undefined || compareVersions(version, least) >= 0;
}

/** SE before 3.0-3 lets a group stay on both servers after a partition (v3 10.7, 11.5). */
export function endsDoubleRuns(config: Versioned): boolean {
  return config.edition !== 'SE' || isAtLeast(config, '3.0-3');
}

/** Disk images and their backup state need X 4.3 on every server (x5 2.19, 2.20). */
export function takesDiskImages(config: Versioned): boolean {
  return config.manual !== 'x5' || isAtLeast(config, '4.3');
}

/** A resource is added to a group that runs (x5 2.28). */
export function addsResources(config: Versioned): boolean {
  return config.manual === 'x5' && isAtLeast(config, '4.0.0-1');
}
