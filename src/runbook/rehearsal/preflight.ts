/**
 * Preflight: everything that can be known before step 1, and what could not be found out. It acts
 * on nothing, and asks for what the plan needs, not more: a server on which only a person acts may
 * be off for good. `bad` items say why the run would not start, `unknown` ones what to look at by
 * hand. An item that keeps the run from starting has a remedy.
 */

import { canonical } from '../../audit/chain.ts';
import { acts, REMEDY } from '../../cluster/index.ts';
import type { Plan } from '../../core/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClusterDoor } from '../../ports/cluster.ts';
import type { Status } from '../../schema/generated/status.ts';
import { evaluate } from '../language/expressions/expressions.ts';

export interface PreflightItem {
  what: string;
  state: 'ok' | 'bad' | 'unknown';
  words: string;
  /** What to do about it; with it the item keeps the run from starting. */
  remedy?: string;
}

export interface PreflightReport {
  schema: 'drydock.preflight/1';
  runbook: string;
  cluster: string;
  items: PreflightItem[];
  /** 0: it may start; 4: a requirement does not hold; 5: held by another; 6: not known. */
  exit: number;
}

export interface PreflightOptions {
  plan: Plan;
  door: Pick<ClusterDoor, 'observation' | 'capabilities'>;
  clock: Clock;
  /** Where this program runs, and names and addresses by which servers are known. */
  controlHost: { name: string; addresses: string[]; stateFolder: string };
  serverAddresses?: Record<string, string[]>;
  /** What a person gives up by name: a lease that such a run holds is taken over. */
  giveUp?: readonly string[];
}

const CLOCK_SKEW_LIMIT_MS = 2_000;
const ok = (what: string, words: string): PreflightItem => ({ what, state: 'ok', words });
const bad = (what: string, words: string, remedy: string): PreflightItem => {
  return { what, state: 'bad', words, remedy };
};
const unknown = (what: string, words: string, remedy?: string): PreflightItem => {
  return { what, state: 'unknown', words, ...(remedy === undefined ? {} : { remedy }) };
};

export interface PlannedServers {
  /** The plan names them at all. */
  used: string[];
  /** Commands run there before anybody has started it: it has to answer now. */
  needed: string[];
  /** The plan takes them down. */
  stopped: string[];
}

export function serversOf(plan: Plan): PlannedServers {
  const used = new Set<string>();
  const needed = new Set<string>();
  const started = new Set<string>();
  const stopped = new Set<string>();
  for (const { action, server, undo } of plan.steps) {
    if (undo !== null) used.add(undo.server);
    if (server === null) continue;
    used.add(server);
    if (action.verb === 'operator') {
      const becomes = acts.get(action.act.act)?.server;
      if (becomes === 'starts') started.add(server);
      if (becomes === 'stops') stopped.add(action.act.server);
    } else if (action.verb === 'run' || action.verb === 'watch') {
      if (!started.has(server)) needed.add(server);
      if (action.verb === 'run' && action.goesDown) stopped.add(server);
    }
  }
  const sorted = (names: Set<string>) => [...names].sort();
  return { used: sorted(used), needed: sorted(needed), stopped: sorted(stopped) };
}

const PLAN_AGAIN = 'the cluster is not as it was when planned: plan again';

function reachability(plan: Plan, status: Status): PreflightItem[] {
  const { used, needed } = serversOf(plan);
  return used.map((name) => {
    const what = `reach ${name}`;
    const server = status.servers[name];
    if (!server) return bad(what, 'the cluster has no such server', PLAN_AGAIN);
    const why = server.system.observed.unknown;
    if (why === null) return ok(what, `answers, boot ${server.system.bootId}`);
    if (!needed.includes(name)) {
      return ok(what, `not needed (${why}): the plan runs no command there before it is started`);
    }
    const remedy = `start ${name}, or mend the way to it: the plan runs commands there`;
    return unknown(what, why, remedy);
  });
}

/** An undo takes the lease over from the run that it undoes. */
function leases(plan: Plan, status: Status, giveUp: readonly string[]): PreflightItem[] {
  return Object.entries(status.leases).map(([server, { observed, holder }]) => {
    const what = `lease on ${server}`;
    const isTakenOver = holder !== null && [plan.undoes, ...giveUp].includes(holder);
    if (isTakenOver) return ok(what, `taken over from run ${holder}`);
    if (observed.unknown !== null) return unknown(what, observed.unknown);
    return holder === null
      ? ok(what, 'free')
      : bad(what, `held by run ${holder}`, `drydock resume ${holder}, or drydock abort ${holder}`);
  });
}

/**
 * The lease needs a majority of the configured servers. Where too few are there a person may name
 * those that are off: asked for as the run begins, or given beforehand.
 */
