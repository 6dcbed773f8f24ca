/** Statuses that say the same but for their times, and what follows from that alone. */
import test from 'ava';
import { createDoor, substanceOf } from '../../src/cluster/index.ts';
import type { Json } from '../../src/core/json.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import {
  CONFIG,
  type FakeServers,
  fakeClock,
  fakeServers,
  refusal,
  silence,
} from './fake-servers.ts';

function door(servers: FakeServers) {
  const clock = fakeClock();
  const { observation } = createDoor({
    wire: { ...servers, server: 'control' },
    machines: CONFIG.servers.map(({ name }) => name),
    config: () => CONFIG,
    clock,
  });
  return { clock, look: () => observation.status() };
}

/** Every server's own clock goes on as well. */
function passTime(servers: FakeServers, clock: ReturnType<typeof fakeClock>): void {
  clock.pass(70);
  for (const [name, handler] of servers.parts) {
    servers.parts.set(name, (body) => {
      const view = handler(body) as { now?: number };
      return view.now === undefined ? view : { ...view, now: view.now + 70 };
    });
  }
}

const atOf = (status: Status) => status.servers.server1!.system.observed.at;

test('what is said again later has the same substance, and its own times', async (t) => {
  const servers = fakeServers();
  const { clock, look } = door(servers);
  const first = await look();
  passTime(servers, clock);
  const second = await look();
  t.not(first, second);
  t.is(substanceOf(second), substanceOf(first));
  t.is(atOf(second)! - atOf(first)!, 70);
  t.is(second.takenAt - first.takenAt, 70);
  t.deepEqual(factsOf(second, { self: null }), factsOf(first, { self: null }));
});

test('what another door saw, and what no door did, is a substance of its own', async (t) => {
  const servers = fakeServers();
  const [one, other] = [await door(servers).look(), await door(servers).look()];
  t.not(substanceOf(one), substanceOf(other));
  const copy = structuredClone(one);
  t.is(substanceOf(copy), copy);
});

type Spoil = (view: Record<string, Json>) => void;

const CHANGED: [what: string, part: string, change: Spoil][] = [
  ['a mount is gone', 'server1/host', (view) => (view.mounts = [])],
  ['another boot', 'server2/host', (view) => (view.bootId = 'later')],
  ['another configuration', 'server1/host', (view) => (view.configHash = 'other')],
  ['the power is off', 'server2/bmc', (view) => (view.power = 'off')],
  ['a group stops', 'server1/daemon', (view) => (view.groups = {})],
  ['a timeout is stretched', 'server1/daemon', (view) => (view.timeoutRatio = 2)],
  ['a copy is forgotten', 'server2/agent', (view) => (view.mirrors = {})],
];

for (const [what, part, change] of CHANGED) {
  test(`another substance: ${what}`, async (t) => {
    const servers = fakeServers();
    servers.parts.set('server1/host', withMount(servers.parts.get('server1/host')!));
    const { look } = door(servers);
    const first = await look();
    const handler = servers.parts.get(part)!;
    servers.parts.set(part, (body) => {
      const view = structuredClone(handler(body)) as Record<string, Json>;
      change(view);
      return view;
    });
    t.not(substanceOf(await look()), substanceOf(first));
  });
}

type Handler = Parameters<FakeServers['parts']['set']>[1];

function withMount(handler: Handler): Handler {
  const mount = { device: '/dev/NMP1', point: '/mnt/md1', fs: 'ext3', readOnly: false };
  return (body) => ({ ...(handler(body) as object), mounts: [mount] });
}

const UNKNOWN: [what: string, handler: Handler][] = [
  ['silent', silence('timeout')],
  ['silent in another way', silence('refused')],
  ['refusing', refusal('defect', 'it is broken')],
];

test('a part that is not heard is another substance, by why it is not', async (t) => {
  const servers = fakeServers();
  const { look } = door(servers);
  const seen = [substanceOf(await look())];
  for (const [, handler] of UNKNOWN) {
    servers.parts.set('server1/daemon', handler);
    seen.push(substanceOf(await look()));
  }
  t.is(new Set(seen).size, seen.length);
});
