/**
 * clpgrp: starts, stops and moves failover groups.
 *
 * Documented: -s, -t, -m [GROUP], -n GROUP prints the server it is active on, -h HOST, -a HOST, -f
 * (v3 6.7.1 step 12, 11.10.6). Our choice: with -s, -h is the server to start on; with -t and -m
 * the one that the group is on now, and -a the one to move to (else the next in the group's order
 * that is online); without GROUP every group of that server; -f starts a group although a silent
 * server might hold it, and a mirror disk without proof that the copy is the latest; -n prints nothing and ends with 1 when the group is active nowhere.
 */

import type { Status } from '../../schema/generated/status.ts';
import { type Act, actsDone } from '../data.ts';
import { done, failed, type Report } from '../environment.ts';
import {
  actsUnless,
  type Context,
  defineCommand,
  GROUP_TIMEOUT_MS,
  groupNamed,
  refused,
  request,
  SUCCEEDED,
  serverNamed,
  statusOf,
} from './context.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';

const OPTIONS = {
  start: { names: ['-s'] },
  stop: { names: ['-t'] },
  move: { names: ['-m'] },
  name: { names: ['-n'] },
  host: { names: ['-h'], value: 'HOST' },
  to: { names: ['-a'], value: 'HOST' },
  force: { names: ['-f'] },
};

/** Servers that a group is active on; unknown is an error, not "nowhere". */
function placesOf(status: Status, group: string, isForced = false): string[] {
  const found = status.groups[group];
  if (found?.activeOn) return found.activeOn;
  if (isForced) return [];
  const why = found?.observed.unknown ?? 'nobody tells';
  throw refused(`it is not known where ${group} is active: ${why}`, 'look with clpstat');
}

function isUsable(status: Status, server: string): boolean {
  return ['Online', 'Caution'].includes(status.servers[server]?.membership.word ?? '');
}

function mustBeUsable(status: Status, server: string): void {
  if (isUsable(status, server)) return;
  const state = status.servers[server]?.membership.word ?? 'Unknown';
  throw refused(`${server} is ${state}`, 'it must be Online for that');
}

async function start(context: Context, given: Given, status: Status): Promise<Report> {
  const { env, config, local } = context;
  const host = given.value('host');
  const target = host === undefined ? local : serverNamed(context, host);
  const [name] = given.rest;
  mustBeUsable(status, target);
  const groups = name === undefined ? config.groups : [groupNamed(context, name)];
  const force = given.has('force');
  const acts: Act[] = [];
  for (const group of groups) {
    if (!group.servers.includes(target)) {
      if (name === undefined) continue;
      throw refused(`${group.name} may not run on ${target}`, `its servers: ${group.servers}`);
    }
    const places = placesOf(status, group.name, force);
    const other = places.find((server) => server !== target);
    if (other !== undefined) {
      if (name === undefined) continue;
      throw refused(`${group.name} is active on ${other}`, `move it with clpgrp -m ${group.name}`);
    }
    const body = { do: 'group', op: 'start', group: group.name, target, force } as const;
    await request(env, target, 'daemon', body, GROUP_TIMEOUT_MS);
    acts.push({ act: 'start', kind: 'group', name: group.name, server: target });
  }
  return done(SUCCEEDED, actsDone(...acts));
}

/** The groups meant by a stop or a move, each with the server that it is on. */
function chosen(context: Context, given: Given, status: Status, verb: string) {
  const host = given.value('host');
  const from = host === undefined ? null : serverNamed(context, host);
  const [name] = given.rest;
  if (name === undefined) {
    const server = from ?? context.local;
    const names = context.config.groups.map((group) => group.name);
    const here = names.filter((group) => placesOf(status, group).includes(server));
    return here.map((group) => ({ group, server }));
  }
  const { name: group } = groupNamed(context, name);
  const places = placesOf(status, group);
  const [first] = places;
  if (first === undefined) throw refused(`${group} is not active on any server`);
  if (from !== null && !places.includes(from)) {
    const remedy = `it is active on ${places.join(', ')}; -h names the server to ${verb} it on`;
    throw refused(`${group} is not active on ${from}`, remedy);
  }
  return [{ group, server: from ?? first }];
}

async function stop(context: Context, given: Given, status: Status): Promise<Report> {
  const acts: Act[] = [];
  for (const { group, server } of chosen(context, given, status, 'stop')) {
    const force = given.has('force');
    const body = { do: 'group', op: 'stop', group, target: server, force } as const;
    await request(context.env, server, 'daemon', body, GROUP_TIMEOUT_MS);
    acts.push({ act: 'stop', kind: 'group', name: group, server });
  }
  return done(SUCCEEDED, actsDone(...acts));
}

function destination(
  context: Context,
  given: Given,
  status: Status,
  move: { group: string; server: string },
): string {
  const { servers } = groupNamed(context, move.group);
  const named = given.value('to');
  if (named === undefined) {
    const next = servers.find((server) => server !== move.server && isUsable(status, server));
    if (next !== undefined) return next;
    throw refused(`no other server of ${move.group} is online`);
  }
  const target = serverNamed(context, named);
  if (target === move.server) throw refused(`${move.group} is already active on ${target}`);
  if (!servers.includes(target)) throw refused(`${move.group} may not run on ${target}`);
  mustBeUsable(status, target);
  return target;
}

async function move(context: Context, given: Given, status: Status): Promise<Report> {
  const moves = chosen(context, given, status, 'move').map((one) => ({
    ...one,
    target: destination(context, given, status, one),
  }));
  const force = given.has('force');
  for (const { group, server, target } of moves) {
    const body = { do: 'group', op: 'move', group, target, force } as const;
    await request(context.env, server, 'daemon', body, GROUP_TIMEOUT_MS);
  }
  const acts = moves.map(({ group, server, target }): Act => {
    return { act: 'move', kind: 'group', name: group, server, to: target };
  });
  return done(SUCCEEDED, actsDone(...acts));
}

async function run(context: Context, given: Given): Promise<Report> {
  atMost(given, 1);
  const mode = modeOf(given, OPTIONS, ['start', 'stop', 'move', 'name']);
  if (mode !== 'move' && given.has('to')) throw usageError('-a goes with -m');
  const [name] = given.rest;
  if (mode === 'name' && name === undefined) throw usageError('-n needs the name of a group');
  if (name !== undefined) groupNamed(context, name);
  for (const key of ['host', 'to']) {
    const server = given.value(key);
    if (server !== undefined) serverNamed(context, server);
  }
  const status = await statusOf(context);
  if (mode === 'start') return start(context, given, status);
  if (mode === 'stop') return stop(context, given, status);
  if (mode === 'move') return move(context, given, status);
  const group = name ?? '';
  const servers = placesOf(status, group);
  const data = { schema: 'drydock.active-on/1', kind: 'group', name: group, servers } as const;
  if (servers.length > 0) return done(`${servers.join('\n')}\n`, data);
  return { ...failed(`clpgrp: ${name} is not active on any server`), data };
}

export const clpgrp = defineCommand(
  {
    name: 'clpgrp',
    summary: 'Starts, stops or moves failover groups',
    usage: [
      'clpgrp -s [GROUP] [-h HOST] [-f]',
      'clpgrp -t [GROUP] [-h HOST] [-f]',
      'clpgrp -m [GROUP] [-h HOST] [-a HOST] [-f]',
      'clpgrp -n GROUP',
    ],
    options: OPTIONS,
    traits: actsUnless('name'),
  },
  run,
);
