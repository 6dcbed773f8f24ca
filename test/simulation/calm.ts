/**
 * The end of a simulated history, in two parts. First cables, disks and what hangs are mended, and
 * stretched timeouts are ended (clptoratio -i), nothing else: what is left comes to rest, and what may run somewhere runs. Then scripts are
 * mended, what is off is switched on, and the cluster has to come back by itself, within a bound.
 * Only what nobody but a person can decide or undo is left to an operator, who does what is
 * documented; his acts are part of the outcome:
 *
 *     services stopped or suspended by order clpcl -s, clpcl --resume
 *     copy GRAY on a server that runs        the disk could not be read at start: reboot it
 *     mirror Abnormal                        clpmdctrl --recovery, --force the copy that is whole
 *     a group that somebody stopped, or that failed by its scripts or copies    clpgrp -s
 */
import { mirrorsOf } from '../../src/config/index.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status as View } from '../../src/schema/generated/status-1.ts';
import { copyFaults } from '../../src/sim/oracles.ts';
import type { Twin } from '../../src/sim/twin.ts';
import type { Stage } from '../support/scenario-verbs.ts';

const LOOK_MS = 500;
/** Nothing moved for so long: the cluster waits for somebody. */
const STILL_MS = 12_000;
const LIMIT_MS = 10 * 60_000;
/** Longer than scripts that hang, one after the other, keep a group on its way. */
const REST_MS = 5 * 60_000;
const MOST_ACTS = 24;
const SETTLED = new Set(['online', 'poweredOff', 'stopped', 'suspended']);

/** What an operator's orders and staged failures of scripts leave behind. */
export interface Excused {
  /** Groups of which nothing can be expected before an operator orders it. */
  groups: ReadonlySet<string>;
  /**
   * By server that is suspended, or went down so, what it ran. Heartbeats stop while it is (v3 5; x5
   * 2.13), so nobody can know that it went down: its groups wait until it is back.
   */
  suspended: ReadonlyMap<string, readonly string[]>;
}

/**
 * Groups that a person stopped, or whose scripts failed: by the history's lines. A monitor's script is
 * none of them: what its error leads to (restart, failover, no final action here) leaves a group online.
 */
export function excusedBy(
  lines: readonly string[],
  twin: Twin,
  suspended: Excused['suspended'],
): Excused {
  const { groups } = twin.config;
  const named = groups.filter(({ name, resources }) =>
    lines.some((line) => {
      const words = line.split(' ');
      if (/ clpgrp -t | clprexec /.test(line)) return words.includes(name);
      if (/ clprsc -[ts] /.test(line)) return resources.includes(words.at(-1) ?? '');
      if (!line.startsWith('script ')) return false;
      return resources.includes((words[2] ?? '').split('/').at(-2) ?? '');
    }),
  );
  const isWhole = (line: string) =>
    / clpcl -[tr] -a| clpstdn| clpgrp -[tsm]$|^begin run v3/.test(line);
  const stopped = lines.some(isWhole) ? groups : [];
  return { groups: new Set([...named, ...stopped].map(({ name }) => name)), suspended };
}

async function mend(twin: Twin): Promise<void> {
  const { faults, config } = twin;
  const names = config.servers.map(({ name }) => name);
  for (const [at, one] of names.entries()) {
    for (const other of names.slice(at + 1)) {
      for (const net of [...twin.network.cables.nets, '*']) {
        faults.delay(net, one, other, 0);
        faults.lose(net, one, other, 0);
        faults.heal(net, one, other);
      }
    }
  }
  for (const server of twin.servers) {
    for (const net of twin.network.cables.nets) faults.heal(net, server.name, 'outside');
    server.skewMs = 0;
    await twin.run(faults.thaw(server.name).catch(() => undefined));
    for (const device of Object.keys(server.state().disks)) {
      await twin.run(faults.healDisk(server.name, device).catch(() => undefined));
    }
  }
}

async function switchOn(twin: Twin): Promise<void> {
  for (const { name } of twin.servers) {
    if (twin.server(name).state().node.value === 'poweredOff') {
      await twin.run(twin.faults.powerOn(name).catch(() => undefined));
    }
  }
}

/** A stretched heartbeat timeout may hold for hours, in which nobody can say who is down. */
async function endStretching(twin: Twin): Promise<void> {
  for (const server of twin.servers) {
    if (!server.isRunning('daemon')) continue;
    await twin.exec(server.name, ['clptoratio', '-i'], [], 60_000).catch(() => null);
  }
}

interface Act {
  server: string;
  argv: string[];
}

/** Servers whose disk holds every acknowledged write of the mirror. */
function wholeCopies(twin: Twin, mirror: string, servers: string[]): string[] {
  return servers.filter((server) => copyFaults(twin, mirror, server).length === 0);
}

