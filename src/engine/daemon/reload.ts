/**
 * A new clp.conf while the daemon runs (clpcfctrl --push with the cluster suspended, v3 6.1.4).
 * What did not change goes on as it was; a group that is taken out must not be active here.
 */
import { resourceKind, sharedConfiguration } from '../../config/index.ts';
import { describeError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { isHere, resourceState } from '../queries.ts';
import type { DaemonState, Ear, GroupRun, MonitorRun, Peer } from '../state.ts';
import { askHere, emit, jobDone, openJob, patch, type Turn, tell } from '../turn.ts';
import {
  checkRunnable,
  freshBeats,
  freshEar,
  freshGroup,
  freshMonitor,
  freshPeer,
  freshResource,
} from './fresh.ts';

const READ_MS = 5000;

export function onReload(turn: Turn, id: string): void {
  openJob(turn, id, 1);
  askHere(turn, 'host', { do: 'files', op: 'read', path: CONFIG_PATH }, READ_MS, {
    kind: 'config',
    job: id,
  });
}

function joinsRunning({ resources }: ClusterConfiguration, name: string): boolean {
  return resourceKind(resources.find((one) => one.name === name)!.type).joinsRunning;
}

function groupsFor(state: DaemonState, config: ClusterConfiguration): Record<string, GroupRun> {
  return Object.fromEntries(
    config.groups.map((group) => {
      const run = state.groups[group.name];
      if (!run) return [group.name, freshGroup(config, group)];
      const resources = Object.fromEntries(
        group.resources.map((name) => {
          const held = run.resources[name];
          const stays = held !== undefined && resourceState(held) !== 'Offline';
          if (stays) return [name, held];
          const added = isHere(run) && held === undefined && joinsRunning(config, name);
          return [name, { ...freshResource(config, name), added }];
        }),
      );
      return [group.name, { ...run, resources }];
    }),
  );
}

function peersFor(state: DaemonState, config: ClusterConfiguration): Record<string, Peer> {
  const others = config.servers.map(({ name }) => name).filter((name) => name !== state.server);
  return Object.fromEntries(
    others.map((name) => {
      const peer = state.peers[name];
      if (!peer) return [name, freshPeer(config, name)];
      const beats = { ...freshBeats(config, name) };
      for (const key of Object.keys(beats)) if (peer.beats[key]) beats[key] = peer.beats[key];
      return [name, { ...peer, beats }];
    }),
  );
}

function earsFor(state: DaemonState, peers: Record<string, Peer>): Record<string, Ear> {
  return Object.fromEntries(
    Object.keys(peers).map((name) => [name, state.ears[name] ?? freshEar()]),
  );
}

function monitorsFor(turn: Turn, config: ClusterConfiguration): Record<string, MonitorRun> {
  const { state } = turn;
  const before = new Map(state.config.monitors.map((one) => [one.name, JSON.stringify(one)]));
  for (const name of before.keys()) {
    const now = config.monitors.find((one) => one.name === name);
    if (now && JSON.stringify(now) === before.get(name)) continue;
    emit(turn, { type: 'cancelTimer', id: `monitor:${name}` });
  }
  return Object.fromEntries(
    config.monitors.map((monitor) => {
      const same = before.get(monitor.name) === JSON.stringify(monitor);
      return [
        monitor.name,
        same ? state.monitors[monitor.name]! : freshMonitor(monitor, state.agents),
      ];
    }),
  );
}

/** Why a configuration cannot be taken on while this daemon runs; null when it can. */
function objection(state: DaemonState, config: ClusterConfiguration): string | null {
  for (const [name, run] of Object.entries(state.groups)) {
    if (!isHere(run) && !run.task) continue;
    const next = config.groups.find((group) => group.name === name);
    if (!next) return `group ${name} is active on ${state.server}; stop it first`;
    const lost = Object.entries(run.resources).find(
      ([resource, held]) => resourceState(held) !== 'Offline' && !next.resources.includes(resource),
    );
    if (lost) return `resource ${lost[0]} is active on ${state.server}; stop it first`;
    const isAdded = next.resources.some((resource) => !Object.hasOwn(run.resources, resource));
    const bad = Object.entries(run.resources).find(([, one]) =>
      resourceState(one).endsWith('Failure'),
    );
    if (isAdded && bad) {
      return `resource ${bad[0]} of group ${name} is ${resourceState(bad[1])} on ${state.server}; stop the group first, then add to it`;
    }
  }
  return null;
}

/** The configuration that was read; a text: why it cannot be taken on. */
function judge(state: DaemonState, body: Json): ClusterConfiguration | string {
  const text = (body as { text?: unknown } | null)?.text;
  if (typeof text !== 'string') {
    return `there is no ${CONFIG_PATH} on ${state.server}; push a configuration first`;
  }
  try {
    const config = sharedConfiguration(text, CONFIG_PATH);
    checkRunnable(config, state.server, state.agents);
    return objection(state, config) ?? config;
  } catch (error) {
    return describeError(error);
  }
}

/** Before a suspended daemon goes on: what was pushed meanwhile is in force, if it can still be read. */
export function readForResume(turn: Turn, { request }: FactOf<'resume.wanted'>): void {
  const read: Json = { do: 'files', op: 'read', path: CONFIG_PATH };
  askHere(turn, 'host', read, READ_MS, { kind: 'resume', request });
}

export function onResumeRead(
  turn: Turn,
  request: string,
  body: Json,
  failure: { message: string } | null,
): void {
  const config = failure?.message ?? judge(turn.state, body);
  const why = typeof config === 'string' ? config : null;
  tell(turn, { type: 'resume.judged', request, why });
}

export function onConfigRead(turn: Turn, job: string, body: Json): void {
  const config = judge(turn.state, body);
  if (typeof config === 'string') {
    jobDone(turn, job, { code: 'config.refused', message: config });
    return;
  }
  const monitors = monitorsFor(turn, config);
  const groups = groupsFor(turn.state, config);
  const peers = peersFor(turn.state, config);
  patch(turn, { config, monitors, groups, peers, ears: earsFor(turn.state, peers) });
  tell(turn, { type: 'config.changed' });
  jobDone(turn, job, null);
}
