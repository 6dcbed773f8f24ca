/**
 * Disks that several servers reach, in labs: a disk resource with all that stands outside the
 * servers, and a hybrid disk, whose active server is killed; the next one of its server group serves
 * the same copy.
 */
import test from 'ava';
import { labDown } from '../../src/lab/lab.ts';
import { makePlace, startLab, untilStatus } from './support.ts';

test.serial('a shared disk, a volume group and a name go where the group goes', async (t) => {
  const place = makePlace();
  try {
    const lab = await startLab(place.lab, 'x5shared');
    const moved = await lab.exec('server1', ['clpgrp', '-m', 'failover1', '-a', 'server2']);
    t.is(moved.exitCode, 0, moved.stderr);
    const watched = await untilStatus(lab, 'its monitors have looked', ({ monitors }) =>
      ['diskw1', 'volmgrw1', 'ddnsw1', 'vipw1'].every(
        (name) => monitors[name]?.servers.server2?.state === 'Normal',
      ),
    );
    t.is(watched.groups.failover1?.current, 'server2');
    lab.close();
  } finally {
    await labDown(place.lab);
    place.remove();
  }
});

test.serial(
  'the active server of a hybrid disk dies: its group serves the same copy',
  async (t) => {
    const place = makePlace();
    try {
      const lab = await startLab(place.lab, 'x5hybrid');
      const written = await lab.io.write('hd1', { blocks: 16 });
      t.is(written.server, 'server1');
      await lab.fault({ kind: 'kill', server: 'server1' });
      const seen = await untilStatus(
        lab,
        'server2 serves',
        ({ groups, mirrors }) =>
          groups.failover1?.state === 'Online' &&
          groups.failover1.current === 'server2' &&
          mirrors.hd1?.state === 'Normal',
      );
      t.deepEqual(Object.keys(seen.mirrors.hd1?.servers ?? {}), ['server2', 'server3']);
      const { server, checked, wrong } = await lab.io.verify('hd1');
      t.deepEqual({ server, checked, wrong }, { server: 'server2', checked: 16, wrong: [] });
      t.true((await lab.io.compareCopies('hd1')).identical);
      lab.close();
    } finally {
      await labDown(place.lab);
      place.remove();
    }
  },
);
