import test from 'ava';
import { onTheWay, steadyStatus } from '../../src/runbook/run/steady.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';
import { handMadeStatus } from './hand-made-status.ts';

const healthy = () => handMadeStatus();

/** A door that shows one status a look, the last one for ever. */
function shows(...seen: Status[]) {
  let looks = 0;
  return {
    status: async () => seen[Math.min(looks++, seen.length - 1)] as Status,
    looks: () => looks,
  };
}

const booting = handMadeStatus((status) => {
  status.servers.server2!.node = 'booting';
});
const apart = handMadeStatus((status) => {
  status.mirrors.md1!.servers.server1!.connected = false;
});

/** Lets virtual time pass until the promise is settled. */
async function settle<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (let turn = 0; turn < 10; turn++) await null;
    clock.fireNext();
  }
  return promise;
}

test('a healthy cluster has nothing on its way', (t) => {
  t.deepEqual(onTheWay(healthy()), []);
});

test('what passes by itself is named', (t) => {
  t.deepEqual(onTheWay(booting), ['server2 is booting']);
  t.deepEqual(onTheWay(apart), ['the sides of md1 have not met']);
});

test('a plan is made from what stays, not from a passing moment', async (t) => {
  const clock = new VirtualClock(0);
  const door = shows(booting, apart, healthy());
  const status = await settle(clock, steadyStatus(door, clock));
  t.deepEqual(status, healthy());
});

test('a cable that stays cut is taken as it is at the limit', async (t) => {
  const clock = new VirtualClock(0);
  const status = await settle(clock, steadyStatus(shows(apart), clock, 2_000));
  t.deepEqual(status, apart);
  t.true(clock.now() >= 2_000);
});
