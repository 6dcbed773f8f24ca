/** A cluster of two servers with one mirror disk, whose timeouts are short. */
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';

export function configuration(options: {
  autoRecovery: boolean;
  parameters?: Record<string, string | number>;
  licences?: string[] | null;
  fencing: boolean;
}): ClusterConfiguration {
  const attempts = { retry: 0, failover: 0, finalAction: 'none' as const, timeoutMs: 1000 };
  return {
    schema: 'drydock.cluster/1',
    manual: options.fencing ? 'x5' : 'v3',
    edition: options.fencing ? 'X' : 'LE',
    name: 'cluster',
    uuid: 'u',
    comment: '',
    heartbeat: { intervalMs: 300, timeoutMs: 1500 },
    startupWaitMs: 5000,
    autoRecovery: options.autoRecovery,
    servers: [
      { name: 'server1', priority: 0, comment: '', devices: [] },
      { name: 'server2', priority: 1, comment: '', devices: [] },
    ],
    heartbeats: [],
    networkPartition: [],
    forceStop: options.fencing ? { type: 'bmc', timeoutMs: 1000 } : null,
    groups: [],
    resources: [
      {
        name: 'md1',
        type: 'md',
        comment: '',
        dependsOn: [],
        activation: attempts,
        deactivation: attempts,
        parameters: {
          nmppath: '/dev/NMP1',
          'diskdev/cppath': '/dev/sdb1',
          'diskdev/dppath': '/dev/sdb2',
          netdev: '400',
          'mddriver/acktimeout': 2,
          'mddriver/hbinterval': 1,
          'mddriver/pingtimeout': 1,
          'mddriver/connecttimeout': 1,
          ...options.parameters,
        },
      },
    ],
    monitors: [],
    noActivationRecovery: false,
    noMonitorRecovery: false,
    ...(options.licences ? { licences: options.licences } : {}),
  };
}
