/** What the daemons say of devices that their heartbeats go over and that cannot be used. */
import test from 'ava';
import { buildTwin } from '../../src/sim/twin.ts';
import { madeCluster } from '../support/made-cluster.ts';

/** Words of the cluster, what is changed in its file, and what server1 says as it starts. */
const cases: [string, string[], [string, string], string[]][] = [
  [
    'a disk heartbeat on what is no block device',
    ['x5', 'hb=lankhb,diskhb'],
    ['<info>/dev/sdq1</info>', '<info>/dev/ttyS7</info>'],
    [
      'diskhb 11 Device(/dev/ttyS7) of resource(diskhb1) is not a block device.',
      'nm 35 Failed to start the resource diskhb1. Server name:server1',
    ],
  ],
  [
    'a serial line that is not there',
    ['x5', 'hb=lankhb,comhb'],
    ['<info>/dev/ttyS0</info>', '<info>/dev/serial</info>'],
    [
      'comhb 1 Device (/dev/serial) does not exist.',
      'nm 35 Failed to start the resource comhb1. Server name:server1',
    ],
  ],
  [
    'the same in v3, which has no words for the resource',
    ['v3', 'hb=lanhb,comhb'],
    ['<info>/dev/ttyS0</info>', '<info>/dev/serial</info>'],
    ['comhb 1 Device(/dev/serial) is not exist.'],
  ],
  [
    'a heartbeat between controllers on a server without one',
    ['x5', 'hb=lankhb,bmchb'],
    ['<device id="10300"><type>bmc</type><info>/dev/bmc10300</info></device>', ''],
    [
      'bmchb 10 Failed to initialize to BMC.',
      'nm 35 Failed to start the resource bmchb1. Server name:server1',
    ],
  ],
];

for (const [what, words, [from, to], said] of cases) {
  test(`said at the start: ${what}`, async (t) => {
    const twin = await buildTwin({ configText: madeCluster(words).replace(from, to), seed: '1' });
    await twin.up();
    const lines = twin.log.filter(({ server, module, id }) => {
      return server === 'server1' && (/hb$/.test(module) || (module === 'nm' && id === 35));
    });
    t.deepEqual(
      lines.map(({ module, id, text }) => `${module} ${id} ${text}`),
      said,
    );
  });
}
