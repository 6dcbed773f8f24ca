/** The words of expressions (in-words.ts): of lists, fields, functions, and of what is yes or no. */

/** By the name of a list, or of a field that holds one: what one of them is. */
export const SINGULAR: Readonly<Record<string, string>> = {
  servers: 'server',
  groups: 'group',
  resources: 'resource',
  monitors: 'monitor',
  mirrors: 'mirror',
  services: 'service',
  disks: 'disk',
  bays: 'bay',
  partitions: 'partition',
  mounts: 'mount',
  images: 'image',
  addresses: 'address',
  heartbeats: 'heartbeat',
  configHashes: 'configuration',
  leases: 'lease',
};

/** Fields whose words are not their letters. */
export const FIELDS: Readonly<Record<string, string>> = {
  agent: 'mirror agent',
  bootId: 'boot',
  bootIds: 'boots',
  color: 'colour',
  current: 'server',
  node: 'node state',
  sizeBytes: 'size in bytes',
  dirtyBytes: 'out-of-sync bytes',
  differencePercent: 'difference in percent',
  breakTime: 'time of the break',
};

/** Names that mean the same everywhere. */
export const NAMES: Readonly<Record<string, string>> = {
  here: 'this server',
  cluster: 'the cluster',
};

/** `{0}`: the first argument. */
export const NOUNS: Readonly<Record<string, string>> = {
  server: 'server {0}',
  group: 'group {0}',
  resource: 'resource {0}',
  monitor: 'monitor {0}',
  mirror: 'mirror {0}',
  groupOf: 'the group of {0}',
  active: 'the server where {0} is active',
  peer: 'the other server than {0}',
  chosen: 'the choice at {0}',
  lossIfForced: 'what is lost if {0} is forced on {1}',
  disk: 'the disk of {0}',
  dataPartition: 'the data partition of {0}',
  clusterPartition: 'the cluster partition of {0}',
  mirrorPartition: 'the partition of {0}',
  mountPoint: 'the mount point of {0}',
  fileSystem: 'the file system of {0}',
};

/** By field: how it is said where it holds, and where it does not. */
export const HOLDS: Readonly<Record<string, [holds: string, doesNot: string]>> = {
  autoRecovery: ['recovers mirrors by itself', 'does not recover mirrors by itself'],
  autoRecoveryHeld: [
    'is held back from automatic recovery',
    'is not held back from automatic recovery',
  ],
  diskError: ['has a disk error', 'has no disk error'],
  failed: ['has failed', 'has not failed'],
  latest: ['is provably the latest copy', 'is not provably the latest copy'],
  running: ['runs', 'does not run'],
  system: ['holds the system disk', 'does not hold the system disk'],
  readOnly: ['is read-only', 'is not read-only'],
};
