import test from 'ava';
import { hearAll } from '../../src/cluster/ask.ts';
import { collectStatus } from '../../src/cluster/index.ts';
import type { Json } from '../../src/core/json.ts';
import { RemoteError } from '../../src/ports/wire.ts';
import { CONFIG, type FakeServers, fakeClock, fakeServers, silence } from './fake-servers.ts';

const NAMES = ['server1', 'server2'];
const asked = ({ asked: all }: FakeServers) =>
  all.map(({ server, part, body }) => `${server}/${part} ${body.do}`).sort();

test('a look at the cluster is one request a server', async (t) => {
  const servers = fakeServers();
  await collectStatus(servers, CONFIG, fakeClock());
  t.deepEqual(asked(servers), ['server1/bmc look', 'server2/bmc look']);
});

test('a server asks its own controller, and another one over the nets of its parts', async (t) => {
  const servers = fakeServers();
  servers.server = 'server2';
  // The interconnect is cut, the controller's net is not.
  servers.parts.set('server1/host', silence('unreachable'));
  const request: FakeServers['request'] = (to, body) =>
    to.server === 'server1' && to.part === 'host'
      ? Promise.resolve(silence('unreachable')({}) as Json)
      : servers.request(to, body);
  const wire = {
    server: 'server2',
    request: async (...of: Parameters<typeof request>) => request(...of),
  };
  const status = await collectStatus(wire, CONFIG, fakeClock());
  t.deepEqual(asked(servers), ['server1/bmc power.status', 'server2/bmc look']);
  const { power, system } = status.servers.server1!;
  t.is(power.state, 'on');
  t.is(system.observed.unknown, 'server1/host cannot be reached');
});

test('each part is as old as its own answer', async (t) => {
  const servers = fakeServers();
  const clock = fakeClock();
  const request = async (...[to, body]: Parameters<FakeServers['request']>) => {
    const whole = (await servers.request(to, body)) as Record<string, Record<string, Json>>;
    whole.agent!.agoMs = 300;
    return whole as Json;
  };
  const [heard] = await hearAll({ server: 'control', request }, clock, NAMES, 1000);
  t.is(heard!.host.at - heard!.agent.at, 300);
});

const BAD: [string, (whole: Record<string, Json>) => void, string[]][] = [
  ['no object', (whole) => (whole.daemon = 5), ['power', 'host', 'daemon', 'agent']],
  [
    'without its age',
    (whole) => (whole.daemon = { view: {} }),
    ['power', 'host', 'daemon', 'agent'],
  ],
  [
    'silent in no known way',
    (whole) => (whole.daemon = { silent: { code: 'asleep', words: '' }, agoMs: 0 }),
    ['power', 'host', 'daemon', 'agent'],
  ],
  ['a view without its fields', (whole) => (whole.daemon = { view: {}, agoMs: 0 }), ['daemon']],
  ['no view of the power', (whole) => (whole.power = {}), ['power']],
];
for (const [what, spoil, unknown] of BAD) {
  test(`a look of which a part is ${what} is a refusal in words, and no crash`, async (t) => {
    const servers = fakeServers();
    const request = async (...[to, body]: Parameters<FakeServers['request']>) => {
      const whole = (await servers.request(to, body)) as Record<string, Json>;
      spoil(whole);
      return whole;
    };
    const [heard] = await hearAll({ server: 'control', request }, fakeClock(), NAMES, 1000);
    const { bmc: power, host, daemon, agent } = heard!;
    for (const [name, said] of Object.entries({ power, host, daemon, agent })) {
      t.is(said.kind, unknown.includes(name) ? 'refusal' : 'answer', name);
      if (said.kind === 'refusal') t.is(said.code, 'answer.malformed');
    }
    const status = await collectStatus({ server: 'control', request }, CONFIG, fakeClock());
    t.is(status.servers.server1?.power.state, unknown.length > 1 ? null : 'on');
  });
}

test('a controller that refuses the look leaves the programs of its server unknown', async (t) => {
  const servers = fakeServers();
  const request: FakeServers['request'] = (to, body) =>
    to.server === 'server1'
      ? Promise.reject(new RemoteError('request.unknown', `part ${to.part} knows no request look`))
      : servers.request(to, body);
  const status = await collectStatus({ server: 'control', request }, CONFIG, fakeClock());
  const { system, membership } = status.servers.server1!;
  const why =
    'server1/bmc runs another version of drydock (part bmc knows no request look); ' +
    'take the cluster down and bring it up again with this one';
  t.is(system.observed.unknown, why);
  t.is(membership.software, null);
  t.is(membership.observed.unknown, why);
  t.is(status.expresscluster!.servers.server1!.agent, null);
  t.is(status.servers.server2!.membership.software, 'running');
});
