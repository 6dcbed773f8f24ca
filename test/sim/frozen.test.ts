/**
 * A frozen server under forced stop, frozen at every point between two pets of its watchdog: the
 * watchdog resets it (v3 10.5) at about the time when the other side's forced stop is due. By the
 * moment it is heard again before that, and runs on, or is stopped by force. Either way nothing
 * acknowledged is lost.
 */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

const configText = readFileSync(
  new URL('../../fixtures/clusters/x5mirror.clp.conf', import.meta.url),
  'utf8',
);
/** Of the watchdog: a third of the heartbeat timeout. */
const PET_EVERY_MS = 500;
const STEP_MS = 40;
const ENDS = ['reset', 'reset, cut', 'cut'];
/** Longer than the heartbeat timeout, the delay of a forced stop and a boot together. */
const OVER_MS = 4000;

const isWhole = (status: Status): boolean => {
  const { servers, mirrors, groups } = viewOf(status);
  return (
    Object.values(servers).every(({ state }) => state === 'Online') &&
    mirrors.md1?.state === 'Normal' &&
    Object.values(groups).every(({ state, activeOn: on }) => state === 'Online' && on?.length === 1)
  );
};

async function serving(home: string): Promise<Twin> {
  const twin = await buildTwin({ configText, seed: `frozen ${home}`, powerLoss: 'reorder' });
  await twin.up();
  if (home === 'server2') await twin.exec('server1', ['clpgrp', '-m', 'failover1']);
  await twin.until('whole', isWhole);
  return twin;
}

/** What ended the server, by the log of its controller. */
async function freezes(twin: Twin, home: string): Promise<string> {
  const logged = twin.log.length;
  await twin.run(twin.faults.freeze(home));
  await twin.advance(OVER_MS);
  const ends = twin.log.slice(logged).flatMap(({ server, module, text }) => {
    if (server !== home || module !== 'host') return [];
    return [text.includes('watchdog') ? 'reset' : 'cut'];
  });
  return ends.join(', ');
}

async function becomesWhole(twin: Twin, home: string): Promise<string[]> {
  const { servers } = viewOf(await twin.look());
  if (servers[home]?.power === 'off') await twin.run(twin.faults.powerOn(home));
  const { mirrors } = viewOf(await twin.until('whole again', isWhole));
  const sides = Object.entries(mirrors.md1!.servers);
  const [active = 'none'] = sides.flatMap(([server, side]) => (side.active ? [server] : []));
  return [...(await twin.violations()), ...(await twin.run(twin.io.verify('md1', active)))];
}

for (const home of ['server1', 'server2']) {
  test(`whenever ${home} freezes in service, its watchdog or a forced stop ends it`, async (t) => {
    const seen = new Set<string>();
    for (let at = 0; at < PET_EVERY_MS; at += STEP_MS) {
      const twin = await serving(home);
      t.is((await twin.run(twin.io.write('md1', home, 0, 8))).failed, 0);
      await twin.advance(at);
      seen.add(await freezes(twin, home));
      t.deepEqual(await becomesWhole(twin, home), [], `frozen after ${at} ms`);
    }
    // Which of them comes first is a matter of the moment; that it can be either is the point.
    t.deepEqual(
      [...seen].filter((end) => !ENDS.includes(end)),
      [],
    );
    t.true(seen.has('reset') && [...seen].some((end) => end.endsWith('cut')), [...seen].join('; '));
  });

  test(`with its watchdog suspended, a forced stop ends a frozen ${home}`, async (t) => {
    const twin = await serving(home);
    const suspended = await twin.exec(home, ['clpmonctrl', '-s', '-m', 'userw']);
    t.is(suspended.exitCode, 0, suspended.stderr);
    t.is((await twin.run(twin.io.write('md1', home, 0, 8))).failed, 0);
    t.is(await freezes(twin, home), 'cut');
    const { servers, groups } = viewOf(await twin.look());
    t.is(servers[home]?.power, 'off');
    t.notDeepEqual(groups.failover1?.activeOn, [home]);
    t.is(groups.failover1?.state, 'Online');
    t.deepEqual(await becomesWhole(twin, home), []);
  });
}
