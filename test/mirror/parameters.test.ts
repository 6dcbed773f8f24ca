/** What the configuration says of a mirror, where several parameters make one figure. */
import test from 'ava';
import { mirrorParameters } from '../../src/mirror/agent/parameters.ts';
import { configuration } from './configuration.ts';

const of = (parameters: Record<string, string | number>) =>
  mirrorParameters(
    configuration({ autoRecovery: false, fencing: false, parameters }),
    'server1',
  )[0]!;

/** hbinterval, pingtimeout, pingretry, recvnormaltimeout in seconds; silence in ms. */
const SILENCES: [string | number, string | number, string | number, string | number, number][] = [
  [10, 2, '', '', 12_000],
  [10, 2, 8, '', 26_000],
  [10, 2, 8, 20, 20_000],
  [10, 2, 8, 5, 12_000],
  [0.3, 2, '', 1, 2300],
  [1, 1, 50, '', 51_000],
  [60, 100, 50, '', 160_000],
];

for (const [interval, ping, retries, receive, expected] of SILENCES) {
  test(`heartbeat ${interval}, ping ${ping} × ${retries}, receive ${receive}: silence`, (t) => {
    const { silenceTimeoutMs } = of({
      'mddriver/hbinterval': interval,
      'mddriver/pingtimeout': ping,
      'mddriver/pingretry': retries,
      'mddriver/recvnormaltimeout': receive,
    });
    t.is(silenceTimeoutMs, expected);
  });
}

test('history files have a folder and a limit in MiB, or none', (t) => {
  const given = of({ 'mddriver/historydir': '/var/h', 'mddriver/historymax': 64 });
  t.deepEqual([given.historyFolder, given.historyMostBytes], ['/var/h', 64 * 1024 * 1024]);
  const bare = of({});
  t.deepEqual([bare.historyFolder, bare.historyMostBytes], [null, Number.POSITIVE_INFINITY]);
});

test('the initial construction is executed unless the configuration says 0', (t) => {
  t.deepEqual(
    [of({}), of({ fullcopy: 1 }), of({ fullcopy: 0 })].map(({ constructs }) => constructs),
    [true, true, false],
  );
});
