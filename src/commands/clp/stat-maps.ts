/**
 * clpstat -g, -m, -n: who runs what, monitor by monitor, and who receives whom. The layouts of -g and
 * -n are documented (v3 11.5); that of -m is our choice, one `[monitor : state]` item a monitor
 * and server.
 */
import type { ClusterView, PeerLink } from '../../schema/generated/reports/cluster-view.ts';
import { END, legend, lines, stateWord, title } from './stat-words.ts';

const SERVER_MARKS: Record<string, string> = { Unknown: '-', Offline: 'x' };

export function groupMap(view: ClusterView): string {
  const rows = view.servers.map(({ name, word }, index) => {
    const active = view.groups
      .filter(({ activeOn }) => activeOn?.includes(name) === true)
      .map((group) => `${group.name}[${group.state === 'started' ? 'o' : 'x'}]`);
    return `    server${index} [${SERVER_MARKS[word] ?? 'o'}] : ${active.join(' ')}`;
  });
  return lines([
    title('GROUPMAP INFORMATION', 22, 23),
    `  Cluster : ${view.cluster}`,
    ...legend(view),
    '',
    `  ${'-'.repeat(68)}`,
    ...rows,
    END,
  ]);
}

export function monitorMap(view: ClusterView): string {
  const items = view.monitors.flatMap(({ name, servers }, index) => [
    `  Monitor${index} : ${name}`,
    ...servers.map(({ word }, number) => `    server${number} : [${name} : ${stateWord(word)}]`),
  ]);
  return lines([
    title('MONITOR RESOURCE STATUS', 21, 21),
    `  Cluster : ${view.cluster}`,
    ...legend(view),
    '',
    ...items,
    END,
  ]);
}

const LINK_MARKS: Record<string, string> = { up: 'o', down: 'x' };

/** `-` where it is not known. */
function markOf({ state }: Pick<PeerLink, 'state'>): string {
  return LINK_MARKS[state ?? ''] ?? '-';
}

export function heartbeatMap(view: ClusterView): string {
  const { heartbeats, servers } = view;
  const unknown = heartbeats.map(() => ({ state: null }));
  const tables = servers.flatMap(({ word, receives }, index) => [
    ` [on server${index} : ${word}]`,
    `      HB ${heartbeats.map((_, number) => number).join(' ')}`,
    ...servers.map((_, number) => {
      const links = receives?.[number]?.links ?? unknown;
      return ` server${number} : ${links.map(markOf).join(' ')}`;
    }),
  ]);
  return lines([
    ' ========= HEARTBEAT RESOURCE STATUS ==========',
    ` Cluster : ${view.cluster}`,
    ...legend(view).map((row) => row.slice(2)),
    ...heartbeats.map(({ name }, index) => `  HB${index} : ${name}`),
    ...tables,
  ]);
}
