/**
 * Types of resources and monitors: what an attempt or a check is, what its end means; and that a
 * type which is added is run like the others.
 */
import test from 'ava';
import { resourceKind } from '../../src/config/index.ts';
import { fipw } from '../../src/engine/monitors/fipw.ts';
import { genw } from '../../src/engine/monitors/genw.ts';
import { ipw } from '../../src/engine/monitors/ipw.ts';
import { pidw } from '../../src/engine/monitors/pidw.ts';
import { monitorTypes } from '../../src/engine/monitors/registry.ts';
import { type Check, type Checking, fails, passed } from '../../src/engine/monitors/type.ts';
import { exec } from '../../src/engine/resources/exec.ts';
import { fip } from '../../src/engine/resources/fip.ts';
import { md } from '../../src/engine/resources/md.ts';
import { resourceTypes } from '../../src/engine/resources/registry.ts';
import { type Attempt, type ResourceType, succeeded } from '../../src/engine/resources/type.ts';
import type { End } from '../../src/engine/work.ts';
import { monitor, twoServers } from './config.ts';
import { Cluster } from './harness.ts';

function attempt(name: string, over: Partial<Attempt> = {}): Attempt {
  const { resources, groups } = twoServers();
  const resource = resources.find((one) => one.name === name)!;
  const group = groups.find((one) => one.resources.includes(name))!;
  const named = { op: 'activate', server: 'server1', reason: 'start' } as const;
  const about = { ...named, wasActive: false, evidence: null, started: null };
  return { ...about, resource, group, ...over };
}

const answered: End = { type: 'request.answered', id: 'd1', body: {} };
const refused = (code: string): End => ({ type: 'request.failed', id: 'd1', code, message: 'no' });
const script = (code: number | null): End => {
  return { type: 'script.ended', id: 'd1', code, timedOut: false, output: '' };
};

const ends: [ResourceType, string, Partial<Attempt>, End, string][] = [
  [fip, 'fip1', {}, answered, 'succeeded'],
  [fip, 'fip1', {}, refused('address.conflict'), '15 IP=10.0.0.11, for 500 ms'],
  [fip, 'fip1', { op: 'deactivate' }, refused('address.notHeld'), 'succeeded'],
  [fip, 'fip1', {}, refused('address.notHeld'), '30 no (address.notHeld)'],
  [md, 'md1', {}, answered, 'succeeded'],
  [md, 'md1', {}, refused('refused'), '1 Need to start mirror agent at first., for 10000 ms'],
  [md, 'md1', {}, refused('mirror.notLatest'), '81 no'],
  [md, 'md1', {}, refused('mirror.peerActive'), '81 no'],
  [md, 'md1', {}, refused('mirror.unknown'), '30 no (mirror.unknown)'],
  [exec, 'exec1', {}, script(0), 'succeeded'],
  [exec, 'exec1', {}, script(3), '1 Termination code 3 was returned.'],
  [exec, 'exec1', {}, script(124), '1 Command was not completed within 30 seconds.'],
  [exec, 'exec1', {}, script(127), '1 Command was not found. (error=127)'],
  [exec, 'exec1', {}, script(null), '1 Command was aborted.'],
];

for (const [type, name, over, end, expected] of ends) {
  const what = end.type === 'script.ended' ? end.code : 'code' in end ? end.code : 'done';
  test(`${name} when to ${over.op ?? 'activate'} it ends with ${what}`, (t) => {
    const result = type.next(attempt(name, over), [end]);
    if ('by' in result) {
      t.fail('it goes on');
      return;
    }
    if (result.succeeded) {
      t.is('succeeded', expected);
      return;
    }
    const { code, text, passesWithinMs } = result;
    const words = text.replace('This ip address was already used. ', '');
    t.is(`${code} ${words}${passesWithinMs ? `, for ${passesWithinMs} ms` : ''}`, expected);
  });
}

const paths: [string | number | undefined, string][] = [
  [undefined, '/opt/nec/clusterpro/scripts/failover1/exec1/start.sh'],
  ['begin.sh', '/opt/nec/clusterpro/scripts/failover1/exec1/begin.sh'],
  ['/usr/local/bin/begin', '/usr/local/bin/begin'],
  // A clp.conf does not tell a text from a number.
  [2024, '/opt/nec/clusterpro/scripts/failover1/exec1/2024'],
];

