import test from 'ava';
import { agentView, NOW, refusal, says, silence, withStopped } from '../../cluster/fake-servers.ts';
import { run, type Stage, stage } from './fake-environment.ts';

type Change = Parameters<typeof agentView>[1];

/** A cluster whose copies are as given; null is a copy that cannot be seen. */
function copies(first: Change | null, second: Change | null): Stage {
  const on = stage();
  for (const [server, change] of [
    ['server1', first],
    ['server2', second],
  ] as const) {
    const view = change === null ? silence('timeout') : says(agentView(server, change));
    on.servers.parts.set(`${server}/agent`, view);
  }
  return on;
}

const GREEN: Change = {
  lastUpdate: NOW,
  breakTime: NOW,
  differencePercent: 0.4,
  dirtyBytes: 65_536,
  connected: false,
};
const RED: Change = {
  ...GREEN,
  color: 'RED',
  latest: false,
  active: false,
  generation: '00000000000000b2',
};

const blank: Change = { color: 'RED', latest: false, lastUpdate: null, breakTime: null };

const tables: [string, Stage, string][] = [
  [
    'normal',
    stage(),
    `Mirror Status: Normal

md1                 server1               server2
Mirror Color        GREEN                 GREEN
`,
  ],
  [
    'broken, with a side that knows nothing of times',
    copies(GREEN, blank),
    `Mirror Status: Abnormal
Total Difference: 1%

md1                 server1               server2
Mirror Color        GREEN                 RED
Lastupdate Time     2004/03/04 17:30:05
Break Time          2004/03/04 17:30:05
Disk Error          OK                    OK
Difference Percent  1%
`,
  ],
  [
    'broken on both sides',
    copies({ ...RED }, { ...RED, lastUpdate: NOW - 60_000, diskError: true }),
    `Mirror Status: Abnormal
Total Difference: 1%

md1                 server1               server2
Mirror Color        RED                   RED
Lastupdate Time     2004/03/04 17:30:05   2004/03/04 17:29:05
Break Time          2004/03/04 17:30:05   2004/03/04 17:30:05
Disk Error          OK                    ERROR
Difference Percent  1%                    1%
`,
  ],
  [
    'with a copy that cannot be seen',
    copies({ connected: false }, null),
    `Mirror Status: Abnormal

md1                 server1               server2
Mirror Color        GREEN                 GRAY
Lastupdate Time
Break Time
Disk Error          OK
Difference Percent
`,
  ],
];

for (const [what, on, expected] of tables) {
  test(`clpmdstat --mirror shows a mirror that is ${what}`, async (t) => {
    const report = await run(on, 'clpmdstat --mirror md1');
    t.deepEqual(report, { code: 0, stdout: expected, stderr: '' });
  });
}

test('clpmdstat --mirror shows the progress of a recovery', async (t) => {
  const base = { id: 'r', from: 'server1', to: 'server2', kind: 'difference' as const };
  const recovery = { ...base, percent: 7.9, usedMs: 9000, remainMs: 119_000 };
  const on = copies({ color: 'YELLOW', recovery }, { color: 'YELLOW' });
  t.is(
    (await run(on, 'clpmdstat -m md1')).stdout,
    `Mirror Status: Recovering

md1                 server1               server2
Mirror Color        YELLOW                YELLOW

Recovery Status     Value
Status: Recovering
Direction: server1 -> server2
Percent: 7%
Used Time: 00:00:09
Remain Time: 00:01:59
`,
  );
});

test('clpmdstat --list, --active and --detail', async (t) => {
  t.is((await run(stage(), 'clpmdstat --list')).stdout, '<md1>\n');
  const active = (await run(stage(), 'clpmdstat -a md1')).stdout;
  t.true(active.endsWith('Active Status       Active                Inactive\n'));
  t.regex((await run(stage(), 'clpmdstat -d md1')).stdout, /Data Partition +: \/dev\/sdb2\n/);
});

test('--recovery goes from the green copy to the red one, whichever server asks', async (t) => {
  for (const server of ['server1', 'server2']) {
    const on = copies({ ...RED, color: 'RED' }, { ...GREEN, active: true });
    t.is((await run(on, 'clpmdctrl --recovery md1', server)).stdout, 'Command succeeded.\n');
    t.deepEqual(on.servers.orders(), [
      'server2/agent {"do":"recover","mirror":"md1","full":false}',
    ]);
  }
});

const undecided: [string, Stage, RegExp][] = [
  ['both copies are red', copies(RED, RED), /cannot be proved which copy .* --force SERVER md1/],
  ['one copy cannot be seen', copies(GREEN, null), /on server2 cannot be seen.* newer/],
  [
    'the green copy does not call itself latest',
    copies({ ...GREEN, latest: false }, RED),
    /cannot be proved/,
  ],
  [
    'nothing was ever constructed',
    copies({ ...RED, constructed: false }, { ...RED, constructed: false }),
    /never constructed/,
  ],
];