function mirrorAct(twin: Twin, view: View): Act | null {
  for (const [name, { state, servers }] of Object.entries(view.mirrors)) {
    if (state === 'Normal' || state === 'Recovering') continue;
    const sides = Object.entries(servers);
    const { type } = twin.config.resources.find((one) => one.name === name)!;
    const control = type === 'hd' ? 'clphdctrl' : 'clpmdctrl';
    const gray = sides.find(([, { color }]) => color === 'GRAY');
    if (gray) return { server: gray[0], argv: ['clpdown', '-r'] };
    const active = sides.find(([, side]) => side.active)?.[0];
    const green = sides.find(([, { color }]) => color === 'GREEN')?.[0];
    if (green) return { server: active ?? green, argv: [control, '--recovery', name] };
    const [whole] = wholeCopies(twin, name, Object.keys(servers));
    const source = active ?? whole;
    if (!source) throw new Lost(`${name}: no copy holds every acknowledged write`);
    return { server: source, argv: [control, '--force', source, name] };
  }
  return null;
}

export class Lost extends Error {}

/** What the cluster waits for a person to do; null: nothing. */
function wayOut(twin: Twin, view: View, acts: string[]): Act | null {
  const down = Object.values(view.servers).find(
    ({ node, power }) => power === 'on' && node !== 'online',
  );
  if (down?.node === 'suspended') return { server: down.name, argv: ['clpcl', '--resume'] };
  if (down) return { server: down.name, argv: ['clpcl', '-s'] };
  const mirror = mirrorAct(twin, view);
  if (mirror) return mirror;
  const idle = Object.values(view.groups).find(({ state }) => state !== 'Online');
  if (!idle) return null;
  // Where it failed on two servers, the one says that the other has it; where it stopped on all, one
  // may refuse it because of what runs there.
  const tried = acts.filter((act) => act.startsWith(`clpgrp -s ${idle.name} `)).length;
  const { servers = [] } = twin.config.groups.find(({ name }) => name === idle.name) ?? {};
  const where = idle.activeOn?.length ? idle.activeOn : servers;
  return { server: where[tried % where.length] ?? '', argv: ['clpgrp', '-s', idle.name] };
}

function isWhole(view: View): boolean {
  return (
    Object.values(view.servers).every(({ node }) => node === 'online') &&
    Object.values(view.groups).every(
      ({ state, activeOn }) => state === 'Online' && activeOn?.length === 1,
    ) &&
    Object.values(view.mirrors).every(({ state }) => state === 'Normal')
  );
}

function picture(view: View): string {
  const servers = Object.values(view.servers).map(({ name, power, node, daemon }) =>
    [name, power, node, daemon].join('/'),
  );
  const groups = Object.values(view.groups).map(({ name, state, current, activeOn }) =>
    [name, state, current ?? '-', activeOn?.join('+')].join('/'),
  );
  const mirrors = Object.entries(view.mirrors).map(([name, { state, recovery, servers: sides }]) =>
    [
      name,
      state,
      recovery?.percent ?? '',
      ...Object.entries(sides).map(([side, { color, active }]) => `${side}=${color}${active}`),
    ].join('/'),
  );
  return [...servers, ...groups, ...mirrors].join(' ');
}

/** It has no mirror; or its servers are all there, and one of them has the newest copy. */
function isServable(twin: Twin, view: View, group: string): boolean {
  const { servers, resources } = twin.config.groups.find(({ name }) => name === group) ?? {};
  const mirrors = mirrorsOf(twin.config).filter(({ name }) => resources?.includes(name));
  const areThere = servers?.every((server) => view.servers[server]?.node === 'online') ?? false;
  return mirrors.every(({ name, type }) => {
    const sides = Object.values(view.mirrors[name]?.servers ?? {});
    return type === 'md' && areThere && sides.some(({ color }) => color === 'GREEN');
  });
}

/** Where it failed while no other server was there it stays, by its final action. */
function hasFailedForItsDisk(twin: Twin, view: View, group: string): boolean {
  const { state, current } = view.groups[group] ?? {};
  const { resources } = twin.config.groups.find(({ name }) => name === group) ?? {};
  const mirrors = mirrorsOf(twin.config).filter(({ name }) => resources?.includes(name));
  return (
    state === 'Online Failure' &&
    mirrors.some(({ name }) => view.mirrors[name]?.servers[current ?? '']?.color === 'GRAY')
  );
}

/** Why a group may wait for a person; null: it has to run by itself. */
function whyExcused(
  { twin, view, excused }: Seen,
  group: string,
  acts: readonly string[],
): string | null {
  if (!isServable(twin, view, group)) return 'its copies decide';
  if (hasFailedForItsDisk(twin, view, group)) return 'it failed where its disk cannot be read';
  if (excused.groups.has(group)) return 'somebody stopped it, or its scripts failed';
  if (isBoundAndLeft(twin, group))
    return 'its servers went down in order, and no others may take it';
  return acts.some((act) => act.includes('clpcl -s')) ? 'services were stopped by order' : null;
}

