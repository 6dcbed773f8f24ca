/**
 * Preflight: everything that can be known before step 1, and what could not be found out. It acts
 * on nothing. `bad` items say why the run would not start, `unknown` ones what to look at by hand.
 */

import { canonical } from '../audit/chain.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { Status } from '../schema/generated/status.ts';
import { evaluate } from './expressions.ts';

export interface PreflightItem {
  what: string;
  state: 'ok' | 'bad' | 'unknown';
  words: string;
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
  door: ClusterDoor;
  clock: Clock;
  /** Where this program runs, and names and addresses by which servers are known. */
  controlHost: { name: string; addresses: string[]; stateFolder: string };
  serverAddresses?: Record<string, string[]>;
}

const CLOCK_SKEW_LIMIT_MS = 2_000;
const ok = (what: string, words: string): PreflightItem => ({ what, state: 'ok', words });
const bad = (what: string, words: string): PreflightItem => ({ what, state: 'bad', words });
const unknown = (what: string, words: string): PreflightItem => ({ what, state: 'unknown', words });

/** Servers that the plan uses, and those that it takes down. */
export function serversOf(plan: Plan): { used: string[]; stopped: string[] } {
  const used = new Set<string>();
  const stopped = new Set<string>();
  for (const { action, server } of plan.steps) {
    if (server !== null) used.add(server);
    if (server !== null && action.verb === 'run' && action.goesDown) stopped.add(server);
    if (action.verb === 'operator' && action.act.act === 'cutPower') stopped.add(action.act.server);
  }
  return { used: [...used].sort(), stopped: [...stopped].sort() };
}

function reachability(plan: Plan, status: Status): PreflightItem[] {
  return serversOf(plan).used.map((name) => {
    const server = status.servers[name];
    if (!server) return bad(`reach ${name}`, 'the cluster has no such server');
    return server.observed.unknown === null
      ? ok(`reach ${name}`, `answers, boot ${server.bootId}`)
      : unknown(`reach ${name}`, server.observed.unknown);
  });
}

/** An undo takes the lease over from the run that it undoes. */
function leases(plan: Plan, status: Status): PreflightItem[] {
  return Object.entries(status.leases).map(([server, { observed, holder }]) => {
    const what = `lease on ${server}`;
    const isTakenOver = plan.undoes !== undefined && holder === plan.undoes;
    if (isTakenOver) return ok(what, `taken over from run ${holder}`);
    if (observed.unknown !== null) return unknown(what, observed.unknown);
    return holder === null
      ? ok(what, 'free')
      : bad(what, `held by run ${holder}: drydock resume ${holder}, or drydock abort ${holder}`);
  });
}

async function clockSkew(options: PreflightOptions): Promise<PreflightItem[]> {
  const { door, clock, plan } = options;
  return Promise.all(
    serversOf(plan).used.map(async (server) => {
      const what = `clock of ${server}`;
      try {
        const sentAt = clock.now();
        const answer = (await door.probe(server, { do: 'status' })) as JsonObject;
        const receivedAt = clock.now();
        const { now } = answer;
        if (typeof now !== 'number') return unknown(what, 'it does not tell its time');
        const skewMs = Math.round(now - (sentAt + receivedAt) / 2);
        const isNear = Math.abs(skewMs) <= CLOCK_SKEW_LIMIT_MS + (receivedAt - sentAt);
        const words = `${skewMs} ms from ours`;
        return isNear ? ok(what, words) : bad(what, `${words}: set it before times are compared`);
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
    if ('unknown' in found) return unknown(`required: ${that}`, `${found.unknown}; ${or}`);
    return found.value === true ? ok(`required: ${that}`, 'holds') : bad(`required: ${that}`, or);
  });
  const bound = Object.entries(plan.roles).map(([name, { expression, value }]) => {
    const what = `role ${name}`;
    const found = evaluate(expression, scope);
    if ('unknown' in found) return unknown(what, found.unknown);
    const planned = canonical(value);
    const now = canonical(found.value);
    return now === planned ? ok(what, now) : bad(what, `${planned} when planned, ${now} now`);
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
  return bad(what, `${words}: run it from another, with its state folder (${host.stateFolder})`);
}

function exitOf(items: readonly PreflightItem[]): number {
  if (items.some(({ what, state }) => state === 'bad' && what.startsWith('lease'))) return 5;
  if (items.some(({ state }) => state === 'bad')) return 4;
  const blocks = ({ what, state }: PreflightItem) =>
    state === 'unknown' && /^(required|role|reach)/.test(what);
  return items.some(blocks) ? 6 : 0;
}

export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const { plan, door } = options;
  const status = await door.status();
  const items = [
    ...reachability(plan, status),
    ...(await clockSkew(options)),
    ...leases(plan, status),
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
