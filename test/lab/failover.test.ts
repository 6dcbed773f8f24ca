/**
 * Failover again and again on one lab with forced stop: the active server is killed, frozen, cut
 * off; each time the other one serves everything that was acknowledged, and with the power on
 * again the cluster is whole by itself.
 */
import test from 'ava';
import type { Fault } from '../../src/lab/faults.ts';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { makePlace, processesIn, startLab, untilStatus } from './support.ts';

const place = makePlace();
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'x5mirror', { autoRecovery: true });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

const SERVERS = ['server1', 'server2'];
const cables = (kind: 'cut' | 'heal'): Fault[] =>
  ['lan0', 'lan1', 'mdc400'].map((net) => ({ kind, net, from: 'server1', to: 'server2' }));

const activeOn = ({ mirrors }: Status) =>
  SERVERS.filter((server) => mirrors.md1?.servers[server]?.active === true);

function isWhole({ servers, mirrors, groups }: Status): boolean {
  return (
    Object.values(servers).every(({ state }) => state === 'Online') &&
    mirrors.md1?.state === 'Normal' &&
    Object.values(groups).every(({ state, activeOn: on }) => state === 'Online' && on?.length === 1)
  );
}

/** Switches on what is off, again and again: a forced stop may come after somebody did so. */
function wholeAgain(): Promise<Status> {
  return untilStatus(lab, 'whole by itself', (status) => {
    for (const { name, power } of Object.values(status.servers)) {
      if (power === 'off') void lab.fault({ kind: 'powerOn', server: name }).catch(() => undefined);
    }
    return isWhole(status);
  });
}

const losses: [string, (active: string) => Fault[]][] = [
  ['killed', (server) => [{ kind: 'kill', server }]],
  ['frozen', (server) => [{ kind: 'freeze', server }]],
  ['cut off', () => cables('cut')],
  ['killed again', (server) => [{ kind: 'kill', server }]],
];

for (const [how, faults] of losses) {
  test.serial(`the active server is ${how}: nothing acknowledged is lost`, async (t) => {
    const [active = ''] = activeOn(await untilStatus(lab, 'whole', isWhole));
    await lab.io.write('md1', { blocks: 20 });
    await Promise.all(faults(active).map((fault) => lab.fault(fault)));
    const isCut = how === 'cut off';
    await untilStatus(lab, 'one side serves, the other is off', (status) => {
      const on = activeOn(status);
      const other = SERVERS.find((server) => server !== on[0]) ?? '';
      const moved = isCut || on[0] !== active;
      return on.length === 1 && moved && status.servers[other]?.power === 'off';
    });
    await lab.io.write('md1', { blocks: 10, from: 15 });
    t.deepEqual((await lab.io.verify('md1')).wrong, []);
    await Promise.all(cables('heal').map((fault) => lab.fault(fault)));
    await wholeAgain();
    t.deepEqual((await lab.io.verify('md1')).wrong, []);
    t.true((await lab.io.compareCopies('md1')).identical);
  });
}

test.serial('the groups of a server that is reset run on, there or on the other one', async (t) => {
  const [active = ''] = activeOn(await untilStatus(lab, 'whole', isWhole));
  await lab.io.write('md1', { blocks: 20 });
  await lab.fault({ kind: 'reset', server: active });
  await wholeAgain();
  t.deepEqual((await lab.io.verify('md1')).wrong, []);
  t.true((await lab.io.compareCopies('md1')).identical);
  await lab.down();
  t.deepEqual(processesIn(lab.folder), []);
});
