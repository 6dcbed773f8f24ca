/** What a connection through the switch is told of its cable is what the table says at that moment. */
import test from 'ava';
import fc from 'fast-check';
import type { Address } from '../../src/core/part.ts';
import { Links } from '../../src/lab/links.ts';

const SERVERS = ['server1', 'server2', 'control'];
const NETS = ['lan0', 'lan1', 'control', 'bmc', 'arp'];

const server = fc.constantFrom(...SERVERS);
const net = fc.constantFrom(...NETS);
const part = fc.constantFrom<Address['part']>('daemon', 'agent', 'host', 'bmc');
const address = fc.record({ server, part });

type Act = (links: Links) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc
    .record({ net, from: server, to: server, up: fc.boolean(), delayMs: fc.nat(3) })
    .map((change) => (links: Links) => links.change(change)),
  fc.tuple(server, fc.boolean()).map(
    ([name, on]) =>
      (links: Links) =>
        links.setPower(name, on),
  ),
  fc.tuple(server, net, fc.boolean()).map(
    ([name, cable, up]) =>
      (links: Links) =>
        links.setCable(name, cable, up),
  ),
);

test('a line is up, and as slow, as its cable is now', (t) => {
  const ways = fc.array(fc.tuple(net, address, address), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(ways, fc.array(act, { maxLength: 30 }), (all, acts) => {
      const links = new Links(['lan0', 'lan1']);
      const lines = all.map(([cable, from, to]) => ({
        line: links.line(cable, from, to),
        isUp: () => links.isUp(cable, from, to),
        delayMs: () => links.delayMs(cable, from.server, to.server),
      }));
      for (const next of [() => undefined, ...acts]) {
        next(links);
        for (const { line, isUp, delayMs } of lines) {
          t.is(line.isUp(), isUp());
          t.is(line.delayMs(), delayMs());
        }
      }
    }),
  );
});

test('what lines carry is counted by cable and way, and nothing before something was', (t) => {
  const links = new Links(['lan0']);
  const [one, two] = SERVERS as [string, string];
  const to = (name: string): Address => ({ server: name, part: 'agent' });
  const [first, second] = [
    links.line('lan0', to(one), to(two)),
    links.line('lan0', to(one), to(two)),
  ];
  t.deepEqual(links.carried(), []);
  first.count(5);
  second.count(2);
  links.count('lan0', one, two, 1);
  t.deepEqual(links.carried(), [{ net: 'lan0', from: one, to: two, bytes: 8 }]);
});
