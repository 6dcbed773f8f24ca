/** Alerts between servers: each alert goes to each other server once, whoever brings it. */
import test from 'ava';
import { AlertLog } from '../../src/host/alert-log.ts';
import { AlertSync } from '../../src/host/alert-sync.ts';
import type { Alert } from '../../src/host/lines.ts';
import type { Wire } from '../../src/ports/wire.ts';
import { MemoryFiles } from '../../src/sim/memory-files.ts';
import { Pump } from '../../src/sim/pump.ts';
import { SimProcess } from '../../src/sim/sim-process.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

const NAMES = ['server1', 'server2', 'server3', 'server4'];
const EACH = 120;
const LATENCY_MS = 0.5;

interface Room {
  log: AlertLog;
  sync: AlertSync;
}

/** Servers that do nothing but exchange alerts; `isCut` says between which two nothing goes. */
function cluster(isCut: (one: string, other: string) => boolean) {
  const clock = new VirtualClock(0);
  const pump = new Pump(clock, () => []);
  const rooms = new Map<string, Room>();
  const sent: string[] = [];
  for (const server of NAMES) {
    const process = new SimProcess(clock, server, 'alerts');
    const log = new AlertLog(new MemoryFiles().forProcess(process), NAMES);
    const request: Wire['request'] = async (to, body) => {
      await process.call(() => undefined, LATENCY_MS);
      if (isCut(server, to.server)) throw new Error('unreachable');
      const { alerts } = body as unknown as { alerts: Alert[] };
      for (const alert of alerts) sent.push(`${alert.server} ${alert.at} to ${to.server}`);
      const answer = await rooms.get(to.server)!.sync.take(server, body as never);
      await process.call(() => undefined, LATENCY_MS);
      return answer;
    };
    const peers = NAMES.filter((name) => name !== server);
    const world = { server, peers, clock, wire: { request } as Wire, isOn: () => true };
    rooms.set(server, { log, sync: new AlertSync(world, log) });
  }
  for (const { sync } of rooms.values()) sync.begin();
  const held = () => [...rooms.values()].map(({ log }) => log.held());
  const advance = (ms: number) => pump.advanceTo(clock.exact() + ms);

  /** All servers in turn, one alert a millisecond. */
  async function raise(count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      for (const [server, { log, sync }] of rooms) {
        const alert = { at: clock.now(), server, module: 'rc', id: 1, level: 'Info', text: 'x' };
        await pump.run(log.add([alert as Alert], clock.now()), 1000);
        sync.spread();
      }
      await advance(1);
    }
  }

  return { held, advance, raise, sent };
}

const all = (at: number) => NAMES.map(() => Object.fromEntries(NAMES.map((name) => [name, at])));

test('where all hear each other, each brings its own to each, and nobody brings it again', async (t) => {
  const { held, advance, raise, sent } = cluster(() => false);
  await advance(1);
  await raise(EACH);
  await advance(5000);
  t.deepEqual(held(), all(EACH));
  t.is(new Set(sent).size, sent.length);
  t.is(sent.length, EACH * NAMES.length * (NAMES.length - 1));
});

test('what two do not hear of each other the others bring, a second later', async (t) => {
  const ends = ['server1', 'server4'];
  const { held, advance, raise, sent } = cluster((a, b) => ends.includes(a) && ends.includes(b));
  await advance(1);
  await raise(EACH);
  await advance(500);
  const lacking = held().flatMap((of) => NAMES.filter((name) => of[name] === undefined));
  t.deepEqual(lacking, ['server4', 'server1']);
  await advance(1500);
  t.deepEqual(held(), all(EACH));
  // Two may bring the same at one time.
  t.true(sent.length - new Set(sent).size <= 2 * EACH);
});

test('who raises alerts all the time keeps nobody from bringing those of others', async (t) => {
  const ends = ['server1', 'server4'];
  const { held, raise } = cluster((a, b) => ends.includes(a) && ends.includes(b));
  await raise(1500);
  const [first] = held();
  t.true((first!.server4 ?? 0) > 200);
});
