import test from 'ava';
import { initialHost } from '../../src/host/state.ts';
import { Chassis, hardware, lineOf } from './harness.ts';

const IP = '10.0.0.11';

/** Two servers on one wire; `cut` drops what one sends to the other. */
class Pair {
  readonly cut = new Set<string>();
  readonly servers: Record<string, Chassis>;

  constructor() {
    const make = (name: string, peer: string) => {
      const chassis = new Chassis(initialHost(hardware([peer]), name));
      chassis.take({ type: 'part.started', bootId: 'feed' });
      chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
      chassis.ask('bmc', { do: 'power.on', singleUser: true });
      chassis.fire('boot');
      return chassis;
    };
    this.servers = { server1: make('server1', 'server2'), server2: make('server2', 'server1') };
  }

  /** One step of one server, and what follows on the wire. The answer: every effect, by server. */
  on(name: string, act: (chassis: Chassis) => void): string[] {
    const chassis = this.servers[name]!;
    act(chassis);
    const said: string[] = [];
    for (const effect of chassis.effects) {
      said.push(`${name}: ${lineOf(effect)}`);
      if (effect.type !== 'sendDatagram' || this.cut.has(`${name}>${effect.to}`)) continue;
      const { net, to, body } = effect;
      said.push(
        ...this.on(to, (other) => other.take({ type: 'datagram.received', net, from: name, body })),
      );
    }
    return said;
  }

  add(name: string): string[] {
    return this.on(name, (chassis) =>
      chassis.ask('host', { do: 'address', op: 'add', address: IP }),
    );
  }

  /** Who holds the address, and whom each hears as its rival. */
  holders(): string {
    const words = Object.entries(this.servers).map(([name, chassis]) => {
      chassis.ask('host', { do: 'address', op: 'probe', address: IP });
      const { held, conflict } = chassis.answer as { held: boolean; conflict: string | null };
      return `${name} ${held ? 'holds it' : 'does not'}, hears ${conflict}`;
    });
    return words.join('; ');
  }
}

test('An address that nobody answers for is taken after the probe, and announced', (t) => {
  const pair = new Pair();
  t.deepEqual(pair.add('server1'), [
    'server1: sendDatagram arp server2 {"kind":"arp.probe","address":"10.0.0.11"}',
    'server1: armTimer arp:10.0.0.11 1360',
  ]);
  t.deepEqual(
    pair.on('server1', (chassis) => chassis.fire(`arp:${IP}`)),
    [
      'server1: sendDatagram arp server2 {"kind":"arp.announce","address":"10.0.0.11"}',
      'server1: armTimer announce 3360',
      'server1: sendReply r2 {"held":true,"conflict":null}',
    ],
  );
  t.is(pair.holders(), 'server1 holds it, hears null; server2 does not, hears null');
});

test('An address that the other server holds is refused', (t) => {
  const pair = new Pair();
  pair.add('server1');
  pair.on('server1', (chassis) => chassis.fire(`arp:${IP}`));
  const said = pair.add('server2');
  t.true(
    said.includes(
      'server2: refuseRequest r2 address.conflict server1 answers for 10.0.0.11 already',
    ),
  );
  t.is(pair.holders(), 'server1 holds it, hears null; server2 does not, hears null');
});

test('In a partition both hold it; when the links heal both hear of each other, once', (t) => {
  const pair = new Pair();
  for (const way of ['server1>server2', 'server2>server1']) pair.cut.add(way);
  for (const name of ['server1', 'server2']) {
    pair.add(name);
    pair.on(name, (chassis) => chassis.fire(`arp:${IP}`));
  }
  t.is(pair.holders(), 'server1 holds it, hears null; server2 holds it, hears null');
  pair.cut.clear();
  const said = pair.on('server1', (chassis) => chassis.fire('announce'));
  t.is(pair.holders(), 'server1 holds it, hears server2; server2 holds it, hears server1');
  t.deepEqual(
    said.filter((line) => line.includes('log')),
    [
      'server2: log 10.0.0.11 is held by server2 and by server1.',
      'server1: log 10.0.0.11 is held by server1 and by server2.',
    ],
  );
  t.deepEqual(
    pair
      .on('server2', (chassis) => chassis.fire('announce'))
      .filter((line) => line.includes('log')),
    [],
  );
  t.deepEqual(pair.servers.server1!.view().conflicts, { [IP]: 'server2' });
  const gone = { do: 'address', op: 'remove', address: IP };
  pair.on('server2', (chassis) => chassis.ask('host', gone));
  pair.servers.server1!.now += 60_000;
  t.is(pair.holders(), 'server1 holds it, hears null; server2 does not, hears null');
});

test('Of two that probe at the same time the first by name takes it', (t) => {
  const pair = new Pair();
  for (const way of ['server1>server2', 'server2>server1']) pair.cut.add(way);
  pair.add('server1');
  pair.cut.clear();
  pair.add('server2');
  pair.on('server1', (chassis) => chassis.fire(`arp:${IP}`));
  t.is(pair.holders(), 'server1 holds it, hears null; server2 does not, hears null');
});

test('Of two that probe at the same time the other one never holds it, not for a moment', (t) => {
  const pair = new Pair();
  pair.add('server1');
  const said = pair.add('server2');
  t.deepEqual(said.slice(0, 2), [
    'server2: sendDatagram arp server1 {"kind":"arp.probe","address":"10.0.0.11"}',
    'server1: sendDatagram arp server2 {"kind":"arp.claim","address":"10.0.0.11"}',
  ]);
  const refused = `refuseRequest r2 address.conflict server1 answers for ${IP} already`;
  t.true(said.includes(`server2: ${refused}`), 'before its own probe is over');
  pair.on('server1', (chassis) => chassis.fire(`arp:${IP}`));
  t.is(pair.holders(), 'server1 holds it, hears null; server2 does not, hears null');
});

test('A frozen server and one that is down do not answer for their addresses', (t) => {
  const pair = new Pair();
  pair.add('server1');
  pair.on('server1', (chassis) => chassis.fire(`arp:${IP}`));
  pair.on('server1', (chassis) => chassis.ask('bmc', { do: 'freeze' }));
  pair.add('server2');
  pair.on('server2', (chassis) => chassis.fire(`arp:${IP}`));
  t.deepEqual(pair.servers.server2!.view().addresses, [IP]);
  pair.on('server1', (chassis) => chassis.ask('bmc', { do: 'power.cut' }));
  t.deepEqual(pair.servers.server1!.state.addresses, {});
});