function leaseMajority(status: Status, giveUp: readonly string[]): PreflightItem[] {
  const servers = Object.keys(status.leases);
  const isThere = (name: string) => status.leases[name]?.observed.unknown === null;
  const away = servers.filter((name) => !isThere(name) && !giveUp.includes(name));
  const given = servers.filter((name) => !isThere(name) && giveUp.includes(name));
  const there = servers.length - away.length - given.length;
  const needed = Math.floor(servers.length / 2) + 1;
  const what = 'lease of the cluster';
  if (there >= needed) return [];
  if (away.length === 0 && 2 * there >= servers.length) {
    return [ok(what, `${given.join(', ')} is given up by name`)];
  }
  const missing = [...away, ...given];
  const words = `it needs ${needed} of ${servers.length} servers, and ${there} can give it`;
  return [
    2 * there >= servers.length
      ? unknown(what, `${words}: the run asks whom to give up, or --give-up ${away.join(' ')}`)
      : bad(what, words, `start ${missing.join(' or ')}: too few are left to give up the others`),
  ];
}

function leaseItems({ plan, door, giveUp = [] }: PreflightOptions, status: Status) {
  const { lease: why } = door.capabilities();
  if (why !== null) return [bad('ability to keep a lease', why, REMEDY.lease)];
  return [...leases(plan, status, giveUp), ...leaseMajority(status, giveUp)];
}

/** Acts that this kind of cluster cannot carry out itself. */
function handwork({ plan, door }: PreflightOptions): PreflightItem[] {
  const able = door.capabilities();
  const items: PreflightItem[] = [];
  for (const { id, action } of plan.steps) {
    if (action.verb !== 'operator') continue;
    const why = able[acts.get(action.act.act)?.needs ?? 'physicalActs'];
    // No remedy: the run waits there for a person, as it does where a controller refuses.
    if (why !== null) items.push(unknown(`step ${id}`, `a person has to do it: ${why}`));
  }
  return items;
}

async function clockSkew(options: PreflightOptions): Promise<PreflightItem[]> {
  const { door, clock, plan } = options;
  return Promise.all(
    serversOf(plan).needed.map(async (server) => {
      const what = `clock of ${server}`;
      try {
        const sentAt = clock.now();
        const now = await door.observation.clockOf(server);
        const receivedAt = clock.now();
        if (now === null) return unknown(what, 'it does not tell its time');
        const skewMs = Math.round(now - (sentAt + receivedAt) / 2);
        const isNear = Math.abs(skewMs) <= CLOCK_SKEW_LIMIT_MS + (receivedAt - sentAt);
        const words = `${skewMs} ms from ours`;
        const remedy = `set the clock of ${server}, or that of this host: times are compared`;
        return isNear ? ok(what, words) : bad(what, words, remedy);
      } catch (error) {
        return unknown(what, (error as Error).message);
      }
    }),
  );
}

function requirements(plan: Plan, status: Status): PreflightItem[] {
  const roles = Object.entries(plan.roles).map(([name, { value }]) => [name, value]);
  const names = { ...plan.parameters, ...Object.fromEntries(roles) };
  const scope = { status, names, before: {}, chosen: {} };
  const required = plan.requires.map(({ that, or }) => {
    const found = evaluate(that, scope);
    const what = `required: ${that}`;
    if ('unknown' in found) return unknown(what, found.unknown, `make it known, or: ${or}`);
    return found.value === true ? ok(what, 'holds') : bad(what, 'does not hold', or);
  });
  const bound = Object.entries(plan.roles).map(([name, { expression, value, names: own }]) => {
    const what = `role ${name}`;
    const found = evaluate(expression, own ? { ...scope, names: own } : scope);
    if ('unknown' in found) return unknown(what, found.unknown, 'make it known, then plan again');
    const planned = canonical(value);
    const now = canonical(found.value);
    return now === planned
      ? ok(what, now)
      : bad(what, `${planned} when planned, ${now} now`, PLAN_AGAIN);
  });
  return [...required, ...bound];
}

/** A runner on a server that the plan stops would stop itself. */
function controlHost(options: PreflightOptions): PreflightItem {
  const { plan, controlHost: host, serverAddresses = {} } = options;
  const what = 'this control host';
  const isHere = (server: string) =>
    server === host.name ||
    (serverAddresses[server] ?? []).some(
      (address) => !address.startsWith('127.') && host.addresses.includes(address),
    );
  const stopped = serversOf(plan).stopped.filter(isHere);
  if (stopped.length === 0) return ok(what, 'is on no server that the plan stops');
  const words = `${stopped.join(' and ')}, which the plan stops, is this host`;
  return bad(what, words, `run it from another, with its state folder (${host.stateFolder})`);
}

export function isBlocking({ state, remedy }: PreflightItem): boolean {
  return state !== 'ok' && remedy !== undefined;
}

function exitOf(items: readonly PreflightItem[]): number {
  if (items.some(({ what, state }) => state === 'bad' && what.startsWith('lease'))) return 5;
  if (items.some(({ state }) => state === 'bad')) return 4;
  return items.some(isBlocking) ? 6 : 0;
}

export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const { plan, door } = options;
  const status = await door.observation.status();
  const items = [
    ...reachability(plan, status),
    ...handwork(options),
    ...(await clockSkew(options)),
    ...leaseItems(options, status),
    ...requirements(plan, status),
    controlHost(options),
    unknown(
      'privileges',
      'commands run as the servers run them; whether they may is not asked here',
    ),
  ];
  const { runbook, cluster } = plan;
  return {
    schema: 'drydock.preflight/1',
    runbook: runbook.id,
    cluster: cluster.name,
    items,
    exit: exitOf(items),
  };
}
