/** `lab up --real-mounts`: a file system on a mirror, from the command line. */
import test from 'ava';
import { execaSync } from 'execa';
import { testWithMounts } from '../support/tools.ts';
import { documentOf, makePlace } from './support.ts';

testWithMounts(
  'lab up --real-mounts mounts the mirror, and lab status says how to look',
  async (t) => {
    const place = await makePlace();
    t.teardown(async () => {
      await place.run('lab', 'down');
      place.remove();
    });
    const up = await place.run(
      'lab',
      'up',
      '--config',
      'x5mirror',
      '--size',
      '24',
      '--real-mounts',
    );
    t.is(up.exit, 0, up.err);
    t.true(documentOf(await place.run('lab', 'status', '--json')).realMounts);
    const said = (await place.run('lab', 'status')).out;
    const words = /real mounts of server1: (nsenter .*)$/m.exec(said)?.[1]?.split(' ') ?? [];
    const shown = execaSync(words[0] as string, words.slice(1)).stdout;
    t.regex(shown, /\/servers\/server1\/root\/mnt\/md1 type ext4/);
    const late = await place.run('lab', 'status', '--real-mounts');
    t.deepEqual([late.exit, /goes with `lab up`/.test(late.err)], [2, true], late.err);
  },
);

test('without root the refusal says what would do', async (t) => {
  if (process.getuid?.() === 0) {
    t.pass('root may');
    return;
  }
  const place = await makePlace();
  t.teardown(() => place.remove());
  const { exit, err } = await place.run('lab', 'up', '--config', 'x5mirror', '--real-mounts');
  t.is(exit, 2);
  t.regex(err, /this is not root; be root, or leave --real-mounts out/);
});
