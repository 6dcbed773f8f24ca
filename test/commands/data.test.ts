/**
 * The data of a command's report, beside its words: what commands of the cluster did on a twin.
 * What those that only look hand over is held to its schema by looks.test.ts.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { CommandData } from '../../src/commands/data.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { misfitsOf } from '../support/report-schemas.ts';

const CONFIG = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);

async function twinUp(): Promise<Twin> {
  const configText = readFileSync(CONFIG, 'utf8');
  const twin = await buildTwin({ configText, seed: 5, dataBytes: 1024 * 1024 });
  await twin.up();
  return twin;
}

const typed = (twin: Twin, line: string) => twin.type('server1', 'bob', line.split(' '));

type Expected = Record<string, unknown> | null;
type Said = Partial<Extract<CommandData, { schema: 'drydock.acts/1' }>['acts'][number]>;

function acts(...all: Said[]): Expected {
  const whole = all.map((act) => ({ name: null, to: null, failure: null, ...act }));
  return { schema: 'drydock.acts/1', acts: whole };
}

const on = (server: string) => ({ server });
const SERVER1 = on('server1');

interface Order {
  /** In this order, on server1 of one twin. */
  lines: [line: string, data: Expected][];
}

const ORDERS: Record<string, Order> = {
  clpgrp: {
    lines: [
      [
        'clpgrp -n failover1',
        { schema: 'drydock.active-on/1', kind: 'group', name: 'failover1', servers: ['server1'] },
      ],
      [
        'clpgrp -m failover1 -a server2',
        acts({ act: 'move', kind: 'group', name: 'failover1', to: 'server2', ...SERVER1 }),
      ],
      [
        'clpgrp -t failover1',
        acts({ act: 'stop', kind: 'group', name: 'failover1', ...on('server2') }),
      ],
      [
        'clpgrp -n failover1',
        { schema: 'drydock.active-on/1', kind: 'group', name: 'failover1', servers: [] },
      ],
      ['clpgrp -s failover1', acts({ act: 'start', kind: 'group', name: 'failover1', ...SERVER1 })],
      ['clpgrp -s failover9', null],
      ['clpgrp --help', null],
    ],
  },
};

for (const [name, { lines }] of Object.entries(ORDERS)) {
  test(`${name}: its report says what it did`, async (t) => {
    const twin = await twinUp();
    for (const [line, expected] of lines) {
      const { data, stdout, stderr } = await typed(twin, line);
      t.deepEqual(data as Expected, expected, `${line}: ${stdout}${stderr}`);
      if (data !== null) t.deepEqual(misfitsOf(data), [], line);
    }
  });
}
