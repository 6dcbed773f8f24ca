/** A two-server configuration of the engine's own tests: as the fixtures, with longer intervals. */
import type {
  AttemptRules,
  ClusterConfiguration,
  ConfiguredMonitor,
  ConfiguredResource,
  FinalAction,
} from '../../src/schema/generated/cluster-configuration.ts';

function rules(over: Partial<AttemptRules> = {}): AttemptRules {
  return { retry: 0, failover: 1, finalAction: 'none', timeoutMs: 30_000, ...over };
}

function resource(
  name: string,
  type: string,
  dependsOn: string[],
  parameters: ConfiguredResource['parameters'],
): ConfiguredResource {
  const deactivation = rules({ failover: 0, finalAction: 'stopDaemonAndShutdown' });
  return { name, type, comment: '', dependsOn, activation: rules(), deactivation, parameters };
}

export function monitor(
  name: string,
  type: string,
  target: string | null,
  over: Partial<ConfiguredMonitor['recovery']> = {},
  parameters: ConfiguredMonitor['parameters'] = {},
): ConfiguredMonitor {
  return {
    name,
    type,
    comment: '',
    target,
    when: target === null ? 'always' : 'active',
    intervalMs: 10_000,
    timeoutMs: 5000,
    retry: 0,
    recovery: {
      targetKind: 'cls',
      target: 'LocalServer',
      restart: 0,
      failover: 0,
      finalAction: 'none' as FinalAction,
      ...over,
    },
    parameters,
  };
}

/** `count` servers that may all run one group without a mirror, in the order of their numbers. */
export function manyServers(
  count: number,
  forceStop: ClusterConfiguration['forceStop'] = null,
): ClusterConfiguration {
  const config = twoServers({ forceStop });
  const [first] = config.servers;
  const servers: ClusterConfiguration['servers'] = [{ ...first, name: 'server1', priority: 0 }];
  for (let at = 1; at < count; at++) {
    servers.push({ ...first, name: `server${at + 1}`, priority: at });
  }
  const groups = config.groups
    .filter(({ name }) => name === 'failover2')
    .map((group) => ({ ...group, servers: servers.map(({ name }) => name) }));
  const resources = config.resources.filter(({ name }) => groups[0]!.resources.includes(name));
  return { ...config, servers, groups, resources, monitors: [] };
}

export function twoServers(over: Partial<ClusterConfiguration> = {}): ClusterConfiguration {
  const lan = (id: number) => ({ id, kind: 'lan', info: `10.0.${id}.1` });
  const server = (name: string, priority: number) => ({
    name,
    priority,
    comment: '',
    devices: [lan(0), lan(1)],
  });
  const group = (name: string, resources: string[]) => ({
    name,
    comment: '',
    startup: 'auto' as const,
    failover: 'auto' as const,
    servers: ['server1', 'server2'],
    resources,
  });
  return {
    schema: 'drydock.cluster/1',
    manual: 'v3',
    edition: 'LE',
    name: 'cluster',
    uuid: '0',
    comment: '',
    heartbeat: { intervalMs: 300, timeoutMs: 1500 },
    startupWaitMs: 5000,
    autoRecovery: true,
    servers: [server('server1', 0), server('server2', 1)],
    heartbeats: [
      { name: 'lanhb1', type: 'lanhb', priority: 0, device: 0 },
      { name: 'lanhb2', type: 'lanhb', priority: 1, device: 1 },
    ],
    networkPartition: [],
    forceStop: null,
    groups: [group('failover1', ['fip1', 'md1', 'exec1']), group('failover2', ['fip2', 'exec2'])],
    resources: [
      resource('fip1', 'fip', [], { ip: '10.0.0.11' }),
      resource('md1', 'md', ['fip1'], {}),
      resource('exec1', 'exec', ['md1'], {}),
      resource('fip2', 'fip', [], { ip: '10.0.0.12' }),
      resource('exec2', 'exec', ['fip2'], {}),
    ],
    monitors: [
      monitor('userw', 'userw', null),
      monitor('mdw1', 'mdw', null, { targetKind: 'rsc', target: 'md1' }, { object: 'md1' }),
      monitor('mdnw1', 'mdnw', null, { targetKind: 'rsc', target: 'md1' }, { object: 'md1' }),
      monitor('fipw1', 'fipw', 'fip1', { targetKind: 'rsc', target: 'fip1' }),
      monitor('genw1', 'genw', 'exec2', {
        targetKind: 'grp',
        target: 'failover2',
        restart: 1,
        failover: 1,
      }),
    ],
    noActivationRecovery: false,
    noMonitorRecovery: false,
    ...over,
  };
}
