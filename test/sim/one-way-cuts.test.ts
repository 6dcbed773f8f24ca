/**
 * A LAN that carries one way only, under each method of resolution, between some servers of two to
 * five: every group runs somewhere in the end, on one server; where majority or a disk decides it
 * runs on two at no time. Where something outside is asked, both sides get an answer, and may run a
 * group twice for a moment (x5 2.12.9): whoever hears the other one ends then.
 */
import test from 'ava';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { madeCluster } from '../support/made-cluster.ts';

const METHODS = ['majonp', 'disknp', 'pingnp', 'httpnp'] as const;
const NEVER_TWICE: readonly string[] = ['majonp', 'disknp'];
const LOOKS = 40;
const LOOK_MS = 250;

type Cut = [from: string[], to: string[]];

function cutsOf(count: number): Cut[] {
  const rest = Array.from({ length: count - 1 }, (_, at) => `server${at + 2}`);
  const first = ['server1'];
  const last = [`server${count}`];
  const wide: Cut[] = [
    [first, rest],
    [rest, first],
  ];
  if (count === 2) return wide;
  return [...wide, [first, ['server2']], [['server2'], first], [last, first], [first, last]];
}

async function homes(twin: Twin): Promise<number[]> {
  const { groups } = await twin.look();
  return Object.values(groups).map(({ activeOn }) => activeOn?.length ?? 0);
}

for (const method of METHODS) {
  for (const count of [2, 3, 5]) {
    test.serial(
      `${method}, ${count} servers: one-way cuts leave each group on one server`,
      async (t) => {
        for (const [senders, hearers] of cutsOf(count)) {
          const what = `${senders} are not heard by ${hearers}`;
          const words = [
            'x5',
            'hb=lankhb',
            `servers=${count}`,
            'groups=2',
            `np=${method}`,
            'action=1',
          ];
          const twin = await buildTwin({ configText: madeCluster(words), seed: '1' });
          await twin.up();
          for (const from of senders) {
            for (const to of hearers) twin.faults.cut('lan0', from, to, true);
          }
          let most = 0;
          for (let look = 0; look < LOOKS; look += 1) {
            await twin.advance(LOOK_MS);
            most = Math.max(most, ...(await homes(twin)));
          }
          if (NEVER_TWICE.includes(method)) t.is(most, 1, what);
          await twin.atRest();
          t.deepEqual(await homes(twin), [1, 1], what);
        }
      },
    );
  }
}
