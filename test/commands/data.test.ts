/**
 * The data of a command's report, beside its words: what commands of the cluster did on a twin.
 * What those that only look hand over is held to its schema by looks.test.ts.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { CommandData } from '../../src/commands/data.ts';
import { clpCommands } from '../../src/commands/index.ts';
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

const [SERVER1, SERVER2] = ['server1', 'server2'].map((server) => ({ server }));
const GROUP = { kind: 'group', name: 'failover1' } as const;
const EXEC = { kind: 'resource', name: 'exec1' } as const;
const MD1 = { kind: 'mirror', name: 'md1' } as const;
const PARTITION = { kind: 'disk', name: '/dev/sdb2', ...SERVER1 } as const;
const FIREWALL = { kind: 'configuration', name: 'firewall', ...SERVER1 } as const;
const NO_REBOOTS = { rc: 0, rm: 0, max: null, resetMs: null };
const RATIO = { kind: 'timeoutRatio', ...SERVER1 } as const;
const COPY = { kind: 'configuration', name: '/clp.conf', ...SERVER1 } as const;
const activeOn = (about: object, ...servers: string[]): Expected => {
  return { schema: 'drydock.active-on/1', ...about, servers };
};

/** In this order, on server1 of one twin; null: it failed, or only explained itself. */
const ORDERS: Record<string, [line: string, data: Expected][]> = {
  clpgrp: [
    ['clpgrp -n failover1', activeOn(GROUP, 'server1')],
    ['clpgrp -m failover1 -a server2', acts({ act: 'move', ...GROUP, ...SERVER1, to: 'server2' })],
    ['clpgrp -t failover1', acts({ act: 'stop', ...GROUP, ...SERVER2 })],
    ['clpgrp -n failover1', activeOn(GROUP)],
    ['clpgrp -s failover1', acts({ act: 'start', ...GROUP, ...SERVER1 })],
    ['clpgrp -s failover9', null],
    ['clpgrp --help', null],
  ],
  clprsc: [
    ['clprsc -n exec1', activeOn(EXEC, 'server1')],
    ['clprsc -t exec1', acts({ act: 'stop', ...EXEC, ...SERVER1 })],
    ['clprsc -n exec1', activeOn(EXEC)],
    ['clprsc -s exec1', acts({ act: 'start', ...EXEC, ...SERVER1 })],
  ],
  clpmonctrl: [
    [
      'clpmonctrl -s -m userw -h server2',
      acts({ act: 'suspend', kind: 'monitor', name: 'userw', ...SERVER2 }),
    ],
    ['clpmonctrl -r -v', acts({ act: 'resume', kind: 'monitor', ...SERVER1 })],
  ],
  clpregctrl: [
    ['clpregctrl --get', { schema: 'drydock.reboot-counts/1', ...SERVER1, ...NO_REBOOTS }],
    [
      'clpregctrl --clear -t rm -r haltcount',
      acts({ act: 'clear', kind: 'rebootCount', name: 'rm', ...SERVER1 }),
    ],
  ],
  clptoratio: [
    ['clptoratio -r 2 -t 1h', acts({ act: 'set', ...RATIO })],
    ['clptoratio -i', acts({ act: 'reset', ...RATIO })],
    [
      'clptoratio -s',
      { schema: 'drydock.timeout-ratio/1', ratio: 1, timeoutMs: 1500, until: null },
    ],
  ],
  clpcl: [
    [
      'clpcl -r --web',
      acts({ act: 'restart', kind: 'service', name: 'clusterpro_webmgr', ...SERVER1 }),
    ],
    [
      'clpcl --suspend',
      acts(
        { act: 'suspend', kind: 'daemon', ...SERVER1 },
        { act: 'suspend', kind: 'daemon', ...SERVER2 },
      ),
    ],
    [
      'clpcl --suspend',
      acts(
        { act: 'suspend', kind: 'daemon', ...SERVER1, failure: 'invalid server status.' },
        { act: 'suspend', kind: 'daemon', ...SERVER2, failure: 'invalid server status.' },
      ),
    ],
    ['clpcl --resume -h server1', acts({ act: 'resume', kind: 'daemon', ...SERVER1 })],
    ['clpcl -t', acts({ act: 'stop', kind: 'daemon', ...SERVER1 })],
    ['clpcl -s', acts({ act: 'start', kind: 'daemon', ...SERVER1 })],
  ],
  clpmdctrl: [
    ['clpmdctrl --active md1', acts()],
    ['clpmdctrl --statsave md1', null],
    ['clpmdctrl --break md1', acts({ act: 'break', ...MD1, ...SERVER1 })],
    ['clpmdctrl --recovery md1', acts({ act: 'recovery', ...MD1, ...SERVER1, to: 'server2' })],
  ],
  clpmdinit: [
    ['clpmdinit --create force md1', null],
    ['clpgrp -t failover1', acts({ act: 'stop', ...GROUP, ...SERVER1 })],
    ['clpmdinit --create force md1', acts({ act: 'create', ...MD1, ...SERVER1 })],
  ],
  clphdctrl: [['clphdctrl --break hd1', null]],
  clphdinit: [['clphdinit --create quick hd1', null]],
  clpmdchng: [
    ['clpmdchng --execute /dev/sdz', null],
    ['clpgrp -t failover1', acts({ act: 'stop', ...GROUP, ...SERVER1 })],
    [
      'clpmdchng --execute /dev/sdb',
      acts({ act: 'execute', kind: 'disk', name: '/dev/sdb', ...SERVER1 }),
    ],
  ],
  clpbwctrl: [['clpbwctrl -c', null]],
  'clpsvcctrl.sh': [
    [
      'clpsvcctrl.sh --disable core',
      acts({ act: 'disable', kind: 'service', name: 'clusterpro', ...SERVER1 }),
    ],
  ],
  clpcfctrl: [
    [
      'clpcfctrl --pull -x /tmp',
      acts({ act: 'pull', kind: 'configuration', name: '/tmp/clp.conf', ...SERVER1 }),
    ],
    [
      'clpcfctrl --push -x /tmp --force',
      acts(
        { act: 'push', kind: 'configuration', ...SERVER1 },
        { act: 'push', kind: 'configuration', ...SERVER2 },
      ),
    ],
  ],
  clpcfset: [
    ['clpcfset add srv a 0', null],
    ['clpcfset create made ASCII', acts({ act: 'create', ...COPY })],
    ['clpcfset add srv a 0', acts({ act: 'add', ...COPY })],
    ['clpcfset del srv a', acts({ act: 'del', ...COPY })],
  ],
  clplcnsc: [
    ['clplcnsc -l', null],
    ['clplcnsc -i /nowhere.key', null],
  ],
  clpecap: [['clpecap -t 20260131235959 -m rc -e 32', null]],
  clplogcc: [['clplogcc -t type5', null]],
  clplogcmd: [['clplogcmd -m hello', null]],
  'clpbackup.sh': [
    ['clpbackup.sh --pre --only-reboot', null],
    ['clpgrp -t failover1', acts({ act: 'stop', ...GROUP, ...SERVER1 })],
    ['clpbackup.sh --pre --online', acts({ act: 'pre', kind: 'server', ...SERVER1 })],
    ['clpbackup.sh --post --online', acts({ act: 'post', kind: 'server', ...SERVER1 })],
  ],
  'clprestore.sh': [
    ['clprestore.sh --post', null],
    ['clprestore.sh --post --only-reboot', acts({ act: 'post', kind: 'server', ...SERVER1 })],
  ],
  clprexec: [
    [
      'clprexec --script ok.sh -h server2',
      acts({ act: 'run', kind: 'server', name: 'server2', ...SERVER2 }),
    ],
    ['clprexec --failover failover1 -h server1', acts({ act: 'move', ...GROUP, ...SERVER1 })],
    ['clprexec --script ok.sh -h server9', null],
  ],
  clptrnreq: [
    [
      'clptrnreq -t EXEC_SCRIPT -h server2 -s ok.sh',
      acts({ act: 'run', kind: 'server', name: 'server2', ...SERVER2 }),
    ],
    ['clptrnreq -t GRP_FAILOVER -h server2', acts()],
  ],
  clpperfc: [
    [
      'clpperfc -g failover1',
      {
        schema: 'drydock.properties/1',
        objects: [
          {
            kind: 'group',
            index: null,
            name: 'failover1',
            properties: [{ name: 'ms', value: 80 }],
          },
        ],
      },
    ],
    ['clpperfc -m userw', null],
  ],
  clproset: [
    ['clproset -o -d /dev/sdb2', acts({ act: 'setro', ...PARTITION })],
    ['clproset -w -d /dev/sdb2', acts({ act: 'setrw', ...PARTITION })],
    ['clproset -w', null],
  ],
  'clpfwctrl.sh': [
    ['clpfwctrl.sh --add', acts({ act: 'add', ...FIREWALL })],
    ['clpfwctrl.sh --remove', acts({ act: 'remove', ...FIREWALL })],
  ],
  clpdown: [['clpdown -h server2', acts({ act: 'shutdown', kind: 'server', ...SERVER2 })]],
  clpstdn: [
    [
      'clpstdn',
      acts(
        { act: 'shutdown', kind: 'server', ...SERVER2 },
        { act: 'shutdown', kind: 'server', ...SERVER1 },
      ),
    ],
  ],
};

for (const [name, lines] of Object.entries(ORDERS)) {
  test(`${name}: its report says what it did`, async (t) => {
    const twin = await twinUp();
    for (const [line, expected] of lines) {
      const { data, stdout, stderr } = await typed(twin, line);
      t.deepEqual(data as Expected, expected, `${line}: ${stdout}${stderr}`);
      if (data !== null) t.deepEqual(misfitsOf(data), [], line);
    }
  });
}

/** Of what they show: looks.test.ts. */
const SHOWING = ['clpstat', 'clpmdstat', 'clphdstat', 'clpcfchk', 'clpcfget'];

test('every command of the cluster is played here, or shows something', (t) => {
  const played = [...Object.keys(ORDERS), ...SHOWING];
  t.deepEqual(
    clpCommands.map(({ name }) => name).filter((name) => !played.includes(name)),
    [],
  );
});
