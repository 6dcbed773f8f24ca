/**
 * What the two runbooks that can lose data promise, shown on a twin: v3-11.8.2 reads a copy without
 * a byte of it being written; v3-11.10.6 cuts the other server off first, and nothing is recovered
 * by itself afterwards.
 */

import test from 'ava';
import type { Plan } from '../../src/core/plan.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { withCommands } from '../support/doors.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

function caseOf(id: string): Case {
  return CASES.find((made) => made.id === id) as Case;
}

/** Runs a case; `seen` is called before each command and act of a person. */
async function play(
  made: Case,
  seen: (twin: Twin, words: string) => void = () => {},
): Promise<{ twin: Twin; plan: Plan; outcome: string; words: string }> {
  const twin = await liveTwin(made);
  const plan = await planFor(twin, made);
  const { door, operator, clock, random } = worldOf(twin, made);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const { outcome, words } = await twin.run(
    runPlan({
      plan,
      journal,
      clock,
      random,
      who: 'ann@desk',
      door: withCommands(door, {
        exec(request) {
          seen(twin, `${request.server}: ${request.argv.join(' ')}`);
          return door.commands.exec(request);
        },
      }),
      operator: {
        ...operator,
        perform(act, text) {
          seen(twin, `${act.act} ${'server' in act ? act.server : ''}`);
          return operator.perform(act, text);
        },
      },
    }),
  );
  return { twin, plan, outcome, words };
}

const copyOf = (twin: Twin): Buffer =>
  Buffer.from(twin.server('server1').devices.peek('/dev/sdb2')!);

test('v3-11.8.2 protects the device before it is mounted, and no byte of the copy changes', async (t) => {
  const acts: string[] = [];
  let before: Buffer | null = null;
  const { twin, outcome, words } = await play(caseOf('v3-11.8.2'), (there, act) => {
    acts.push(act);
    if (act.includes('--setro')) before = copyOf(there);
  });
  t.is(outcome, 'done', words);
  const at = (part: string) => acts.findIndex((act) => act.includes(part));
  t.true(at('blockdev --setro') >= 0 && at('blockdev --setro') < at('mount -'));
  t.regex(acts[at('mount -')] ?? '', / -t ext3 -o loop \/var\/backup\/mirror.img /);
  t.true(at('dd if=/dev/sdb2') < at('mount -'), 'only the copy is ever mounted');
  t.true(acts.some((act) => act.includes('mount -r -t ext3 -o loop ')));
  t.true(at('tar -cf') < at('tar -tf'), 'the archive is looked at');
  t.true(at('umount') < at('blockdev --setrw'), 'protected until nothing is mounted any more');
  t.deepEqual(copyOf(twin), before as unknown as Buffer);
  const { md1 } = viewOf(await twin.look()).mirrors;
  t.true(Object.values(md1!.servers).every(({ active }) => active !== true));
});

test('v3-9.1.1 archives no bare folder, also where a mirror is mounted elsewhere', async (t) => {
  const acts: string[] = [];
  const made: Case = { ...caseOf('v3-9.1.1'), given: { point: '/mnt/elsewhere' } };
  const { outcome, words } = await play(made, (_, act) => acts.push(act));
  t.not(outcome, 'done', words);
  t.regex(words, /nothing is mounted on \/mnt\/elsewhere of server1/);
  t.false(
    acts.some((act) => act.includes('tar ')),
    acts.join('\n'),
  );
});

test('v3-11.8.2: a protected device refuses what could write to it', async (t) => {
  const twin = await liveTwin(caseOf('v3-11.8.2'));
  for (const line of ['chkconfig --del clusterpro', 'chkconfig --del clusterpro_md', 'reboot']) {
    await twin.exec('server1', line.split(' '));
  }
  await twin.until('rebooted', (now) => viewOf(now).servers.server1?.node === 'stopped');
  t.is((await twin.exec('server1', ['blockdev', '--setro', '/dev/sdb2'])).exitCode, 0);
  const writable = ['mount', '-t', 'ext3', '/dev/sdb2', '/mnt'];
  const before = copyOf(twin);
  await twin.exec('server1', writable);
  const mounted = viewOf(await twin.look()).servers.server1?.mounts?.filter(
    ({ device }) => device === '/dev/sdb2',
  );
  t.true(mounted?.every(({ readOnly }) => readOnly) ?? false, 'never mounted for writing');
  t.deepEqual(copyOf(twin), before);
});

test('v3-11.10.6 cuts the other server off first and holds automatic recovery', async (t) => {
  const acts: string[] = [];
  const made: Case = {
    ...caseOf('v3-11.10.6'),
    autoRecovery: true,
    situation: [],
    // The other server still runs, out of reach of the cluster: only its power can be cut.
    arrange: async (twin) => {
      await twin.run(twin.io.write('md1', 'server1', 0, 8));
      twin.faults.cut('*', 'server1', 'server2');
      await twin.run(twin.io.write('md1', 'server1', 4, 8));
      await twin.until(
        'broken',
        (now) => viewOf(now).mirrors.md1?.servers.server2?.color === 'RED',
      );
      await twin.atRest();
    },
  };
  const { twin, outcome, words } = await play(made, (_, act) => acts.push(act));
  t.is(outcome, 'done', words);
  t.is(acts[0], 'cutPower server1');
  t.true(acts.findIndex((act) => act.includes('--force')) > 0);
  const forced = viewOf(await twin.look()).mirrors.md1?.servers.server2;
  t.like(forced, { color: 'GREEN', active: true, autoRecoveryHeld: true });
  // It comes back, connected and behind: still nobody gives its copy up.
  twin.io.forget('md1');
  twin.faults.heal('*', 'server1', 'server2');
  await twin.run(twin.faults.powerOn('server1'));
  await twin.until('met', (now) => viewOf(now).mirrors.md1?.servers.server2?.connected === true);
  const kept = copyOf(twin);
  await twin.advance(60_000);
  const later = viewOf(await twin.look());
  t.is(later.mirrors.md1?.recovery, null);
  t.is(later.mirrors.md1?.servers.server1?.color, 'RED');
  t.deepEqual(copyOf(twin), kept);
});
