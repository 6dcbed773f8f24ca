/**
 * Groups, resources and monitors of a status, from what every server's daemon said of itself. A
 * server that is silent could hold anything: nothing is called Offline while one is.
 */
import type { GroupState } from '../ports/views.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
} from '../schema/generated/cluster-configuration.ts';
import type {
  GroupStatus,
  MonitorOnServer,
  MonitorStatus,
  Observed,
  ResourceStatus,
} from '../schema/generated/status.ts';
import { observedOf, processState, type Reports } from './ask.ts';
import { monitorSays, serviceSays } from './words.ts';

interface Word {
  server: string;
  state: GroupState;
  observed: Observed;
}

/** What each server says of one group or resource; `silent` are those that say nothing. */
function wordsOf(all: Reports[], stateIn: (received: Reports) => GroupState | undefined) {
  const words: Word[] = [];
  const silent: Observed[] = [];
  for (const received of all) {
    const { server } = received;
    const daemon = processState(received, 'daemon');
    if (received.daemon.kind === 'answer') {
      words.push({
        server,
        state: stateIn(received) ?? 'Offline',
        observed: observedOf(received.daemon),
      });
    } else if (daemon.state === 'stopped') {
      words.push({ server, state: 'Offline', observed: daemon.observed });
    } else {
      silent.push(observedOf(received.daemon));
    }
  }
  return { words, silent, active: words.filter((word) => word.state !== 'Offline') };
}

/** Where several say they hold it, Online counts before states on the way or failed. */
function leadOf(active: Word[]): Word | undefined {
  return active.find((word) => word.state === 'Online') ?? active[0];
}

function summary(all: Reports[], stateIn: (received: Reports) => GroupState | undefined) {
  const { words, silent, active } = wordsOf(all, stateIn);
  const lead = leadOf(active);
  const activeOn = active.map((word) => word.server);
  if (lead !== undefined) {
    return { observed: lead.observed, ...serviceSays(lead.state), current: lead.server, activeOn };
  }
  const [unheard] = silent;
  if (unheard !== undefined || words[0] === undefined) {
    const observed = unheard ?? { by: null, at: null, unknown: 'there is no server to ask' };
    return { observed, ...serviceSays(null), current: null, activeOn: null };
  }
  return { observed: words[0].observed, ...serviceSays('Offline'), current: null, activeOn };
}

function viewOf(received: Reports, group: string) {
  return received.daemon.kind === 'answer' ? received.daemon.view.groups[group] : undefined;
}

export function groupStatus(group: ConfiguredGroup, all: Reports[]): GroupStatus {
  const { name, comment, resources } = group;
  return { name, comment, resources, ...summary(all, (received) => viewOf(received, name)?.state) };
}

export function resourceStatus(
  config: ClusterConfiguration,
  name: string,
  all: Reports[],
): ResourceStatus {
  const resource = config.resources.find((one) => one.name === name);
  const group = config.groups.find((one) => one.resources.includes(name))?.name ?? null;
  const stateIn = (received: Reports) => viewOf(received, group ?? '')?.resources[name];
  const { activeOn: _, ...seen } = summary(all, stateIn);
  const { type = '', comment = '' } = resource ?? {};
  return { name, type, comment, group, ...seen, maintenance: [] };
}

function monitorOn(received: Reports, name: string): MonitorOnServer {
  if (received.daemon.kind === 'answer') {
    const found = received.daemon.view.monitors[name];
    const state = found?.state ?? 'Offline';
    const message = found?.message ?? null;
    return { observed: observedOf(received.daemon), ...monitorSays(state), message };
  }
  const daemon = processState(received, 'daemon');
  const isStopped = daemon.state === 'stopped';
  const observed = isStopped ? daemon.observed : observedOf(received.daemon);
  return { observed, ...monitorSays(isStopped ? 'Offline' : null), message: null };
}

export function monitorStatus(
  monitor: ClusterConfiguration['monitors'][number],
  all: Reports[],
): MonitorStatus {
  const { name, type, comment } = monitor;
  const servers = Object.fromEntries(
    all.map((received) => [received.server, monitorOn(received, name)]),
  );
  return { name, type, comment, servers };
}
