/** What a server reports of itself in every heartbeat: this one's, and reading those of others. */
import type { Json } from '../../core/json.ts';
import { perObject } from '../../core/per-object.ts';
import type { GroupState } from '../../ports/views.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import { unheardBy } from '../heard.ts';
import { isUnowned } from '../orphans.ts';
import { errorCount, groupState } from '../queries.ts';
import type { DaemonState, NodeState, Phase, TimeoutRatio } from '../state.ts';

export const nodeStateOf = perObject((state: DaemonState): Json => {
  const groups = Object.fromEntries(
    Object.entries(state.groups).map(([name, run]) => [
      name,
      {
        state: groupState(run),
        held: run.held,
        blocked: run.blocked !== null,
        unowned: isUnowned(state, name),
      },
    ]),
  );
  const { ratio } = state.facts;
  const errors = errorCount(state);
  return {
    born: state.born,
    rev: state.rev,
    phase: state.phase,
    groups,
    ...(errors > 0 ? { errors } : {}),
    ratio: ratio ? { ...ratio } : null,
    ...partitionOf(state),
    ...unheardOf(state),
  };
});

/** Whether two states of this server say the same of it. */
export function saysTheSame(one: DaemonState, other: DaemonState): boolean {
  return textOf(one) === textOf(other);
}

const textOf = perObject((state: DaemonState) => JSON.stringify(nodeStateOf(state)));

function unheardOf(state: DaemonState): { unheard?: Json } {
  const unheard = unheardBy(state);
  return unheard === null ? {} : { unheard: { ...unheard } };
}

function readNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((name) => typeof name === 'string').slice(0, MOST_SERVERS);
}

function readUnheard(value: unknown): Pick<NodeState, 'unheard'> {
  if (!isObject(value)) return {};
  return { unheard: { away: readNames(value.away), apart: readNames(value.apart) } };
}

/** Only resources that were asked by now; nothing where there are none. */
function partitionOf({ partition }: DaemonState): { partition?: Json } {
  const known = Object.entries(partition.runs).filter(([, { value }]) => value !== 'unknown');
  if (known.length === 0) return {};
  return {
    partition: Object.fromEntries(known.map(([name, { value }]) => [name, value === 'normal'])),
  };
}

/** Servers, and resolution resources, that a server may tell of. */
const MOST_SERVERS = 64;
const MOST_RESOURCES = 32;

function readPartition(value: unknown): { partition?: Record<string, boolean> } {
  if (!isObject(value)) return {};
  const flags = Object.entries(value).filter((one): one is [string, boolean] => {
    return typeof one[1] === 'boolean';
  });
  return { partition: Object.fromEntries(flags.slice(0, MOST_RESOURCES)) };
}

const phases = new Set<unknown>(['waiting', 'online', 'suspended', 'stopping', 'stopped']);
const states = new Set<unknown>([
  'Online',
  'Offline',
  'Online Pending',
  'Offline Pending',
  'Online Failure',
  'Offline Failure',
]);

type Fields = { [key: string]: unknown };

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readRatio(value: unknown): TimeoutRatio | null {
  if (!isObject(value)) return null;
  const { ratio, until, setAt } = value;
  if (typeof ratio !== 'number' || typeof until !== 'number' || typeof setAt !== 'number') {
    return null;
  }
  return ratio >= 1 ? { ratio, until, setAt } : null;
}

/**
 * Null for what is none: a frame of another protocol, or a broken one. Of the groups only those
 * count that this server knows; the other one may have another configuration for a while.
 */
export function readNodeState(value: unknown, config: ClusterConfiguration): NodeState | null {
  return isObject(value) ? readersOf(config)(value) : null;
}

/** Two heartbeats bring the same words, and in a twin all servers hear the same object. */
const readersOf = perObject(({ groups }: ClusterConfiguration) => {
  const known = new Set(groups.map(({ name }) => name));
  return perObject((value: Fields) => readFields(value, known));
});

function readFields(value: Fields, known: ReadonlySet<string>): NodeState | null {
  if (!phases.has(value.phase) || !isObject(value.groups)) return null;
  if (typeof value.born !== 'number' || typeof value.rev !== 'number') return null;
  const groups: NodeState['groups'] = {};
  for (const [name, said] of Object.entries(value.groups)) {
    if (!known.has(name)) continue;
    if (!isObject(said) || !states.has(said.state)) return null;
    groups[name] = {
      state: said.state as GroupState,
      held: said.held === true,
      blocked: said.blocked === true,
      unowned: said.unowned === true,
    };
  }
  return {
    born: value.born,
    rev: value.rev,
    phase: value.phase as Phase,
    groups,
    errors: typeof value.errors === 'number' ? value.errors : 0,
    ratio: readRatio(value.ratio),
    ...readUnheard(value.unheard),
    ...readPartition(value.partition),
  };
}
