/** Live processes: a look shows what was done before it, and never a process that cannot answer. */
import test from 'ava';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { makePlace, startLab, untilStatus } from './support.ts';

/** For what must be answered: a busy machine can take seconds to do so. */
const PATIENT_MS = 20_000;

const place = makePlace();
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'v3le');
});
test.after.always(async () => {
  lab?.close();
  await labDown(place.lab);
  place.remove();
});

/** Of the monitors on server1, in one word. */
async function monitorState(): Promise<string> {
  const { monitors } = viewOf(await lab.status());
  const states = Object.values(monitors).map(({ servers }) => servers.server1?.state);
  return states.every((state) => state === 'Suspend') ? 'suspended' : 'watching';
}

test.serial('The look after an order shows what it did, however soon it comes', async (t) => {
  await untilStatus(lab, 'groups online', ({ groups }) =>
    Object.values(groups).every(({ state }) => state === 'Online'),
  );
  const to = { server: 'server1', part: 'daemon' } as const;
  for (let round = 0; round < 10; round += 1) {
    for (const [op, state] of Object.entries({ suspend: 'suspended', resume: 'watching' })) {
      await lab.wire().request(to, { do: 'monitor', op, monitor: null }, PATIENT_MS);
      t.is(await monitorState(), state);
    }
  }
});

test.serial('A daemon that is stopped is not shown as it was a moment ago', async (t) => {
  const state = async () => viewOf(await lab.status()).servers.server2?.state;
  t.is(await state(), 'Online');
  const fault = { server: 'server2', part: 'daemon' } as const;
  await lab.fault({ kind: 'stopProcess', ...fault });
  t.is(await state(), 'Unknown');
  await lab.fault({ kind: 'continueProcess', ...fault });
});
