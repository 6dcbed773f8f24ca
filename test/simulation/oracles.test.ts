/**
 * Histories in which nothing is wrong, and of which an oracle once said that something is: what it
 * takes for granted has to be so.
 */
import test from 'ava';
import { playHistory } from './play.ts';

const SOUND: [string, string[]][] = [
  [
    'a daemon starts and ends between two looks',
    [
      'cluster v3le servers=2 groups=1 mirrors=0 forcestop=off autorecovery=on latency=0.2 powerloss=keep scripts=20 seed=81395',
      'up',
      'begin exec server1 clpcl -t -a',
      'advance 2950',
      'begin exec server1 clpcl -s',
      'advance 5',
      'begin exec server1 clpcl -t',
    ],
  ],
  [
    'who hung hears one after the other that a server came and went',
    [
      'cluster v3le servers=2 groups=2 mirrors=1 forcestop=off autorecovery=on latency=2 powerloss=drop scripts=300 seed=82808',
      'up',
      'freeze server1',
      'kill-process server1 agent',
      'kill server2',
      'power-on server2',
      'advance 50',
      'advance 150',
      'begin exec server2 clpcl -t',
      'advance 6000',
    ],
  ],
  [
    'a server is resumed and ends while the other one does not hear it',
    [
      'cluster v3le servers=2 groups=1 mirrors=0 forcestop=off autorecovery=on latency=0.05 powerloss=keep scripts=300 seed=254',
      'up',
      'begin exec server1 clpcl --suspend',
      'advance 2500',
      'cut * server1 server2',
      'begin exec server1 clpcl --resume',
      'advance 20',
      'begin exec server1 clpcl -t',
      'begin exec server2 clpcl --resume',
      'advance 9000',
    ],
  ],
  [
    'a group fails where its disk cannot be read, while no other server is there',
    [
      'cluster x5mirror servers=3 groups=1 mirrors=1 forcestop=off autorecovery=on latency=0.05 powerloss=keep scripts=300 seed=80913 np=majonp',
      'up',
      'cut lan0 server1 server2',
      'cut lan1 server1 server2',
      'begin write md1 active 14 8',
      'fail-disk server1 /dev/sdb',
      'advance 14000',
    ],
  ],
];

for (const [name, lines] of SOUND) {
  test(`nothing is wrong where ${name}`, async (t) => {
    const { outcome, violation } = await playHistory({ lines });
    t.is(violation, null, outcome);
  });
}
