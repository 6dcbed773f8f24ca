/**
 * How an `md` resource is mounted: its parameters mount/…, umount/… and fsck/…, with the defaults
 * of the table of parameters. What the table leaves open is our choice: fsck/timing 0 never,
 * 1 always, 2 at every `interval`th mount (standard); umount/action `none` or `kill` (standard);
 * mount/action `none` or `fsck` (standard).
 */
import { fileSystemOf } from '../../config/index.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';

export interface MountParameters {
  point: string;
  fs: string;
  options: string[];
  timeoutMs: number;
  retries: number;
  umountTimeoutMs: number;
  umountRetries: number;
  umountIntervalMs: number;
  endsUsers: boolean;
  fsckOptions: string[];
  fsckTimeoutMs: number;
  fsckTiming: 'never' | 'always' | 'interval';
  fsckInterval: number;
  /** A mount that failed is tried again after fsck with these options. */
  repairOptions: string[] | null;
  /** A blank disk is given a file system. */
  makes: boolean;
}

const TIMINGS = ['never', 'always', 'interval'] as const;

/** What the configuration says of mounting `mirror`; null when it is not mounted. Pure. */
export function mountParameters(
  config: ClusterConfiguration,
  mirror: string,
): MountParameters | null {
  const resource = config.resources.find(({ name }) => name === mirror);
  if (!resource) return null;
  const { parameters } = resource;
  const text = (path: string, standard: string) => String(parameters[path] ?? '') || standard;
  const count = (path: string, standard: number) => {
    const value = Number(text(path, String(standard)));
    return Number.isFinite(value) && value >= 0 ? value : standard;
  };
  const words = (path: string, standard: string) =>
    text(path, standard).split(/\s+/).filter(Boolean);
  const point = text('mount/point', '');
  if (point === '') return null;
  const fs = fileSystemOf(config, resource);
  const isXfs = fs === 'xfs';
  return {
    point,
    fs,
    options: text('mount/option', 'rw').split(',').filter(Boolean),
    timeoutMs: count('mount/timeout', 120) * 1000,
    retries: count('mount/retry', 3),
    umountTimeoutMs: count('umount/timeout', 300) * 1000,
    umountRetries: count('umount/retry', 3),
    umountIntervalMs: count('umount/interval', 5) * 1000,
    endsUsers: text('umount/action', 'kill') !== 'none',
    fsckOptions: isXfs ? words('fsck/xfsoption', '') : words('fsck/option', '-y'),
    fsckTimeoutMs: count(isXfs ? 'fsck/xfstimeout' : 'fsck/timeout', 7200) * 1000,
    fsckTiming: TIMINGS[count('fsck/timing', 2)] ?? 'interval',
    fsckInterval: Math.max(1, count('fsck/interval', 10)),
    repairOptions: repairOf(isXfs, text, words),
    makes: text('mkfs', '1') !== '0',
  };
}

function repairOf(
  isXfs: boolean,
  text: (path: string, standard: string) => string,
  words: (path: string, standard: string) => string[],
): string[] | null {
  const action = text(isXfs ? 'mount/xfsaction' : 'mount/action', 'fsck');
  if (action === '0' || action === 'none') return null;
  return isXfs ? words('fsck/xfsoption', '') : words('fsck/fixopt', '-y');
}