for (const [named, expected] of paths) {
  test(`an application whose script is called ${named} runs ${expected}`, (t) => {
    const about = attempt('exec1');
    const parameters = named === undefined ? {} : { 'act/path': named };
    const work = exec.next({ ...about, resource: { ...about.resource, parameters } }, []);
    t.is('path' in work ? work.path : null, expected);
  });
}

function check(type: string, target: string | null, ip?: string): Check {
  const parameters = ip === undefined ? {} : { ip };
  return {
    monitor: monitor('m', type, target, {}, parameters),
    config: twoServers(),
    server: 'server1',
    beatTimeoutMs: 1500,
    isOnline: (resource) => resource === 'exec1',
    stateOf: (name) => (name === 'genw1' ? 'Error' : 'Normal'),
    startedWith: () => null,
    isUp: () => true,
  };
}

const found = (held: boolean, conflict: string | null): End[] => {
  return [{ type: 'request.answered', id: 'd1', body: { held, conflict } }];
};
const gateway = check('ipw', null, '10.0.0.1');

const checks: [string, Checking, Check, End[], string][] = [
  ['an address that is held here', ipw, gateway, found(true, null), 'passed'],
  ['an address that another answers for', ipw, gateway, found(false, 'server2'), 'passed'],
  [
    'an address nobody answers for',
    ipw,
    gateway,
    found(false, null),
    '1 Ping cannot reach. (ret=1) IP=10.0.0.1',
  ],
  [
    'an address that cannot be probed',
    ipw,
    gateway,
    [refused('refused')],
    '6 Internal error. (status=refused)',
  ],
  ['a probe that takes too long', ipw, gateway, [refused('timeout')], '99 command is timeout'],
  [
    'the address of a resource, not held',
    ipw,
    check('ipw', 'fip1'),
    found(false, null),
    '14 IP address did not exist.',
  ],
  [
    'the address of a resource, held twice',
    fipw,
    check('fipw', 'fip1'),
    found(true, 'server2'),
    '15 This ip address was already used. IP=10.0.0.11',
  ],
  ['an application that runs', pidw, check('pidw', 'exec1'), [], 'passed'],
  [
    'an application that does not run',
    pidw,
    check('pidw', 'exec2'),
    [],
    '1 Resource exec2 was not found.',
  ],
  ['a script that ends well', genw, check('genw', null), [script(0)], 'passed'],
  [
    'a script that ends badly',
    genw,
    check('genw', null),
    [script(2)],
    '1 Termination code 2 was returned.',
  ],
  [
    'a script that a signal ends',
    genw,
    check('genw', null),
    [script(null)],
    '1 Termination code null was returned.',
  ],
];

for (const [what, type, about, heard, expected] of checks) {
  test(`a check of ${about.monitor.type} on ${what}`, (t) => {
    const result = type.next(about, heard);
    if ('by' in result) t.fail('it goes on');
    else t.is('code' in result ? `${result.code} ${result.text}` : 'passed', expected);
  });
}

test('what wants evidence before it starts is what has a copy on each server', (t) => {
  for (const [type, { evidenceCode }] of resourceTypes) {
    t.is(evidenceCode !== null, resourceKind(type).replicates, type);
  }
});

test('a type of resource that is added is started, stopped and moved like the others', (t) => {
  const checkOf = (op: string) => (op === 'activate' ? '/fsck' : '/fuser');
  resourceTypes.set('added', {
    evidenceCode: null,
    next: ({ op }, [checked, mounted]) => {
      if (!checked) return { by: 'script', path: checkOf(op), env: {} };
      return mounted ? succeeded : { by: 'host', body: { do: 'mount', op } };
    },
  });
  t.teardown(() => resourceTypes.delete('added'));
  const config = twoServers();
  const exec2 = config.resources.find(({ name }) => name === 'exec2')!;
  config.resources.push({ ...exec2, name: 'disk2', type: 'added', dependsOn: ['fip2'] });
  exec2.dependsOn = ['disk2'];
  config.groups.find(({ name }) => name === 'failover2')!.resources.push('disk2');
  const cluster = new Cluster(config);
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(2000);
  cluster.order('server1', { do: 'group', op: 'move', group: 'failover2', target: 'server2' });
  cluster.advance(2000);
  t.deepEqual(cluster.homes('failover2'), ['server2']);
  const about = cluster.log.filter((line) => /a resource \w+2 ended/.test(line));
  t.deepEqual(
    about.map((line) => line.replace(/^(\w+) .* The (\w+) .*resource (\w+) ended\./, '$1 $2 $3')),
    [
      ...['fip2', 'disk2', 'exec2'].map((name) => `server1 start ${name}`),
      ...['exec2', 'disk2', 'fip2'].map((name) => `server1 stop ${name}`),
      ...['fip2', 'disk2', 'exec2'].map((name) => `server2 start ${name}`),
    ],
  );
});

