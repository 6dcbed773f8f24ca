/**
 * v3 11.10.6 at the command line: the other server is off for good, and the copy of this one was
 * cut off before. Preflight lets it begin, and the run brings the service back.
 */
import test from 'ava';
import { documentOf, makePlace, type Place } from './support.ts';

let place: Place;
test.before(async () => {
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
});
test.after.always(async () => {
  await place?.run('lab', 'down');
  place?.remove();
});

const FORCE = ['v3-11.10.6', '--set', 'survivor=server2'];

interface Report {
  exit: number;
  items: { what: string; state: string; words: string; remedy?: string }[];
}

test.serial('with both servers up, preflight says what stands in the way', async (t) => {
  const refused = await place.run('preflight', ...FORCE);
  t.is(refused.exit, 4);
  t.regex(refused.out, /It would not start \(exit 4\)\. What to do:\n {2}required: mirror/);
  t.regex(refused.out, /: the copy of server2 is not RED; there is nothing to force\n/);
});

test.serial('with the other server off for good, the service is brought back', async (t) => {
  await place.run('lab', 'io', 'write', 'md1', '--count', '8');
  await place.run('lab', 'fault', 'cut', 'mdc400', 'server1', 'server2');
  await place.run('lab', 'io', 'write', 'md1', '--count', '8');
  await place.run('status', '--wait', "mirror('md1').on('server2').color == 'RED'");
  await place.run('lab', 'fault', 'kill', 'server1');
  const isAlone = "server('server1').power == 'off' && server('server2').state == 'Online'";
  t.is((await place.run('status', '--wait', isAlone)).exit, 0);

  const before = await place.run('preflight', ...FORCE, '--json');
  const { items, exit } = documentOf(before) as unknown as Report;
  t.is(before.exit, 0, before.out);
  t.is(exit, 0);
  const reach = items.find(({ what }) => what === 'reach server1');
  t.regex(reach?.words ?? '', /^not needed \(.*\): the plan runs no command there/);
  t.is(
    items.find(({ what }) => what === 'clock of server1'),
    undefined,
  );

  const lease = items.find(({ what }) => what === 'lease of the cluster');
  t.regex(lease?.words ?? '', /needs 2 of 2 servers, and 1 can .* --give-up server1$/);
  const named = await place.run('preflight', ...FORCE, '--give-up', 'server1');
  t.regex(named.out, /lease of the cluster +server1 is given up by name/);

  // Of two servers one is off: a person gives up by name what it says of the lease.
  const answers = ['--answer', 'accept-loss=server1', '--give-up', 'server1', '--yes'];
  const ended = await place.run('run', ...FORCE, ...answers);
  t.is(ended.exit, 0, ended.err);
  const serves = "group('failover1').state == 'Online' && active('md1') == 'server2'";
  t.is((await place.run('status', '--wait', serves)).exit, 0);
});
