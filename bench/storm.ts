/**
 * Storms in the lab: two or three faults at once while data is written, then everything healed and
 * switched on. The cluster has to come back by itself or ask for an operator in a documented state;
 * what was acknowledged has to be there; never do both sides serve the mirror at one time.
 *
 * STORM_ROUNDS (50), STORM_FIRST (1, a round), STORM_SEED (1), STORM_FIXTURE (x5mirror); STORM_LOGS=1 shows the
 * servers' logs after a round that asked for an operator.
 */
import type { Fault } from '../src/host/faults.ts';
import type { Lab } from '../src/lab/lab.ts';
import type { AgentView } from '../src/ports/views.ts';
import { SeededRandom } from '../src/sim/seeded-random.ts';
import { apply, cables, keepWriting, MIRROR, SERVERS, verify } from './faults.ts';
import type { Benchmark } from './figures.ts';
import { logs, quick, withLab } from './lab.ts';
import { bringBack } from './operator.ts';
import { Overlapping } from './overlap.ts';

const DATA_BYTES = 8 * 1024 * 1024;
const WRITTEN_BLOCKS = 200;
const WATCH_EVERY_MS = 100;
/** Two answers so close together speak of the same moment. */
const SAME_MOMENT_MS = 40;
const DEVICE = '/dev/sdb';

/** One thing that goes wrong, by its words. */
type Gust = { words: string; faults: Fault[] };

function gusts(random: SeededRandom): Gust[] {
  const server = random.below(3) === 0 ? 'server2' : 'server1';
  const other = server === 'server1' ? 'server2' : 'server1';
  const part = random.below(2) === 0 ? ('agent' as const) : ('daemon' as const);
  const mode = (['all', 'write', 'read'] as const)[random.below(3)]!;
  const ms = random.below(400);
  const mdc: Fault = { kind: 'cut', net: 'mdc400', from: 'server1', to: 'server2' };
  const oneWay = cables('cut').map((fault) => ({
    ...fault,
    from: server,
    to: other,
    oneWay: true,
  }));
  return [
    { words: `kill ${server}`, faults: [{ kind: 'kill', server }] },
    { words: `reset ${server}`, faults: [{ kind: 'reset', server }] },
    { words: `freeze ${server}`, faults: [{ kind: 'freeze', server }] },
    { words: 'cut all', faults: cables('cut') },
    { words: `cut all from ${server}`, faults: oneWay as Fault[] },
    { words: 'cut the mirror connect', faults: [mdc] },
    {
      words: `fail the disk of ${server} (${mode})`,
      faults: [{ kind: 'failDisk', server, device: DEVICE, mode }],
    },
    { words: `kill the ${part} of ${server}`, faults: [{ kind: 'killProcess', server, part }] },
    { words: `stop the ${part} of ${server}`, faults: [{ kind: 'stopProcess', server, part }] },
    {
      words: `delay the mirror connect ${ms} ms`,
      faults: [{ ...mdc, kind: 'delay', ms } as Fault],
    },
    { words: 'heal the cables', faults: cables('heal') },
    { words: `power on ${server}`, faults: [{ kind: 'powerOn', server }] },
    { words: `thaw ${server}`, faults: [{ kind: 'thaw', server }] },
  ];
}

const pick = (random: SeededRandom): Gust => {
  const all = gusts(random);
  return all[random.below(all.length)]!;
};

/** A storm begins with something that breaks; what follows may also mend. */
function stormOf(random: SeededRandom): { gust: Gust; afterMs: number }[] {
  const pauses = [0, 0, 30, 300, 1200, 2500];
  const count = 2 + random.below(3);
  return Array.from({ length: count }, (_, at) => {
    const all = gusts(random);
    const gust = at === 0 ? all[random.below(9)]! : pick(random);
    return { gust, afterMs: pauses[random.below(pauses.length)]! };
  });
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks both agents at once, again and again; keeps what must not be. */
function watch(lab: Lab): { stop(): Promise<string[]> } {
  const wrong: string[] = [];
  let isOver = false;
  const look = async (server: string) => {
    const body = { do: 'status' };
    const view = await lab
      .wire()
      .request({ server, part: 'agent' }, body, 500)
      .catch(() => null);
    return view as AgentView | null;
  };
  const watching = (async () => {
    while (!isOver) {
      const [one, two] = await Promise.all(SERVERS.map(look));
      const active = one?.mirrors[MIRROR]?.active && two?.mirrors[MIRROR]?.active;
      if (active && Math.abs(one.now - two.now) < SAME_MOMENT_MS) wrong.push('active on both');
      await sleep(WATCH_EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return wrong;
    },
  };
}

async function playRound(
  lab: Lab,
  random: SeededRandom,
  overlapping: Overlapping,
): Promise<{ words: string; acts: string[] }> {
  const played: string[] = [];
  const writer = keepWriting(lab, WRITTEN_BLOCKS);
  const guard = watch(lab);
  overlapping.start();
  try {
    for (const { gust, afterMs } of stormOf(random)) {
      const done = await apply(lab, gust.faults).then(
        () => '',
        () => ' (no effect)',
      );
      played.push(`${gust.words}${done}, ${afterMs} ms`);
      await sleep(afterMs);
    }
    await sleep(random.below(3000));
    const acts = await bringBack(lab, (server) => overlapping.judge(server));
    const acknowledged = await writer.stop();
    await overlapping.stop();
    const wrong = await guard.stop();
    if (wrong.length > 0) throw new Error(wrong[0]);
    await verify(lab);
    await overlapping.settle();
    return { words: `${played.join('; ')}: ${acknowledged} writes`, acts };
  } catch (error) {
    throw new Error(`${played.join('; ')}: ${(error as Error).message}`, { cause: error });
  } finally {
    await Promise.all([writer.stop(), guard.stop(), overlapping.stop()]);
  }
}

export const storm: Benchmark = {
  name: 'storm',
  run: (say) => {
    const {
      STORM_ROUNDS: rounds = '50',
      STORM_SEED: seed = '1',
      STORM_FIRST: first = '1',
    } = process.env;
    const fixture = process.env.STORM_FIXTURE === 'v3le' ? 'v3le' : 'x5mirror';
    return withLab(
      { fixture, change: quick, autoRecovery: true, dataBytes: DATA_BYTES },
      async (lab) => {
        let asked = 0;
        const overlapping = new Overlapping(lab, new SeededRandom(`${seed}/overlapping`));
        for (let round = Number(first); round <= Number(rounds); round += 1) {
          const from = performance.now();
          const { words, acts } = await playRound(
            lab,
            new SeededRandom(`${seed}/${round}`),
            overlapping,
          );
          const seconds = ((performance.now() - from) / 1000).toFixed(1);
          say(
            `${round}: ${words}; back after ${seconds} s${acts.map((act) => `; ${act}`).join('')}`,
          );
          if (acts.length === 0) continue;
          asked += 1;
          if (process.env.STORM_LOGS) say(logs(lab.folder));
        }
        // The lab is taken down as the last storm left it: nothing healed, a server frozen.
        const random = new SeededRandom(`${seed}/last`);
        for (const { gust } of stormOf(random))
          await apply(lab, gust.faults).catch(() => undefined);
        await lab.fault({ kind: 'freeze', server: 'server1' }).catch(() => undefined);
        return [
          {
            name: `storms that wedged the cluster or lost a write (${fixture}, seed ${seed})`,
            value: 0,
            unit: `of ${rounds}`,
            goal: 0,
            peer: null,
            note: `an operator was asked for in ${asked}; ${overlapping.record.acknowledged} writes of every size`,
          },
        ];
      },
    );
  },
};
