/** Eight servers in a lab: all come up, one dies, and what it ran goes on elsewhere. */
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import { type Lab, labDown, labUp } from '../../src/lab/lab.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { eightServers } from '../support/eight.ts';
import { makePlace, untilStatus } from './support.ts';

const place = makePlace();
let lab: Lab;

test.before(async () => {
  await buildPrograms();
  lab = await labUp({ folder: place.lab, configText: eightServers(10_000) });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

/** A busy machine takes its time to start a hundred processes. */
const START_MS = 120_000;

const online = ({ servers }: Status) =>
  Object.values(servers)
    .filter(({ state }) => state === 'Online')
    .map(({ name }) => name);
const homes = ({ groups }: Status) =>
  Object.values(groups).map(({ name, state, activeOn }) => `${name} ${state} ${activeOn}`);
const others = (status: Status) => homes(status).filter((words) => !words.startsWith('failover3 '));

test('eight servers come up, and of one that dies the next one takes the group', async (t) => {
  const names = Array.from({ length: 8 }, (_, at) => `server${at + 1}`);
  const begun = names.map((name, at) => `failover${at + 1} Online ${name}`);
  const up = await untilStatus(
    lab,
    'all is online',
    (status) => homes(status).every((words, at) => words === begun[at]),
    START_MS,
  );
  t.deepEqual(homes(up), begun);
  t.deepEqual(online(up), names);
  await lab.fault({ kind: 'kill', server: 'server3' });
  const taken = await untilStatus(
    lab,
    'server4 runs it',
    (status) => homes(status).includes('failover3 Online server4') && online(status).length === 7,
    START_MS,
  );
  t.is(taken.servers.server3?.power, 'off');
  t.deepEqual(others(taken), others(up));
  const { exitCode, stdout } = await lab.exec('server8', ['clpstat', '-g']);
  t.is(exitCode, 0);
  t.regex(stdout, /failover3/);
});
