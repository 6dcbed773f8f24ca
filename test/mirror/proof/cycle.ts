/**
 * One cycle of the proof: a storm over two servers under load, then an operator who brings the
 * mirror back. One number gives the whole of it, twice the same.
 */
import { SeededRandom } from '../../../src/sim/seeded-random.ts';
import { Application, Violation } from './application.ts';
import { ACTIVATE, CHANGE_DISK, Storm } from './storm.ts';
import { NAMES, type Name, ProofWorld, type Settings } from './world.ts';

const PAUSES_MS = [0, 0.1, 0.5, 1, 2, 5, 5, 20, 60, 300, 1200, 3000];
/** Longest that a mirror under no fault may take to be in step again, with an operator beside it. */
const MOST_ROUNDS = 80;
const ROUND_MS = 1000;

/** Each is on in some of the cycles. */
const OPTIONS: Settings['parameters'][] = [
  { 'mddriver/compress': 1 },
  { 'mddriver/crypto/use': 1, 'mddriver/crypto/keyfile': '/key' },
  { 'mddriver/syncmode': 1, 'mddriver/sendqueuesize': 8 },
];
const OPTION_SHARE = 0.2;

export interface Outcome {
  seed: number;
  /** Words of what was found wrong, or null. */
  violation: string | null;
  log: string[];
  settings: Settings;
  counts: { [what: string]: number };
}

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[random.below(from.length)]!;
}

function settingsOf(random: SeededRandom): Settings {
  return {
    blocks: pick(random, [4, 8, 24]),
    fencing: random.next() < 0.4,
    autoRecovery: random.next() < 0.5,
    latencyMs: pick(random, [0.05, 0.05, 1]),
    slowMs: pick(random, [0, 0.5, 3, 40]),
    powerLoss: pick(random, ['drop', 'reorder', 'reorder', 'keep']),
    extents: pick(random, [2, 4, 1000]),
    copying: { lanes: pick(random, [1, 2, 8]), flushBlocks: pick(random, [1, 4, 512]) },
    connects: pick(random, [['mdc400'], ['mdc400'], ['mdc400', 'mdc401']]),
    parameters: Object.assign({}, ...OPTIONS.filter(() => random.next() < OPTION_SHARE)),
  };
}

export async function runCycle(seed: number, change: Partial<Settings> = {}): Promise<Outcome> {
  const random = new SeededRandom(seed);
  const settings = { ...settingsOf(random.fork('settings')), ...change };
  const world = new ProofWorld(settings, random.fork('world'));
  const app = new Application(world, random.fork('application'));
  const storm = new Storm(world, app, random.fork('storm'));
  let violation: string | null = null;
  try {
    await begin(world, app);
    await blow(world, app, storm, random.fork('pace'));
    await calmDown(world, app, storm);
  } catch (error) {
    const isFound = error instanceof Violation;
    violation = isFound ? error.message : `${(error as Error).stack ?? error}`;
  }
  for (const defect of world.network.defects) violation ??= `defect: ${defect}`;
  const { acknowledged } = app.record;
  const counts = { ...app.counts, acknowledged, virtualMs: Math.round(world.clock.exact() - 1e6) };
  for (const name of NAMES) world.kill(name);
  return { seed, violation, log: world.log, settings, counts };
}

async function begin(world: ProofWorld, app: Application): Promise<void> {
  await world.format();
  for (const name of NAMES) world.start(name);
  await until(world, app, () => NAMES.every((name) => world.view(name)?.connected === true));
  await world.run(world.ask('server1', ACTIVATE));
  app.check();
}

async function blow(
  world: ProofWorld,
  app: Application,
  storm: Storm,
  random: SeededRandom,
): Promise<void> {
  const steps = 20 + random.below(60);
  const depth = 1 + random.below(16);
  for (let step = 0; step < steps; step++) {
    if (random.next() < 0.6) storm.step();
    const writes = random.below(depth + 1);
    for (let at = 0; at < writes && app.underWay < depth; at++) app.write();
    if (random.next() < 0.2) app.flush();
    if (random.next() < 0.3) app.read();
    await world.pass(pick(random, PAUSES_MS) * (0.5 + random.next()));
    app.check();
    if (step % 8 === 0) app.checkSectors();
  }
}

async function until(world: ProofWorld, app: Application, holds: () => boolean): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (holds()) return;
    await world.pass(ROUND_MS / 10);
    app.check();
  }
  throw new Violation('not reached');
}

/** Everything healed; an operator orders what is documented until both copies are in step. */
async function calmDown(world: ProofWorld, app: Application, storm: Storm): Promise<void> {
  world.note('calm');
  storm.isOver = true;
  storm.healCables();
  storm.healDisks();
  for (const name of NAMES) world.thaw(name);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const name of NAMES) world.start(name);
    await world.pass(ROUND_MS);
    app.check();
    app.checkSectors();
    if (round % 4 === 0) storm.endOptions();
    if (storm.pending > 0 || round === 0) continue;
    if (isInStep(world) && app.tainted.size === 0) break;
    if (round % 4 === 3 && !isInStep(world)) act(world, app, storm);
  }
  if (!isInStep(world)) throw new Violation(`not in step again: ${colours(world)}`);
  await serveAtLast(world, app);
}

async function serveAtLast(world: ProofWorld, app: Application): Promise<void> {
  const name = world.active() ?? 'server2';
  const came = await world.run(world.ask(name, ACTIVATE));
  app.check();
  if (came !== 'done') throw new Violation(`${name} does not serve in the end: ${came}`);
  for (let at = 0; at < 8; at++) app.write();
  app.flush();
  await world.pass(8 * ROUND_MS);
  app.check();
  if (app.underWay > 0) throw new Violation(`${app.underWay} writes without an answer`);
  if (!world.areEqual()) throw new Violation('the copies differ in the end');
}

function isInStep(world: ProofWorld): boolean {
  return NAMES.every((name) => {
    const view = world.view(name);
    return view?.color === 'GREEN' && view.connected;
  });
}

function colours(world: ProofWorld): string {
  return NAMES.map((name) => {
    const view = world.view(name);
    return `${name} ${view?.color} ${view?.active ? 'active ' : ''}${view?.connected}`;
  }).join(', ');
}

/** What an operator does when nothing moves: recover from the copy that may serve, or force it. */
function act(world: ProofWorld, app: Application, storm: Storm): void {
  const views = NAMES.map((name) => ({ name, view: world.view(name) }));
  world.note(`operator sees ${colours(world)}`);
  const gray = views.find(({ view }) => view?.color === 'GRAY');
  if (gray) {
    // A disk that was replaced is initialised; one that could not be read is looked at again.
    if (app.tainted.has(gray.name)) storm.order(gray.name, CHANGE_DISK);
    else world.powerOff(gray.name);
    return;
  }
  const blank = views.find(({ view }) => view?.constructed === false);
  const green = views.find(({ view }) => view?.latest === true);
  if (green) {
    storm.order(green.name, { do: 'recover', full: blank !== undefined || held(world) });
    return;
  }
  const whole = NAMES.filter((name) => !app.tainted.has(name) && app.isWhole(name));
  const chosen: Name | undefined = world.active() ?? whole[0];
  if (!chosen) {
    const wrong = NAMES.map((name) => `${name}: ${app.whatIsWrong(name)}`).join('; ');
    throw new Violation(`no copy holds every acknowledged write: ${wrong}`);
  }
  if (world.active()) storm.order(chosen, { do: 'deactivate' });
  else storm.force(chosen);
}

function held(world: ProofWorld): boolean {
  return NAMES.some((name) => world.view(name)?.autoRecoveryHeld === true);
}
