/**
 * What a host holds of its daemon and its agent is what they would say themselves: at every look,
 * whatever people, cables and disks did before, and however short before.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { HELD_MS } from '../../src/core/held-view.ts';
import type { Service } from '../../src/ports/machinery.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

const textOf = (fixture: string): string =>
  readFileSync(new URL(`../../fixtures/clusters/${fixture}.clp.conf`, import.meta.url), 'utf8');

interface Watched {
  /** Looks that a host answered for a part without asking it. */
  held: number;
  wrong: string[];
}

const contentOf = (view: object | null): string => JSON.stringify({ ...view, now: 0 });

/** Compares at the very moment at which a host reads an edition, for whomever it looks. */
function watch(twin: Twin): Watched {
  const seen: Watched = { held: 0, wrong: [] };
  for (const server of twin.servers) {
    const editionOf = server.editionOf.bind(server);
    server.editionOf = (part: Service) => {
      const edition = editionOf(part);
      const held = server.state().live.held[part];
      const ageMs = twin.clock.now() - (held?.at ?? 0);
      if (held && held.edition === edition && ageMs <= HELD_MS) {
        seen.held += 1;
        const [shown, true_] = [contentOf(held.view), contentOf(server.viewOf(part))];
        if (shown !== true_) seen.wrong.push(`${server.name}/${part}: ${shown} is now ${true_}`);
      }
      return edition;
    };
  }
  return seen;
}

const server = fc.constantFrom('server1', 'server2');
const command = fc.constantFrom(
  'clpgrp -s failover1',
  'clpgrp -t failover1',
  'clpgrp -m failover1',
  'clpmonctrl -s',
  'clpmonctrl -r',
  'clptoratio -r 2 -t 1m',
  'clptoratio -i',
  'clpmdctrl --break md1',
  'clpmdctrl --recovery md1',
  'clpmdctrl --cancel md1',
  'clpcl --suspend',
  'clpcl --resume',
  'clpstat',
);

type Act =
  | { act: 'command'; on: string; argv: string }
  | { act: 'write' | 'cut' | 'heal' | 'killAgent' | 'killDaemon' | 'freeze' | 'thaw'; on: string }
  | { act: 'power' | 'failDisk' | 'healDisk'; on: string }
  | { act: 'wait'; ms: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('command'), on: server, argv: command }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('write', 'cut', 'heal'), on: server }) },
  fc.record({ act: fc.constantFrom('failDisk', 'healDisk', 'power'), on: server }),
  fc.record({ act: fc.constantFrom('killAgent', 'killDaemon', 'freeze', 'thaw'), on: server }),
  fc.record({ act: fc.constant('wait'), ms: fc.integer({ min: 1, max: 3000 }) }),
) as fc.Arbitrary<Act>;

async function perform(twin: Twin, one: Act): Promise<void> {
  if (one.act === 'wait') return twin.advance(one.ms);
  const { on } = one;
  const done: Record<Exclude<Act['act'], 'wait' | 'command'>, () => unknown> = {
    write: () => twin.run(twin.io.write('md1', on, 0, 2)),
    cut: () => twin.faults.cut('mdc400', 'server1', 'server2'),
    heal: () => twin.faults.heal('mdc400', 'server1', 'server2'),
    failDisk: () => twin.run(twin.faults.failDisk(on, '/dev/sdb', 'write')),
    healDisk: () => twin.run(twin.faults.healDisk(on, '/dev/sdb')),
    killAgent: () => twin.faults.killProcess(on, 'agent'),
    killDaemon: () => twin.faults.killProcess(on, 'daemon'),
    freeze: () => twin.run(twin.faults.freeze(on)),
    thaw: () => twin.run(twin.faults.thaw(on)),
    power: () => twin.run(twin.faults.powerOn(on)),
  };
  if (one.act === 'command') await twin.exec(on, one.argv.split(' '), [], 5000);
  else await done[one.act]();
}

/** Looks at once, and again and again while time passes. */
async function lookOn(twin: Twin): Promise<void> {
  for (const ms of [0, 1, 7, 40, 90]) {
    if (ms > 0) await twin.advance(ms);
    await twin.look();
  }
}

for (const fixture of ['v3le', 'x5mirror']) {
  test(`At every look a held view is what the part would say: ${fixture}`, async (t) => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 12 }), async (acts) => {
        const twin = await buildTwin({ configText: textOf(fixture), seed: 'held' });
        await twin.up();
        const seen = watch(twin);
        for (const one of acts) {
          await perform(twin, one).catch(() => undefined);
          await lookOn(twin);
        }
        held += seen.held;
        t.deepEqual(seen.wrong, []);
      }),
      { numRuns: Number(process.env.HELD_RUNS ?? 12) },
    );
    t.true(held > 100, `${held} held views`);
  });
}
