import test from 'ava';
import { type ImpactLevel, impactOf } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { CONFIG } from '../cluster/fake-servers.ts';

const monitors = CONFIG.monitors.map((one) => ({ ...one, intervalMs: 99_000 }));
const [group, ...groups] = CONFIG.groups;
const md = CONFIG.resources.map((one) =>
  one.type === 'md' ? { ...one, parameters: { ...one.parameters, fs: 'xfs' } } : one,
);

const table: [string, Partial<ClusterConfiguration>, ImpactLevel][] = [
  ['nothing', {}, 'none'],
  ['a comment', { comment: 'new words' }, 'upload'],
  [
    'the startup attribute of a group',
    { groups: [{ ...group!, startup: 'manual' }, ...groups] },
    'upload',
  ],
  ['a monitor', { monitors }, 'suspend'],
  ['a monitor that is gone', { monitors: CONFIG.monitors.slice(1) }, 'suspend'],
  ['the heartbeat timeout', { heartbeat: { intervalMs: 300, timeoutMs: 9000 } }, 'suspend'],
  ['automatic mirror recovery', { autoRecovery: false }, 'suspend'],
  ['a group that is gone', { groups }, 'stop'],
  ['heartbeat resources', { heartbeats: CONFIG.heartbeats.slice(1) }, 'stop'],
  ['a mirror disk', { resources: md }, 'shutdown'],
  ['a comment and a mirror disk', { comment: 'new', resources: md }, 'shutdown'],
  ['the name of the cluster', { name: 'other' }, 'shutdown'],
];

for (const [what, change, level] of table) {
  test(`a change of ${what} needs: ${level}`, (t) => {
    const impact = impactOf(CONFIG, { ...CONFIG, ...change });
    t.is(impact.level, level);
    t.is(impact.because.length > 0, level !== 'none');
  });
}
