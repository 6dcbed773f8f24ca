/** Which messages begin an investigation (x5 2.9), and of what. */
import test from 'ava';
import { type MessageKey, messageOf, readMessage } from '../../src/messages/index.ts';
import { investigationOf } from '../../src/messages/investigated.ts';
import type { Said } from '../../src/schema/generated/raised-messages.ts';

const said: [key: MessageKey<'x5'>, args: Said[], name: string | null | undefined][] = [
  ['resourceStartFailed', ['fip1', 15, 'in use (again)'], 'fip1'],
  ['monitorFailed', ['ip.w[1]', 1, 'no answer'], 'ip.w[1]'],
  ['bmcOffFailed', ['server2'], null],
  ['bmcCycleFailed', ['server2'], null],
  ['bmcResetFailed', ['server2'], null],
  ['bmcNmiFailed', ['server2'], null],
  ['machineStopFailed', ['server2'], null],
  ['stopScriptFailed', ['1'], null],
  ['resourceStopFailed', ['fip1', 1, 'stuck'], undefined],
  ['monitorWarn', ['fipw1', 1, 'no answer'], undefined],
  ['groupStartFailed', ['failover1'], undefined],
  ['bmcOffOrdered', ['server2'], undefined],
  ['started', [], undefined],
];

for (const [key, args, name] of said) {
  test(`${key} begins ${name === undefined ? 'nothing' : `one of ${name ?? 'no name'}`}`, (t) => {
    const message = messageOf('x5', key, ...(args as never));
    const found = investigationOf(message);
    t.is(found === null ? undefined : found.name, name);
    if (name) t.is(found?.of, key === 'monitorFailed' ? 'monitor' : 'resource');
  });
}

for (const [template, text, args] of [
  ['Activating %1 failed.(%2 : %3)', 'Activating a failed.(1 : b)', ['a', '1', 'b']],
  ['Activating %1 failed.', 'Stopping a failed.', null],
  ['Stopped.', 'Stopped.', []],
  ['%1 ends.', 'two\nlines ends.', ['two\nlines']],
] as const) {
  test(`${template} in ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(readMessage(template, text), args && [...args]);
  });
}
