/**
 * The lease that keeps two runs apart lives on the servers' hosts.
 *
 *   show ──► somebody holds it on a server that answers ──► refused (exit 5)
 *     │
 *     └────► take it on every server that answers, with one token for all: higher than any seen
 *
 * Taken on a majority of the configured servers, or given back again. A server that is off has no
 * say, and is no reason to need fewer: it may hold another run's lease, and come back with it. Three
 * things make do with less. Whoever holds the lease already goes on with those that are there while
 * the others are off: nobody else can have taken it since. Where all are off, as some procedures want
 * them, nothing can be done but by people: whoever was given it goes on, and the first server that
 * comes back still knows whose it is, and refuses the commands of anybody else. And a person may give up by name servers
 * that are not there, of two one; what such a server kept does not count when it comes back, for
 * it asks before it serves (src/host/lease.ts). The token is then made from the time, because what
 * was given before where nobody can look is not known.
 */
import { badInput, DrydockError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import {
  type Lease,
  type LeaseHeld,
  LeaseShort,
  type LeaseView,
  type LeaseWish,
} from '../ports/lease.ts';
import type { PowerView } from '../ports/views.ts';
import type { RemoteError, Wire } from '../ports/wire.ts';
import { type Answered, ask, whyUnknown } from './ask.ts';

const LEASE_TIMEOUT_MS = 2000;
const BOOT_WAIT_MS = 15_000;
const ASK_AGAIN_MS = 250;

/** The lease, and what commands do when a server takes them for another run's. */
export interface Leases extends Lease {
  /** Has a server ask the others, for it may have missed something; or says that it is lost. */
  settleStale(server: string, lease: LeaseHeld | null, refusal: RemoteError): Promise<void>;
  /** Waits until a server that was off knows who holds the cluster; throws the refusal if not. */
  untilTold(server: string, refusal: Error): Promise<void>;
}

interface World {
  wire: Pick<Wire, 'request'>;
  /** Those that can give it. */
  servers: readonly string[];
  clock: Clock;
}

type LeaseBody =
  | { op: 'show' }
  | { op: 'ask' }
  | { op: 'vouch'; lease: { holder: string; token: number }; without: string[] }
  | {
      op: 'acquire';
      holder: string;
      about: string;
      atLeast: number;
      over?: string[];
      without?: string[];
    }
  | { op: 'release'; lease: { holder: string; token: number } };

function askLease(world: World, server: string, body: LeaseBody): Promise<Answered<LeaseView>> {
  const to = { server, part: 'host' as const };
  return ask<LeaseView>(world.wire, world.clock, to, { do: 'lease', ...body }, LEASE_TIMEOUT_MS);
}

interface Seen {
  server: string;
  answer: Answered<LeaseView>;
  power: 'on' | 'off' | null;
}

function look(world: World): Promise<Seen[]> {
  return Promise.all(
    world.servers.map(async (server) => {
      const power = { server, part: 'bmc' as const };
      const [answer, bmc] = await Promise.all([
        askLease(world, server, { op: 'show' }),
        ask<PowerView>(world.wire, world.clock, power, { do: 'power.status' }, LEASE_TIMEOUT_MS),
      ]);
      return { server, answer, power: bmc.kind === 'answer' ? bmc.view.power : null };
    }),
  );
}

/** Of so many configured servers: more than half of them. */
const majorityOf = ({ servers }: World) => Math.floor(servers.length / 2) + 1;

function isReported({ answer }: Seen): boolean {
  return answer.kind === 'answer' && answer.view.told !== false;
}

/** Something is on its way: a system that boots, or one that can still hear from the others. */
function isComing(world: World, seen: Seen[]): boolean {
  const there = seen.filter(({ answer }) => answer.kind === 'answer');
  const mayHear = there.length >= majorityOf(world);
  return (
    seen.some(({ answer, power }) => {
      return power !== 'off' && answer.kind === 'refusal' && answer.code === 'os.off';
    }) ||
    (mayHear && there.some((one) => !isReported(one)))
  );
}

async function lookUntilUp(world: World): Promise<Seen[]> {
  const deadline = world.clock.now() + BOOT_WAIT_MS;
  for (;;) {
    const seen = await look(world);
    if (!isComing(world, seen) || world.clock.now() >= deadline) return seen;
    await sleep(world.clock, ASK_AGAIN_MS);
  }
}

function held(server: string, words: string): DrydockError {
  return new DrydockError(`another run holds the cluster: ${server}: ${words}`, {
    code: 'lease.held',
    exit: 5,
    remedy: 'let it end, or abort it on its control host, and try again',
  });
}

/** What speaks for a taking: who is named, and what a person gave up. */
interface Taking {
  holder: string;
  about: string;
  before: LeaseHeld | null;
  /** Servers given up by name, and runs whose lease may be taken over. */
  without: string[];
  over: string[];
}

function takingOf(
  world: World,
  seen: Seen[],
  who: Pick<Taking, 'holder' | 'about'>,
  wish: LeaseWish,
) {
  const { servers } = world;
  const names = [...new Set(wish.giveUp ?? [])];
  const holders = seen.flatMap(({ answer }) =>
    answer.kind === 'answer' ? answer.view.holder : [],
  );
  for (const name of names) {
    const one = seen.find(({ server }) => server === name);
    // One that answers has its say; the name may be meant for later, when it is off.
    if (one?.answer.kind === 'answer') continue;
    if (one?.power === 'on') {
      throw badInput(`${name} cannot be given up: it has power, and does not answer`, {
        code: 'lease.present',
        remedy: 'it has a say: leave it out, or have its power cut first',
      });
    }
    if (one || holders.includes(name)) continue;
    throw badInput(`${name} cannot be given up: it is neither a server nor a run with the lease`, {
      code: 'lease.nothing',
      remedy: `the servers are ${servers.join(', ')}`,
    });
  }
  const isServer = (name: string) => servers.includes(name);
  const over = [...(wish.over ?? []), ...names.filter((name) => !isServer(name))];
  const isAway = (name: string) =>
    seen.some(({ server, answer }) => server === name && answer.kind !== 'answer');
  return { ...who, before: wish.before ?? null, without: names.filter(isAway), over };
}

/** Nobody can have taken it since: it was given, is still there, and the others are off. */
function isStillHeld(seen: Seen[], { holder, before, over, without }: Taking): boolean {
  if (before === null) return false;
  const names = [holder, ...over];
  const isHeld = seen.some(({ answer }) => {
    if (answer.kind !== 'answer' || answer.view.told === false) return false;
    const { view } = answer;
    return view.holder !== null && names.includes(view.holder) && view.token >= before.token;
  });
  const isThereOrOff = ({ server, answer, power }: Seen) =>
    answer.kind === 'answer' || power === 'off' || without.includes(server);
  return isHeld && seen.every(isThereOrOff);
}

function tooFew(world: World, seen: Seen[], got: number): LeaseShort {
  const silent = seen.filter((one) => !isReported(one));
  const words = silent.map(({ server, answer, power }) => {
    if (answer.kind === 'answer') return `${server} does not know yet who holds the cluster`;
    return power === 'off' ? `${server} is off` : whyUnknown(answer);
  });
  const message = `the lease needs ${majorityOf(world)} servers and only ${got} gave it`;
  const away = seen.filter(({ answer }) => answer.kind !== 'answer');
  const isHalfThere = 2 * (seen.length - away.length) >= seen.length;
  const mayGo = isHalfThere && away.every(({ power }) => power !== 'on');
  const missing = mayGo ? away.map(({ server }) => server) : [];
  return new LeaseShort([message, ...words].join('; '), missing, remedyFor(seen, missing));
}

/** Two servers of three that boot are a majority without the third: nobody may be given up there. */
function remedyFor(seen: Seen[], missing: string[]): string {
  if (missing.length > 0) {
    const named = missing.map((name) => `--give-up ${name}`).join(' ');
    return `start what is off; or go on without it, if no other run may hold it: ${named}`;
  }
  const away = seen.filter(({ answer }) => answer.kind !== 'answer');
  const least = Math.ceil(seen.length / 2);
  if (seen.length - away.length < least && away.every(({ power }) => power === 'off')) {
    return (
      `start servers until ${least} of ${seen.length} are there: the others could be a majority ` +
      'without this one when they start, so naming them does not help; ' +
      'or take servers that are gone for good out of the configuration'
    );
  }
  return 'a silent server may be held by another run: reach it, or have its power cut';
}

async function giveBack(world: World, servers: readonly string[], lease: LeaseHeld): Promise<void> {
  const body: LeaseBody = { op: 'release', lease: { ...lease } };
  await Promise.all(servers.map((server) => askLease(world, server, body)));
}

/** Throws where another one holds it; the answer is the newest token that is known. */
function newestToken(seen: Seen[], { holder, over }: Taking): number {
  let newest = 0;
  for (const { server, answer } of seen) {
    if (answer.kind !== 'answer') continue;
    const { view } = answer;
    newest = Math.max(newest, view.token, view.floor ?? 0);
    if (view.holder !== null && view.holder !== holder && !over.includes(view.holder)) {
      const words = view.about === '' ? view.holder : `${view.holder} (${view.about})`;
      throw held(server, view.told === false ? `${words}, when it was last up` : words);
    }
  }
  return newest;
}

async function acquire(
  world: World,
  who: Pick<Taking, 'holder' | 'about'>,
  wish: LeaseWish,
): Promise<LeaseHeld> {
  const seen = await lookUntilUp(world);
  if (wish.before?.holder === who.holder && seen.every(({ power }) => power === 'off')) {
    return wish.before;
  }
  const taking = takingOf(world, seen, who, wish);
  const { without, over, holder } = taking;
  const isGivenUp = without.length > 0;
  const known = newestToken(seen, taking);
  const atLeast = isGivenUp ? Math.max(known, Math.floor(world.clock.now())) : known;
  const goesOn = isStillHeld(seen, taking);
  const taken: string[] = [];
  let token = 0;
  const letGo = async () => {
    if (!goesOn) await giveBack(world, taken, { holder, token });
  };
  const body = { op: 'acquire' as const, ...who, atLeast, over, without };
  // One after the other in the same order everywhere, so that of two that start at once one wins.
  for (const one of seen) {
    if (one.answer.kind !== 'answer' || !(isGivenUp || isReported(one))) continue;
    const got = await askLease(world, one.server, body);
    if (got.kind === 'answer') {
      taken.push(one.server);
      token = Math.max(token, got.view.token);
    } else if (got.kind === 'refusal' && got.code === 'lease.held') {
      await letGo();
      throw held(one.server, got.message);
    }
  }
  const isAllBut = taken.length + without.length === seen.length && 2 * taken.length >= seen.length;
  const isEnough = taken.length >= majorityOf(world) || (isGivenUp && isAllBut);
  if (isEnough || (goesOn && taken.length > 0)) return { holder, token };
  await letGo();
  throw tooFew(world, await look(world), taken.length);
}

/** Throws LeaseShort when more servers have to be named. */
async function vouch(
  world: World,
  server: string,
  lease: LeaseHeld,
  giveUp: readonly string[],
): Promise<void> {
  const seen = await look(world);
  const who = { holder: lease.holder, about: '' };
  const { without } = takingOf(world, seen, who, { giveUp });
  const body = { op: 'vouch' as const, lease: { ...lease }, without };
  const answer = await askLease(world, server, body);
  if (answer.kind === 'answer') return;
  if (answer.kind === 'refusal' && answer.code === 'lease.unknown') throw tooFew(world, seen, 0);
  throw held(server, whyUnknown(answer) ?? 'no answer');
}

async function untilReported(world: World, server: string, refusal: Error): Promise<void> {
  const deadline = world.clock.now() + BOOT_WAIT_MS;
  for (;;) {
    const seen = await look(world);
    const own = seen.find((one) => one.server === server);
    if (own && isReported(own)) return;
    if (!isComing(world, seen) || world.clock.now() >= deadline) throw refusal;
    await sleep(world.clock, ASK_AGAIN_MS);
  }
}

async function settleStale(
  world: World,
  server: string,
  lease: LeaseHeld | null,
  refusal: RemoteError,
): Promise<void> {
  const seen = await askLease(world, server, { op: 'show' });
  const isOlder = seen.kind === 'answer' && lease !== null && seen.view.token < lease.token;
  if (isOlder) {
    // Not by inference: it hears from the others whether its holder gave the lease back.
    await askLease(world, server, { op: 'ask' });
    await untilReported(world, server, refusal);
    return;
  }
  throw new DrydockError(`the lease is lost: ${refusal.message}`, {
    code: 'lease.lost',
    exit: 5,
    cause: refusal,
    remedy: 'another run took the cluster over; look at its record before resuming this one',
  });
}

async function show(world: World): Promise<Record<string, LeaseView | { unknown: string }>> {
  const pairs = await Promise.all(
    world.servers.map(async (name) => {
      const answer = await askLease(world, name, { op: 'show' });
      const view =
        answer.kind === 'answer' ? answer.view : { unknown: whyUnknown(answer) ?? 'no answer' };
      return [name, view] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

export function createLeases(world: World): Leases {
  const { servers } = world;
  return {
    acquire: (holder, about, wish = {}) => acquire(world, { holder, about }, wish),
    release: (lease) => giveBack(world, servers, lease),
    show: () => show(world),
    settleStale: (server, lease, refusal) => settleStale(world, server, lease, refusal),
    vouch: (server, lease, giveUp) => vouch(world, server, lease, giveUp),
    untilTold: (server, refusal) => untilReported(world, server, refusal),
  };
}
