/**
 * OCF agents as programs: Debian's own Dummy agents with their state in a folder of the test, what a
 * lab refuses, and limits.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { ocfAgents } from '../../src/adapters/ocf-agents.ts';
import { labRefusal } from '../../src/lab/ocf-rules.ts';
import type { OcfCall } from '../../src/ports/ocf.ts';
import { testWithAgents } from '../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-ocf-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function agents(name: string, bootId = 'boot1', isOwnNetwork = false) {
  const place = join(folder, name);
  const saves: string[] = [];
  const runner = ocfAgents({
    state: join(place, 'state'),
    bootId,
    logs: join(place, 'log'),
    marks: { DRYDOCK_SERVER: name },
    refusal: (call) => labRefusal(call, isOwnNetwork),
    saved: async () => void saves.push('saved'),
  });
  return { runner, saves, state: join(place, 'state', bootId) };
}

function call(action: OcfCall['action'], over: Partial<OcfCall> = {}): OcfCall {
  const named = { provider: 'heartbeat', agent: 'Dummy', instance: 'ocf1' };
  return { ...named, action, parameters: {}, intervalMs: 0, checkLevel: null, ...over };
}

const LIMIT_MS = 20_000;
const ended = (code: number, reason = '') => ({ code, timedOut: false, refused: false, reason });

testWithAgents(['heartbeat/Dummy'], 'the real Dummy agent keeps to the lab’s folder', async (t) => {
  const { runner, saves, state } = agents('one');
  const run = (action: OcfCall['action'], over = {}) => runner.run(call(action, over), LIMIT_MS);
  t.deepEqual(await run('monitor'), ended(7));
  t.deepEqual(await run('start'), ended(0));
  t.deepEqual(readdirSync(join(state, 'tmp')), ['Dummy-ocf1.state']);
  t.deepEqual(await run('monitor'), ended(0));
  t.deepEqual(await run('stop'), ended(0));
  t.deepEqual(await run('monitor'), ended(7));
  t.deepEqual(
    await run('monitor', { intervalMs: 10_000 }),
    ended(7, 'No process state file found'),
  );
  t.is(saves.length, 6);
  t.false(existsSync('/run/resource-agents/Dummy-ocf1.state'));
});

testWithAgents(['heartbeat/Dummy'], 'after a boot nothing of it is there', async (t) => {
  const before = agents('two', 'boot1');
  await before.runner.run(call('start'), LIMIT_MS);
  t.deepEqual(await agents('two', 'boot1').runner.run(call('monitor'), LIMIT_MS), ended(0));
  t.deepEqual(await agents('two', 'boot2').runner.run(call('monitor'), LIMIT_MS), ended(7));
  t.false(existsSync(before.state));
});

testWithAgents(['pacemaker/Dummy'], 'an action is killed with all it started', async (t) => {
  const { runner } = agents('three');
  const about = { provider: 'pacemaker', parameters: { op_sleep: '77' } };
  const begun = runner.run(call('start', about), 1);
  // Its own meta-data gives it 20 s, however little is configured; it is killed earlier by hand.
  const held = await Promise.race([begun, looksFor('sleep 77')]);
  t.is(held, 'sleep 77');
  runner.killAll();
  t.like(await begun, { code: null, refused: false });
  t.is(await countOf('sleep 77'), 0);
});

/** Processes of this test with that command line. */
async function countOf(command: string): Promise<number> {
  const { stdout } = await execa('ps', ['-eo', 'args'], { reject: false });
  return stdout.split('\n').filter((line) => line.trim() === command).length;
}

async function looksFor(command: string): Promise<string> {
  while ((await countOf(command)) === 0);
  return command;
}

const refusals: [Partial<OcfCall>, boolean, RegExp | null][] = [
  [{}, false, null],
  [{ parameters: { fake: 'x' } }, false, null],
  [
    { parameters: { state: '/etc/passwd' } },
    false,
    /gives agent heartbeat:Dummy no parameter state/,
  ],
  [
    { provider: 'pacemaker', parameters: { envfile: '/etc/passwd' } },
    false,
    /no parameter envfile/,
  ],
  [{ agent: 'apache' }, true, /could touch the machine itself$/],
  [{ agent: 'Filesystem' }, true, /could touch the machine itself$/],
  [{ agent: 'IPaddr2' }, false, /as root in a network namespace of its own it would run it$/],
  [{ agent: 'IPaddr2', parameters: { ip: '10.9.0.5', nic: 'eth1' } }, true, null],
  [{ agent: 'IPaddr2', parameters: { iptables: '/bin/sh' } }, true, /no parameter iptables/],
];

for (const [over, isOwnNetwork, expected] of refusals) {
  const name = `${over.provider ?? ''} ${over.agent ?? 'Dummy'} ${JSON.stringify(over.parameters ?? {})}`;
  test(`a lab ${expected ? 'refuses' : 'runs'} ${name}${isOwnNetwork ? ', own network' : ''}`, (t) => {
    const why = labRefusal(call('start', over), isOwnNetwork);
    if (expected === null) t.is(why, null);
    else t.regex(why ?? '', expected);
  });
}

test('what is refused is not run', async (t) => {
  const { runner, state } = agents('four');
  const end = await runner.run(call('start', { parameters: { state: '/etc/passwd' } }), LIMIT_MS);
  t.like(end, { code: null, refused: true });
  const odd = await runner.run(call('start', { instance: '../../x' }), LIMIT_MS);
  t.like(odd, { code: null, refused: true, reason: '"../../x" is no name' });
  t.false(existsSync(state));
});

test('mounts are looked at as the kernel shows them', async (t) => {
  const { runner } = agents('five');
  const sight = await runner.look('mounts', 'nas:/srv');
  t.is(sight?.device, null);
  t.is(sight?.text, readFileSync('/proc/self/mountinfo', 'utf8'));
});
