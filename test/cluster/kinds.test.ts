/**
 * The status carries clusters that fit neither manual: made by hand as a Pacemaker pair with DRBD
 * and an EXPRESSCLUSTER that is reached over SSH would show.
 */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import { expressClusterOf } from '../../src/cluster/index.ts';
import { evaluate } from '../../src/runbook/language/expressions/expressions.ts';
import { onTheWay } from '../../src/runbook/run/steady.ts';
import type { Observed, ServerStatus, Status } from '../../src/schema/generated/status.ts';
import { handMadeStatus } from '../runbook/hand-made-status.ts';

const schema = new URL('../../src/schema/status.schema.json', import.meta.url);
const fits = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));

const AT = 1_796_040_465_596;
const by = (who: string): Observed => ({ by: who, at: AT, unknown: null });
const not = (why: string): Observed => ({ by: null, at: null, unknown: why });

function node(name: string, membership: Partial<ServerStatus['membership']>): ServerStatus {
  const system = { bootId: `boot-${name}`, services: {}, disks: null, mounts: [], addresses: [] };
  return {
    name,
    power: { observed: not('no management controller is named'), state: null },
    system: {
      observed: by(`${name}/ssh`),
      reachable: true,
      state: 'up',
      word: 'running',
      ...system,
      operations: [],
    },
    membership: {
      observed: by('n1/crm_mon'),
      state: 'member',
      word: 'online',
      software: 'running',
      maintenance: [],
      links: { peer: { '10.77.0.9': { state: 'up', word: 'connected' } } },
      ...membership,
    },
  };
}

/** n1 stands by for good and until its reboot; a promoted DRBD copy on n2, split from n1's. */
function pacemaker(): Status {
  const observed = by('n1/crm_mon');
  const resource = { comment: '', observed, maintenance: [] };
  const copy = {
    newest: null,
    apartSince: AT - 60_000,
    outOfSyncPercent: null,
    diskError: false,
    mounted: null,
    serial: null,
    sizeBytes: 1_073_741_824,
  };
  const failed = { managed: true, blocked: true, failed: true, orphaned: false };
  return {
    schema: 'drydock.status/2',
    takenAt: AT,
    kind: 'pacemaker',
    cluster: {
      name: 'pair',
      id: 'pair',
      observed,
      quorum: { observed: by('n1/corosync-quorumtool'), state: 'quorate', word: 'Quorate: Yes' },
      maintenance: [{ mode: 'unmanaged', word: 'maintenance-mode' }],
    },
    servers: {
      n1: node('n1', { word: 'standby', maintenance: [{ mode: 'standby', word: 'standby' }] }),
      n2: node('n2', {}),
      n3: node('n3', { state: 'lost', word: 'UNCLEAN (offline)', software: null, links: null }),
      n4: node('n4', { state: 'joining', word: 'pending' }),
    },
    groups: {},
    resources: {
      ip: {
        ...resource,
        name: 'ip',
        type: 'ocf:heartbeat:IPaddr2',
        group: null,
        state: 'failed',
        word: 'FAILED (blocked)',
        current: 'n2',
        maintenance: [{ mode: 'unmanaged', word: 'unmanaged' }],
      },
      'drbd-clone': {
        ...resource,
        name: 'drbd-clone',
        type: 'ocf:linbit:drbd',
        group: null,
        state: 'started',
        word: 'Started',
        current: 'n2',
        instances: {
          n1: { state: 'started', role: 'unpromoted', word: 'Unpromoted' },
          n2: { state: 'started', role: 'promoted', word: 'Promoted' },
        },
      },
    },
    volumes: {
      r0: {
        name: 'r0',
        group: null,
        observed: by('n2/drbdsetup'),
        state: 'degraded',
        word: 'StandAlone',
        outOfSyncPercent: null,
        copies: {
          n1: {
            ...copy,
            observed: by('n1/drbdsetup'),
            role: 'secondary',
            state: 'outdated',
            word: 'Outdated',
            generation: 'A7D2',
            connection: { state: 'disconnected', word: 'StandAlone' },
            outOfSyncBytes: 4096,
          },
          n2: {
            ...copy,
            observed: by('n2/drbdsetup'),
            role: 'primary',
            state: 'upToDate',
            word: 'UpToDate',
            generation: 'B1C4',
            connection: { state: 'disconnected', word: 'Connecting' },
            outOfSyncBytes: 8192,
          },
        },
        sync: null,
      },
    },
    monitors: {},
    leases: { n1: { observed: by('n1/ssh'), holder: null, token: 3 } },
    pacemaker: {
      observed,
      coordinator: 'n2',
      fencing: { enabled: true, devices: [] },
      nodes: {
        n1: { standby: ['forever', 'reboot'], maintenance: false, pending: false, unclean: false },
        n3: { standby: null, maintenance: null, pending: false, unclean: true },
      },
      resources: { ip: { ...failed, failCounts: { n1: 3, n2: 'INFINITY' } } },
      placements: [
        { id: 'cli-ban-ip-on-n1', resource: 'ip', server: 'n1', score: '-INFINITY', until: null },
      ],
    },
  };
}

/** Over SSH nobody sees bays, media and images, and a silent host's power is not known. */
function overSsh(): Status {
  return handMadeStatus(({ servers, cluster }) => {
    for (const server of Object.values(servers)) {
      const powerObserved = not('no management controller is named');
      Object.assign(server, { power: null, powerObserved, bays: null, images: null });
    }
    cluster.timeoutRatio = null;
    cluster.timeoutRatioObserved = not('clptoratio was not understood');
  });
}

test('a Pacemaker pair with DRBD fits the schema, and what passes by itself is seen', (t) => {
  const status = pacemaker();
  t.true(fits(status), JSON.stringify(fits.errors));
  status.servers.n2!.system.state = 'starting';
  status.servers.n2!.system.word = 'starting';
  t.deepEqual(onTheWay(status), ['n2 is starting', 'the sides of r0 have not met']);
});

test('an EXPRESSCLUSTER that is reached over SSH fits the schema, and its unknowns stay so', (t) => {
  const status = overSsh();
  t.true(fits(status), JSON.stringify(fits.errors));
  const scope = { status, names: {}, before: {}, chosen: {} };
  t.deepEqual(evaluate("server('server1').power == 'on'", scope), {
    unknown: "server('server1').power: no management controller is named",
  });
  t.deepEqual(evaluate("server('server1').state == 'Online'", scope), { value: true });
});

test('the block of its kind is there, and no other', (t) => {
  const { pacemaker: own, ...without } = pacemaker();
  t.false(fits(without));
  t.false(fits({ ...overSsh(), pacemaker: own }));
  t.false(fits({ ...pacemaker(), kind: 'expresscluster' }));
});

test('what only an EXPRESSCLUSTER tells is refused of another kind', (t) => {
  t.throws(() => expressClusterOf(pacemaker()), { code: 'cluster.kind' });
});
