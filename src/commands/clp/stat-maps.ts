/**
 * clpstat -g, -m, -n, -p: who runs what, monitor by monitor, who receives whom, and whose resolution
 * of partitions works. The layouts of -g and -n are documented (v3 11.5), -p has that of -n; of -m it is known that
 * a monitor's name and state stand in one line, `Monitor0 [userw : Normal]`; the rest is our choice.
 */
import type {
  ClusterView,
  PeerLink,
  ViewedServer,
} from '../../schema/generated/reports/cluster-view.ts';
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
  const items = view.monitors.flatMap(({ name, word, servers }, index) => [
    '',
    `  Monitor${index} [${name} : ${word}]`,
    `  ${'-'.repeat(68)}`,
    ...servers.map(({ word: own }, number) => {
      const at = view.servers[number]!.word;
      return `    server${number} [${SERVER_MARKS[at] ?? 'o'}] : ${stateWord(own)}`;
    }),
  ]);
  return lines([
    title('MONITOR RESOURCE STATUS', 21, 21),
    `  Cluster : ${view.cluster}`,
    ...legend(view),
    ...items,
    END,
  ]);
}

const LINK_MARKS: Record<string, string> = { up: 'o', down: 'x' };

/** `-` where it is not known. */
function markOf({ state }: Pick<PeerLink, 'state'>): string {
  return LINK_MARKS[state ?? ''] ?? '-';
}

/** One table for each server that looks, a row for each server it looks at (v3 11.5). */
function matrix(
  view: ClusterView,
  what: { title: string; tag: string; columns: readonly { name: string }[] },
  marksAt: (server: ViewedServer, number: number) => string[] | undefined,
): string {
  const { tag, columns } = what;
  const tables = view.servers.flatMap((server, index) => [
    ` [on server${index} : ${server.word}]`,
    `      ${tag} ${columns.map((_, number) => number).join(' ')}`,
    ...view.servers.map((_, number) => {
      const marks = marksAt(server, number) ?? columns.map(() => '-');
      return ` server${number} : ${marks.join(' ')}`;
    }),
  ]);
  return lines([
    ` ========= ${what.title} ==========`,
    ` Cluster : ${view.cluster}`,
    ...legend(view).map((row) => row.slice(2)),
    ...columns.map(({ name }, index) => `  ${tag}${index} : ${name}`),
    ...tables,
  ]);
}

export function heartbeatMap(view: ClusterView): string {
  const what = { title: 'HEARTBEAT RESOURCE STATUS', tag: 'HB', columns: view.heartbeats };
  return matrix(view, what, ({ receives }, at) => receives?.[at]?.links.map(markOf));
}

/** As the matrix of heartbeats: what each server knows of every server's resolution. */
export function partitionMap(view: ClusterView): string {
  const columns = view.partitions;
  const what = { title: 'NETWORK PARTITION RESOURCE STATUS', tag: 'NP', columns };
  const mark = (answers: boolean | null) => (answers === null ? '-' : answers ? 'o' : 'x');
  return matrix(view, what, ({ resolution }, at) =>
    resolution?.[at]?.resources.map(({ answers }) => mark(answers)),
  );
}
