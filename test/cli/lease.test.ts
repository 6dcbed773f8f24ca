/** The lease through the command line, in a lab whose servers are switched off in turn. */
import test from 'ava';
import { makePlace } from './support.ts';

/** Looks twice on a server; it may be parked in between. */
const LOOKS = `
id: looks
title: Look twice
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
parameters:
  on: { type: string, from: servers, description: where }
steps:
  - { id: look, title: Look, on: "{on}", run: clpstat -n, undo: none, added: a test, safe: true }
  - { id: again, title: Look again, on: "{on}", run: clpstat -n, undo: none, added: a test }
`;

const place = await makePlace();

test.before(async (t) => {
  const up = await place.run('lab', 'up', '--config', 'v3le');
  t.is(up.exit, 0, up.err);
});

test.after.always(async () => {
  await place.run('lab', 'down');
  place.remove();
});

test.serial(
  'servers off in turn: one run at a time, and what a person gave up is recorded',
  async (t) => {
    const file = place.file('looks.runbook.yaml', LOOKS);
    const looks = (on: string, ...more: string[]) =>
      place.run('run', file, '--set', `on=${on}`, '--yes', ...more);
    const fault = async (kind: string, server: string) => {
      const { exit, err } = await place.run('lab', 'fault', kind, server);
      t.is(exit, 0, err);
    };

    await fault('kill', 'server1');
    const alone = await looks('server2');
    t.is(alone.exit, 5, alone.err);
    t.regex(alone.err, /server1 is off.*--give-up server1/s);
    const first = await looks('server2', '--give-up', 'server1', '--stop-after', 'look');
    t.is(first.exit, 3, first.err);
    const run = /^run (\S+)$/m.exec(first.err)?.[1];
    t.truthy(run, first.err);

    await fault('power-on', 'server1');
    const told = `server('server1').node == 'online'`;
    t.is((await place.run('status', '--wait', told)).exit, 0);
    await fault('kill', 'server2');
    const second = await looks('server1', '--give-up', 'server2');
    t.is(second.exit, 5, `${second.err}${second.out}`);
    t.regex(`${second.err}${second.out}`, new RegExp(`held by run ${run}`));

    await fault('power-on', 'server2');
    t.is((await place.run('status', '--wait', told.replace('server1', 'server2'))).exit, 0);
    const resumed = await place.run('resume', run!, '--yes');
    t.is(resumed.exit, 0, resumed.err);
    const shown = await place.run('audit', 'show', '--json');
    t.regex(shown.out, /"gaveUp":\["server1"\]/);
    const log = await place.run('run-log', run!);
    t.regex(log.out, /run started .*\n {2}lease: \S+ gave up server1 by name\n/);
  },
);