for (const [what, on, words] of undecided) {
  test(`--recovery is refused when ${what}`, async (t) => {
    const report = await run(on, 'clpmdctrl --recovery md1');
    t.is(report.code, 1);
    t.regex(report.stderr, words);
    t.deepEqual(on.servers.orders(), []);
  });
}

test('--recovery of what is normal or under way does nothing and succeeds', async (t) => {
  for (const on of [stage(), copies({ color: 'YELLOW' }, { color: 'YELLOW' })]) {
    t.is((await run(on, 'clpmdctrl -r md1')).code, 0);
    t.deepEqual(on.servers.orders(), []);
  }
});

test('--recovery of a forced mirror names the copy that dies before it asks', async (t) => {
  const on = copies({ ...GREEN, autoRecoveryHeld: true }, RED);
  on.replies.push('y');
  t.is((await run(on, 'clpmdctrl --recovery md1')).code, 0);
  t.deepEqual(on.prompts, ['Give up the copy of md1 on server2? (y/n): ']);
  t.deepEqual(on.servers.orders(), ['server1/agent {"do":"recover","mirror":"md1","full":true}']);
});

const SHOWN = `Mirror Status: Abnormal
server1: RED
  Lastupdate Time  2004/03/04 17:30:05
  Break Time       2004/03/04 17:30:05
  Generation       00000000000000b2
  Difference       65536 bytes (0.4%)
server2: GRAY
  Lastupdate Time  unknown
  Break Time       unknown
  Generation       unknown
  Difference       unknown
  Not seen: server2/agent did not answer in time
server1 becomes the latest; the copy of md1 on server2 dies.
`;

test('--force says what each copy holds, asks, and names the victim', async (t) => {
  const on = copies(RED, null);
  on.replies.push('y');
  t.is((await run(on, 'clpmdctrl --force server1 md1')).stdout, 'Command succeeded.\n');
  t.is(on.shown, SHOWN);
  t.deepEqual(on.prompts, ['Give up the copy of md1 on server2? (y/n): ']);
  t.deepEqual(on.servers.orders(), [
    'server1/agent {"do":"force","mirror":"md1","latest":"server1","victim":"server2"}',
  ]);
});

test('--force without a server means this server', async (t) => {
  const on = copies(RED, RED);
  on.replies.push('y');
  await run(on, 'clpmdctrl -f md1', 'server2');
  t.deepEqual(on.servers.orders(), [
    'server2/agent {"do":"force","mirror":"md1","latest":"server2","victim":"server1"}',
  ]);
});

for (const replies of [['n'], ['yes please'], [''], ['Y'], []]) {
  test(`--force does nothing when the answer is ${JSON.stringify(replies)}`, async (t) => {
    const on = copies(RED, RED);
    on.replies.push(...replies);
    t.is((await run(on, 'clpmdctrl --force server1 md1')).code, 1);
    t.deepEqual(on.servers.orders(), []);
  });
}

const unforced: [string, Stage, string, RegExp][] = [
  ['the mirror is normal', stage(), 'server1', /nothing to force/],
  ['the copy cannot be seen', copies(RED, null), 'server2', /on server2 cannot be seen/],
  ['the victim is active', copies({ ...GREEN, active: true }, RED), 'server2', /active on server1/],
  ['a recovery runs', copies({ color: 'YELLOW' }, { color: 'YELLOW' }), 'server1', /--cancel md1/],
];

for (const [what, on, server, words] of unforced) {
  test(`--force is refused before it asks when ${what}`, async (t) => {
    const report = await run(on, `clpmdctrl --force ${server} md1`);
    t.is(report.code, 1);
    t.regex(report.stderr, words);
    t.deepEqual(on.prompts, []);
    t.deepEqual(on.servers.orders(), []);
  });
}

test('--active mounts, and -nomount and -f are passed on', async (t) => {
  const idle = { active: false, mounted: false };
  const on = copies(idle, idle);
  await run(on, 'clpmdctrl --active md1');
  await run(on, 'clpmdctrl --active -nomount -f md1');
  t.deepEqual(on.servers.orders(), [
    'server1/agent {"do":"activate","mirror":"md1","mount":true,"force":false,"evidence":null}',
    'server1/agent {"do":"activate","mirror":"md1","mount":false,"force":true,"evidence":null}',
  ]);
});

test('--active is refused while the other server has it active', async (t) => {
  const on = stage();
  t.regex((await run(on, 'clpmdctrl --active md1', 'server2')).stderr, /active on server1/);
  t.deepEqual(on.servers.orders(), []);
});

