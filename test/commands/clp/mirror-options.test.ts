/** clpmdctrl's orders for a running mirror: what is asked of the agent, and what is said. */
import test from 'ava';
import { sizeOf } from '../../../src/commands/clp/mirror-options.ts';
import { run, stage } from './fake-environment.ts';

const asked: [string, string][] = [
  ['--updatekey md1', '{"do":"update-key","mirror":"md1"}'],
  ['--mdcswitch md1', '{"do":"switch-connect","mirror":"md1","priority":null}'],
  ['--mdcswitch md1 2', '{"do":"switch-connect","mirror":"md1","priority":2}'],
  ['--sync md1', '{"do":"set-option","mirror":"md1","option":"sync","on":true}'],
  ['--nosync md1', '{"do":"set-option","mirror":"md1","option":"sync","on":false}'],
  ['--compress md1', '{"do":"set-option","mirror":"md1","option":"compress","on":true}'],
  ['--nocompress md1', '{"do":"set-option","mirror":"md1","option":"compress","on":false}'],
  ['--resize 1G md1', '{"do":"resize","mirror":"md1","sizeBytes":1073741824,"force":false}'],
  ['--resize -force 3 md1', '{"do":"resize","mirror":"md1","sizeBytes":1536,"force":true}'],
  ['--pause md1', '{"do":"pause","mirror":"md1","on":true}'],
  ['--resume md1', '{"do":"pause","mirror":"md1","on":false}'],
];

for (const [line, body] of asked) {
  test(`clpmdctrl ${line}`, async (t) => {
    const on = stage();
    const report = await run(on, `clpmdctrl ${line}`);
    t.is(report.code, 0, report.stderr);
    t.deepEqual(on.servers.orders(), [`server1/agent ${body}`]);
  });
}

const wrong = [
  '--resize md1',
  '--resize 5X md1',
  '--resize 0 md1',
  '--mdcswitch md1 first',
  '--sync',
  '--sync md9',
  '--sync --nosync md1',
  '--pause -force md1',
  '--resize -mark 1G md1',
  '--updatekey md1 md2',
  '--recovery -keep /root/f md1',
];

for (const line of wrong) {
  test(`clpmdctrl ${line} is wrong usage, and nothing is asked`, async (t) => {
    const on = stage();
    t.is((await run(on, `clpmdctrl ${line}`)).code, 2);
    t.deepEqual(on.servers.orders(), []);
  });
}

test('a verify says that both are equal, or which bytes differ and what to do', async (t) => {
  const on = stage();
  const answer = (reply: object) => on.servers.parts.set('server1/agent', () => reply);
  answer({ blocks: 64, differingBlocks: 0, differing: [], marked: false, inStep: true });
  const equal = await run(on, 'clpmdctrl --verify md1');
  t.is(equal.code, 0);
  t.regex(equal.stdout, /both copies are equal \(64 blocks/);
  const differing = [[65536, 131072]];
  answer({ blocks: 64, differingBlocks: 2, differing, marked: true, inStep: false });
  const report = await run(on, 'clpmdctrl --verify -mark md1');
  t.is(report.code, 1);
  t.is(
    report.stderr,
    `clpmdctrl: md1: 2 of 64 blocks of 64 KiB differ, in bytes:
  65536 +131072
they are marked as difference; recover: clpmdctrl --recovery md1
`,
  );
});

test('sizes are powers of 1024, and sectors without a unit', (t) => {
  const sizes = ['1', '1K', '2M', '500G', '3T'].map(sizeOf);
  t.deepEqual(sizes, [512, 1024, 2 * 1024 ** 2, 500 * 1024 ** 3, 3 * 1024 ** 4]);
});
