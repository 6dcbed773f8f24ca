/**
 * The case of v3 11.10.6 on real processes and disks: server1 went on alone and died, an operator
 * forced the copy of server2 and serves it; then server1 gets its power back, first with the mirror
 * connect still cut. Whatever it finds, the copy that was given up is not the newest again.
 */
import test from 'ava';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { makePlace, processesIn, startLab, untilStatus, untilSwitchedOn } from './support.ts';

const place = makePlace();
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'x5mirror', { autoRecovery: false });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

const mirror = (kind: 'cut' | 'heal') =>
  lab.fault({ kind, net: 'mdc400', from: 'server1', to: 'server2' });

const side = ({ mirrors }: Status, server: string) => mirrors.md1?.servers[server];
const homes = ({ groups }: Status) => groups.failover1?.activeOn?.join(' and ');
const colors = (status: Status): string =>
  ['server1', 'server2'].map((server) => side(status, server)?.color).join(' ');

const isServer1Back = ({ servers }: Status): boolean =>
  servers.server1?.state === 'Online' && servers.server1.agent === 'running';

test('a copy that was forced stays the newest when the other server comes back', async (t) => {
  await untilStatus(lab, 'whole', (status) => colors(status) === 'GREEN GREEN');
  await untilStatus(lab, 'served', (status) => homes(status) === 'server1');
  await lab.io.write('md1', { blocks: 20 });
  await mirror('cut');
  await untilStatus(lab, 'server1 alone', (status) => colors(status) === 'GREEN RED');
  t.is((await lab.io.write('md1', { blocks: 10, from: 15 })).server, 'server1');
  await lab.fault({ kind: 'kill', server: 'server1' });
  await untilStatus(lab, 'server2 waits', ({ servers, groups }) => {
    return servers.server1?.power === 'off' && groups.failover1?.state === 'Online Failure';
  });
  const answers = [{ prompt: 'Give up the copy of md1 on server1? (y/n): ', reply: 'y' }];
  const forced = await lab.exec('server2', ['clpmdctrl', '-f', 'md1'], { answers });
  t.is(forced.exitCode, 0, forced.stderr);
  t.is((await lab.exec('server2', ['clpgrp', '-s', 'failover1'])).exitCode, 0);
  // The operator's loss is written over, so that all that is read afterwards is this copy's.
  t.is((await lab.io.write('md1', { blocks: 20, from: 10 })).server, 'server2');

  await lab.fault({ kind: 'powerOn', server: 'server1' });
  await untilSwitchedOn(lab, 'server1 is back', isServer1Back, ['server1']);
  const cut = await untilStatus(lab, 'compared', (status) => colors(status) === 'RED GREEN');
  t.is(homes(cut), 'server2');
  t.is(cut.mirrors.md1?.state, 'Abnormal');
  t.is(side(cut, 'server1')?.connected, false);
  t.not(side(cut, 'server1')?.latest, true);
  t.not(side(cut, 'server1')?.generation, side(cut, 'server2')?.generation);
  const activated = await lab.exec('server1', ['clpmdctrl', '-a', 'md1']);
  t.not(activated.exitCode, 0);
  const table = await lab.exec('server2', ['clpmdstat', '-m', 'md1']);
  t.regex(table.stdout, /Mirror Color\s+RED\s+GREEN/);
  t.regex(table.stdout, /Not Compared Since/);
  t.deepEqual((await lab.io.verify('md1')).wrong, []);

  await mirror('heal');
  const healed = await untilStatus(lab, 'connected', (status) => {
    return side(status, 'server1')?.connected === true;
  });
  t.is(colors(healed), 'RED GREEN');
  t.is(homes(healed), 'server2');
  t.deepEqual((await lab.io.verify('md1')).wrong, []);
  // Again when a busy machine lost the connection meanwhile.
  await untilStatus(lab, 'recovered', async (status) => {
    if (colors(status) === 'RED GREEN' && !status.mirrors.md1?.recovery) {
      await lab.exec('server2', ['clpmdctrl', '--recovery', 'md1'], { answers });
    }
    return colors(status) === 'GREEN GREEN';
  });
  const verdict = await lab.io.verify('md1');
  t.is(verdict.server, 'server2');
  t.deepEqual(verdict.wrong, []);
  t.true((await lab.io.compareCopies('md1')).identical);
  await lab.down();
  t.deepEqual(processesIn(lab.folder), []);
});