/** By its policy it stays in its server group, of which nobody was left: rc 69 asks for a person. */
function isBoundAndLeft({ log }: Twin, group: string): boolean {
  const words = `group ${group} because`;
  return log.some(({ module, id, text }) => module === 'rc' && id === 69 && text.includes(words));
}

interface Seen {
  twin: Twin;
  view: View;
  excused: Excused;
}

/** What is left after the faults comes to rest by itself, and runs what it may: what is wrong. */
async function rest(twin: Twin, excused: Excused): Promise<string[]> {
  const until = twin.clock.now() + REST_MS;
  let [seen, since] = ['', twin.clock.now()];
  for (;;) {
    await twin.advance(LOOK_MS);
    const view = viewOf(await twin.look());
    if ((view.cluster.timeoutRatio ?? 1) > 1) await endStretching(twin);
    const now = twin.clock.now();
    const pictured = picture(view);
    if (pictured !== seen) [seen, since] = [pictured, now];
    if (now - since >= STILL_MS && !isUnderWay(view))
      return idle({ twin, view, excused }).map((words) => `${words}: ${seen}`);
    if (now > until) return [`the cluster does not come to rest: ${pictured}`];
  }
}

/** A server on its way up or down, or a group: however still it is, that is no rest. */
function isUnderWay(view: View): boolean {
  return (
    Object.values(view.servers).some(({ node }) => !SETTLED.has(String(node))) ||
    Object.values(view.groups).some(({ state }) => state?.endsWith('Pending'))
  );
}

/** A server that is there, beside nothing that excludes it: of each server group, where it stays in one. */
function hasPlace(twin: Twin, view: View, name: string, servers: readonly string[]): boolean {
  const { groups, serverGroups, exclusionRules } = twin.config;
  const rivals = (exclusionRules ?? [])
    .filter((rule) => rule.kind === 'absolute' && rule.groups.includes(name))
    .flatMap((rule) => rule.groups.filter((other) => other !== name));
  const free = servers.filter((server) => {
    const isOnline = view.servers[server]?.node === 'online';
    return isOnline && !rivals.some((rival) => view.groups[rival]?.current === server);
  });
  const group = groups.find((one) => one.name === name);
  const sides = group?.failoverPolicy === 'serverGroupOnly' ? (serverGroups ?? []) : [];
  return free.length > 0 && sides.every((side) => side.servers.some((one) => free.includes(one)));
}

/** Groups that may run on a server that is there, and do not. */
function idle(seen: Seen): string[] {
  const { twin, view, excused } = seen;
  const unheard = [...excused.suspended.values()].flat();
  return twin.config.groups
    .filter(({ name, servers }) => {
      const isFree = whyExcused(seen, name, []) === null && !unheard.includes(name);
      const canRun = hasPlace(twin, view, name, servers);
      return isFree && canRun && view.groups[name]?.state !== 'Online';
    })
    .map(({ name }) => `${name} may run on what is left and does not`);
}

/** Mends, waits, and does what an operator has to; the answer: his acts, then what is wrong. */
export async function calm(stage: Stage, excused: Excused): Promise<string> {
  const { twin } = stage;
  await mend(twin);
  const acts: string[] = [];
  const wrong = await rest(twin, excused);
  twin.scripts.faults.clear();
  const until = twin.clock.now() + LIMIT_MS;
  let [seen, since] = ['', twin.clock.now()];
  for (;;) {
    await switchOn(twin);
    await twin.advance(LOOK_MS);
    const view = viewOf(await twin.look());
    wrong.push(...(await twin.violations()).filter((words) => !wrong.includes(words)));
    if (isWhole(view)) break;
    const now = twin.clock.now();
    const pictured = picture(view);
    if (pictured !== seen) [seen, since] = [pictured, now];
    if (now > until || acts.length >= MOST_ACTS) {
      wrong.push(`the cluster does not come back: ${pictured}`);
      break;
    }
    if (now - since < STILL_MS) continue;
    const act = wayOut(twin, view, acts);
    if (act === null) {
      wrong.push(`it is not whole, and nobody knows what to do: ${pictured}`);
      break;
    }
    const [verb, flag, group = ''] = act.argv;
    const why = whyExcused({ twin, view, excused }, group, acts);
    if (verb === 'clpgrp' && flag === '-s' && why === null) {
      wrong.push(`${group} may run and does not: ${pictured}`);
    }
    const answers = [{ prompt: '(y/n)', reply: 'y' }];
    const ended = await twin.exec(act.server, act.argv, answers, 60_000).catch(() => null);
    acts.push(`${act.argv.join(' ')} on ${act.server}: ${ended?.exitCode ?? 'lost'}`);
    since = twin.clock.now();
  }
  return [...acts, ...wrong.map((words) => `VIOLATION: ${words}`)]
    .map((line) => `${line}\n`)
    .join('');
}