test('all that an attempt does has to end within its limit', (t) => {
  const seen: number[] = [];
  resourceTypes.set('added', {
    evidenceCode: null,
    next: (_, ends) => {
      seen.push(ends.length);
      return { by: 'script', path: `/for/ever/${ends.length}`, env: {} };
    },
  });
  t.teardown(() => resourceTypes.delete('added'));
  const config = twoServers();
  const exec2 = config.resources.find(({ name }) => name === 'exec2')!;
  exec2.type = 'added';
  exec2.activation = { ...exec2.activation, failover: 0, timeoutMs: 52 };
  const cluster = new Cluster(config);
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(10_000);
  t.true(seen.length > 5 && seen.length < 15);
  const failed = cluster.log.filter((line) => line.includes('resource exec2 failed'));
  t.deepEqual(failed, [
    'server1 rc 32: The start processing of a resource exec2 failed. (99: command is timeout)',
  ]);
});

test('what is in the way for a moment is tried again, though nothing was done yet', (t) => {
  let count = 0;
  resourceTypes.set('added', {
    evidenceCode: null,
    next: () => {
      count += 1;
      const busy = { succeeded: false, code: 1, text: 'busy', passesWithinMs: 1000 } as const;
      return count < 4 ? busy : succeeded;
    },
  });
  t.teardown(() => resourceTypes.delete('added'));
  const config = twoServers();
  config.resources.find(({ name }) => name === 'exec2')!.type = 'added';
  const cluster = new Cluster(config);
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(3000);
  t.deepEqual(cluster.homes('failover2'), ['server1']);
  t.is(count, 4);
});

test('a type of monitor that is added checks, and its error leads to a recovery', (t) => {
  monitorTypes.set('addedw', {
    next: (_, [first, second]) => {
      if (!first) return { by: 'host', body: { do: 'status' } };
      if (!second) return { by: 'script', path: '/check/disk', env: {} };
      const isGood = second.type === 'script.ended' && second.code === 0;
      return isGood ? passed : fails('refused', 'the disk does not answer', 'diskw');
    },
  });
  t.teardown(() => monitorTypes.delete('addedw'));
  const config = twoServers();
  const recovery = { targetKind: 'grp', target: 'failover2', failover: 1 } as const;
  config.monitors.push(monitor('diskw1', 'addedw', 'exec2', recovery));
  const cluster = new Cluster(config);
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(15_000);
  t.deepEqual(cluster.homes('failover2'), ['server1']);
  cluster.scripts.set('server1 check/disk', 1);
  cluster.advance(15_000);
  t.deepEqual(cluster.homes('failover2'), ['server2']);
  const failed = cluster.log.filter((line) => line.includes('Monitor diskw1 failed'));
  t.deepEqual(failed, [
    'server1 rm 9: Monitor diskw1 failed. (30 : the disk does not answer (diskw))',
  ]);
});

test('a check that goes on for ever ends with its limit', (t) => {
  monitorTypes.set('addedw', { next: () => ({ by: 'script', path: '/check/disk', env: {} }) });
  t.teardown(() => monitorTypes.delete('addedw'));
  const config = twoServers();
  config.monitors.push({ ...monitor('diskw1', 'addedw', 'exec2'), timeoutMs: 52 });
  const cluster = new Cluster(config);
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(15_000);
  const failed = cluster.log.filter((line) => line.includes('Monitor diskw1 failed'));
  t.deepEqual(failed, ['server1 rm 9: Monitor diskw1 failed. (99 : command is timeout)']);
});

test('a type that is taken out is refused as any that nobody knows', (t) => {
  resourceTypes.delete('md');
  t.teardown(() => resourceTypes.set('md', md));
  const cluster = new Cluster(twoServers());
  t.throws(() => cluster.up('server1'), {
    message: 'resource md1 is of type md, which cannot be run',
  });
});
