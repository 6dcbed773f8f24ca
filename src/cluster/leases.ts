/**
 * The lease that keeps two runs apart lives on the servers' hosts.
 *
 *   show ──► somebody holds it on a server that answers ──► refused (exit 5)
 *     │
 *     └────► take it on every server that answers, with one token for all: higher than any seen
 *
 * Taken on a majority of the servers that could run a command, or given back again. A server whose
 * management controller says that its power is off cannot run one and does not count; a server
 * that is merely silent does. A server on its way up is waited for. What such a server still
 * believes is put right when a command is first sent there (`settleStale`).
 */
import { DrydockError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { sleep } from '../ports/clock.ts';
import type { LeaseHeld, LeaseView } from '../ports/cluster.ts';
import type { RemoteError, Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { type Answered, ask, type PowerView, whyUnknown } from './ask.ts';

const LEASE_TIMEOUT_MS = 2000;
const BOOT_WAIT_MS = 15_000;
const ASK_AGAIN_MS = 250;

export interface Leases {
  acquire(holder: string, about: string): Promise<LeaseHeld>;
  release(lease: LeaseHeld): Promise<void>;
  show(): Promise<Record<string, LeaseView | { unknown: string }>>;
  /** Puts right what a server missed while it was off, or says that the lease is lost. */
  settleStale(server: string, lease: LeaseHeld | null, refusal: RemoteError): Promise<void>;
}

interface World {
  wire: Pick<Wire, 'request'>;
  config: ClusterConfiguration;
  clock: Clock;
}

type LeaseBody =
  | { op: 'show' }
  | { op: 'acquire'; holder: string; about: string; atLeast: number }
  | { op: 'release'; lease: { holder: string; token: number } };

function askLease(world: World, server: string, body: LeaseBody): Promise<Answered<LeaseView>> {
  const to = { server, part: 'host' as const };
  return ask<LeaseView>(world.wire, world.clock, to, { do: 'lease', ...body }, LEASE_TIMEOUT_MS);
}

interface Seen {
  server: string;
  answer: Answered<LeaseView>;
  isOff: boolean;
}

function look(world: World): Promise<Seen[]> {
  return Promise.all(
    world.config.servers.map(async ({ name: server }) => {
      const power = { server, part: 'bmc' as const };
      const [answer, bmc] = await Promise.all([
        askLease(world, server, { op: 'show' }),
        ask<PowerView>(world.wire, world.clock, power, { do: 'power.status' }, LEASE_TIMEOUT_MS),
      ]);
      return { server, answer, isOff: bmc.kind === 'answer' && bmc.view.power === 'off' };
    }),
  );
}

function isComingUp({ answer, isOff }: Seen): boolean {
  return !isOff && answer.kind === 'refusal' && answer.code === 'os.off';
}

async function lookUntilUp(world: World): Promise<Seen[]> {
  const deadline = world.clock.now() + BOOT_WAIT_MS;
  for (;;) {
    const seen = await look(world);
    if (!seen.some(isComingUp) || world.clock.now() >= deadline) return seen;
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

function noMajority(seen: Seen[], got: number, needed: number): DrydockError {
  const silent = seen
    .filter(({ answer, isOff }) => answer.kind !== 'answer' && !isOff)
    .map(({ answer }) => whyUnknown(answer));
  const message = `the lease needs ${needed} servers and only ${got} gave it`;
  return new DrydockError([message, ...silent].join('; '), {
    code: 'lease.noMajority',
    exit: 5,
    remedy: 'a silent server may be held by another run: reach it, or have its power cut',
  });
}

async function giveBack(world: World, servers: string[], lease: LeaseHeld): Promise<void> {
  const body: LeaseBody = { op: 'release', lease: { ...lease } };
  await Promise.all(servers.map((server) => askLease(world, server, body)));
}

async function acquire(world: World, holder: string, about: string): Promise<LeaseHeld> {
  const seen = await lookUntilUp(world);
  let atLeast = 0;
  for (const { server, answer } of seen) {
    if (answer.kind !== 'answer') continue;
    const { view } = answer;
    atLeast = Math.max(atLeast, view.token);
    if (view.holder !== null && view.holder !== holder) {
      throw held(server, view.about === '' ? view.holder : `${view.holder} (${view.about})`);
    }
  }
  const voters = seen.filter(({ isOff }) => !isOff);
  const needed = Math.floor(Math.max(voters.length, 1) / 2) + 1;
  const taken: string[] = [];
  let token = 0;
  // One after the other in the same order everywhere, so that of two that start at once one wins.
  for (const { server, answer } of voters) {
    if (answer.kind !== 'answer') continue;
    const got = await askLease(world, server, { op: 'acquire', holder, about, atLeast });
    if (got.kind === 'answer') {
      taken.push(server);
      token = Math.max(token, got.view.token);
    } else if (got.kind === 'refusal' && got.code === 'lease.held') {
      await giveBack(world, taken, { holder, token });
      throw held(server, got.message);
    }
  }
  if (taken.length < needed) {
    await giveBack(world, taken, { holder, token });
    throw noMajority(seen, taken.length, needed);
  }
  return { holder, token };
}

async function settleStale(
  world: World,
  server: string,
  lease: LeaseHeld | null,
  refusal: RemoteError,
): Promise<void> {
  const answer = await askLease(world, server, { op: 'show' });
  const isOlder = answer.kind === 'answer' && lease !== null && answer.view.token < lease.token;
  if (!isOlder) {
    throw new DrydockError(`the lease is lost: ${refusal.message}`, {
      code: 'lease.lost',
      exit: 5,
      cause: refusal,
      remedy: 'another run took the cluster over; look at its record before resuming this one',
    });
  }
  // It was off while that holder gave the lease back elsewhere and this run took it.
  const old = { holder: answer.view.holder ?? lease.holder, token: lease.token - 1 };
  const given = await askLease(world, server, { op: 'release', lease: old });
  if (given.kind !== 'answer') throw refusal;
}

async function show(world: World): Promise<Record<string, LeaseView | { unknown: string }>> {
  const pairs = await Promise.all(
    world.config.servers.map(async ({ name }) => {
      const answer = await askLease(world, name, { op: 'show' });
      const view =
        answer.kind === 'answer' ? answer.view : { unknown: whyUnknown(answer) ?? 'no answer' };
      return [name, view] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

export function createLeases(world: World): Leases {
  const servers = world.config.servers.map(({ name }) => name);
  return {
    acquire: (holder, about) => acquire(world, holder, about),
    release: (lease) => giveBack(world, servers, lease),
    show: () => show(world),
    settleStale: (server, lease, refusal) => settleStale(world, server, lease, refusal),
  };
}