test('--deactive, --break and --cancel go to the agent of this server', async (t) => {
  const on = stage();
  for (const word of ['--deactive', '--break', '-c']) await run(on, `clpmdctrl ${word} md1`);
  t.deepEqual(on.servers.orders(), [
    'server1/agent {"do":"deactivate","mirror":"md1"}',
    'server1/agent {"do":"break","mirror":"md1"}',
    'server1/agent {"do":"cancel","mirror":"md1"}',
  ]);
});

test('an agent that says no is one line with its words', async (t) => {
  const on = copies({ active: false }, { active: false });
  const view = says(agentView('server1', { active: false }));
  on.servers.parts.set('server1/agent', (body) =>
    body.do === 'status' ? view(body) : refusal('mirror.notLatest', 'not the latest data')(body),
  );
  const report = await run(on, 'clpmdctrl --active md1');
  t.deepEqual(report, { code: 1, stdout: '', stderr: 'clpmdctrl: not the latest data\n' });
});

test('--rwait waits until the recovery has ended, and -rcancel ends it', async (t) => {
  const on = stage();
  let looks = 0;
  on.servers.parts.set('server1/agent', (body) => {
    looks += 1;
    return says(agentView('server1', { color: looks < 5 ? 'YELLOW' : 'GREEN' }))(body);
  });
  t.is((await run(on, 'clpmdctrl --rwait md1')).code, 0);
  const slow = copies({ color: 'YELLOW' }, { color: 'YELLOW' });
  const report = await run(slow, 'clpmdctrl --rwait -timeout 2 -rcancel md1');
  t.is(report.code, 1);
  t.deepEqual(slow.servers.orders(), ['server1/agent {"do":"cancel","mirror":"md1"}']);
});

test('clpmdinit --create passes the way on, but gives up no only good copy', async (t) => {
  const on = stage();
  t.is((await run(on, 'clpmdinit --create quick md1')).code, 0);
  t.deepEqual(on.servers.orders(), ['server1/agent {"do":"create","mirror":"md1","mode":"quick"}']);
  const only = copies({ ...GREEN, active: false }, RED);
  t.regex((await run(only, 'clpmdinit --create force md1')).stderr, /only one known to be/);
  t.is((await run(only, 'clpmdinit --create force md1', 'server2')).code, 0);
  t.is((await run(stage(), 'clpmdinit --create slow md1')).code, 2);
});

test('clpmdchng starts a stopped agent for as long as it needs it', async (t) => {
  for (const option of ['--execute', '--execcute']) {
    const on = stage();
    const stopped = withStopped('server2', 'clusterpro', 'clusterpro_md');
    on.servers.parts.set('server2/host', (body) => {
      if (body.op === 'start') on.servers.parts.set('server2/agent', says(agentView('server2')));
      return stopped(body);
    });
    on.servers.parts.set('server2/agent', silence('refused'));
    const report = await run(on, `clpmdchng ${option} /dev/sdb`, 'server2');
    t.is(report.stderr + report.stdout, 'Command succeeded.\n');
    t.deepEqual(on.servers.orders(), [
      'server2/host {"do":"service","name":"clusterpro_md","op":"start"}',
      'server2/agent {"do":"change-disk","device":"/dev/sdb"}',
      'server2/host {"do":"service","name":"clusterpro_md","op":"stop"}',
    ]);
  }
});

test('clpmdchng refuses a disk that is not there or is no mirroring disk', async (t) => {
  const on = stage();
  t.regex((await run(on, 'clpmdchng --execute /dev/sdz')).stderr, /no disk \/dev\/sdz; its disks/);
  t.is((await run(on, 'clpmdchng')).code, 2);
  t.deepEqual(on.servers.orders(), []);
});

const wrong: [string, string][] = [
  ['clpmdctrl --recovery md2', 'clpmdctrl: unknown mirror md2; did you mean md1?\n'],
  ['clpmdctrl --recovery', 'clpmdctrl: the name of a mirror disk resource is missing\n'],
  ['clpmdctrl --recvery md1', 'clpmdctrl: unknown option --recvery; did you mean --recovery?\n'],
  ['clpmdctrl --recovery --break md1', 'clpmdctrl: --break and --recovery exclude each other\n'],
  ['clpmdctrl --force server9 md1', 'clpmdctrl: unknown server server9; did you mean server1?\n'],
  ['clpmdctrl --deactive -nomount md1', 'clpmdctrl: -nomount goes with --active\n'],
  [
    'clpmdstat md1',
    'clpmdstat: nothing to do; give one of --mirror, --active, --detail, --list, --perf\n',
  ],
];

for (const [line, stderr] of wrong) {
  test(`${line} is one clear line, and nothing is done`, async (t) => {
    const on = stage();
    t.deepEqual(await run(on, line), { code: 2, stdout: '', stderr });
    t.deepEqual(on.servers.orders(), []);
  });
}
