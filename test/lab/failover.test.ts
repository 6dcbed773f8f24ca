/**
 * Failover again and again on one lab with forced stop: the active server is killed, frozen, cut
 * off; each time one side serves everything that was acknowledged, and with the power on again the
 * cluster is whole by itself.
 *
 * Two things end a frozen server: its own watchdog, which resets it (v3 10.5), and the other side's
 * forced stop. Both are due at about one time, and a lab's server boots so quickly that one that was
 * reset may be heard again before it is stopped by force (test/sim/frozen.test.ts has both ends).
 * Only with the watchdog suspended is it the forced stop for certain.
 */
import test from 'ava';
import type { Fault } from '../../src/host/faults.ts';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { makePlace, processesIn, startLab, untilStatus, untilSwitchedOn } from './support.ts';

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

interface Seen {
  /** Active before the fault, and its boot then. */
  was: string;
  bootId: string | null | undefined;
  /** Active now. */
  on: string[];
  status: Status;
}

const isOff = ({ status }: Seen, server: string | undefined): boolean =>
  status.servers[server ?? '']?.power === 'off';

/** Each of these stays so until somebody switches a server on. */
const isMoved = (seen: Seen): boolean => isOff(seen, seen.was) && seen.on[0] !== seen.was;
const isOneLeft = (seen: Seen): boolean =>
  SERVERS.some((server) => isOff(seen, server) && server !== seen.on[0]);
/** … and this one, too: a boot that is over does not come back. */
const isEnded = (seen: Seen): boolean =>
  isMoved(seen) || (seen.status.servers[seen.was]?.bootId ?? seen.bootId) !== seen.bootId;

async function watchdog(server: string, how: '-s' | '-r'): Promise<void> {
  const { exitCode, stderr } = await lab.exec(server, ['clpmonctrl', how, '-m', 'userw']);
  if (exitCode !== 0) throw new Error(stderr);
}

interface Loss {
  how: string;
  faults: (active: string) => Fault[];
  isOver: (seen: Seen) => boolean;
  isUnwatched?: boolean;
}

const kill = (server: string): Fault[] => [{ kind: 'kill', server }];
const freeze = (server: string): Fault[] => [{ kind: 'freeze', server }];
const losses: Loss[] = [
  { how: 'killed', faults: kill, isOver: isMoved },
  { how: 'frozen without a watchdog', faults: freeze, isOver: isMoved, isUnwatched: true },
  { how: 'frozen', faults: freeze, isOver: isEnded },
  { how: 'cut off', faults: () => cables('cut'), isOver: isOneLeft },
  { how: 'killed again', faults: kill, isOver: isMoved },
];

for (const { how, faults, isOver, isUnwatched } of losses) {
  test.serial(`the active server is ${how}: nothing acknowledged is lost`, async (t) => {
    const whole = await untilStatus(lab, 'whole', isWhole);
    const [was = ''] = activeOn(whole);
    const { bootId } = whole.servers[was] ?? {};
    if (isUnwatched) await watchdog(was, '-s');
    await lab.io.write('md1', { blocks: 20 });
    await Promise.all(faults(was).map((fault) => lab.fault(fault)));
    await untilStatus(lab, 'the loss is over and one side serves', (status) => {
      const on = activeOn(status);
      return on.length === 1 && isOver({ was, bootId, on, status });
    });
    await lab.io.write('md1', { blocks: 10, from: 15 });
    t.deepEqual((await lab.io.verify('md1')).wrong, []);
    await Promise.all(cables('heal').map((fault) => lab.fault(fault)));
    await untilSwitchedOn(lab, 'whole by itself', isWhole);
    if (isUnwatched) await watchdog(was, '-r');
    t.deepEqual((await lab.io.verify('md1')).wrong, []);
    t.true((await lab.io.compareCopies('md1')).identical);
  });
}

test.serial('the groups of a server that is reset run on, there or on the other one', async (t) => {
  const [active = ''] = activeOn(await untilStatus(lab, 'whole', isWhole));
  await lab.io.write('md1', { blocks: 20 });
  await lab.fault({ kind: 'reset', server: active });
  await untilSwitchedOn(lab, 'whole by itself', isWhole);
  t.deepEqual((await lab.io.verify('md1')).wrong, []);
  t.true((await lab.io.compareCopies('md1')).identical);
  await lab.down();
  t.deepEqual(processesIn(lab.folder), []);
});
