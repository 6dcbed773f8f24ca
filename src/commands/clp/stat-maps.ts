/**
 * clpstat -g, -m, -n: who runs what, monitor by monitor, and who hears whom. The layouts of -g and
 * -n are documented (v3 11.5); that of -m is our choice, one `[monitor : state]` item a monitor
 * and server.
 */
import { END, type Look, legend, lines, serverWord, stateWord, title } from './stat-words.ts';

function isUp(look: Look, server: string): boolean {
  const word = serverWord(look, server);
  return word !== 'Offline' && word !== 'Unknown';
}

export function groupMap(look: Look): string {
  const { status, config } = look;
  const rows = config.servers.map(({ name }, index) => {
    const active = config.groups.flatMap((group) => {
      const found = status.groups[group.name];
      if (found?.activeOn?.includes(name) !== true) return [];
      return [`${group.name}[${found.state === 'started' ? 'o' : 'x'}]`];
    });
    const word = serverWord(look, name);
    const mark = word === 'Unknown' ? '-' : word === 'Offline' ? 'x' : 'o';
    return `    server${index} [${mark}] : ${active.join(' ')}`;
  });
  return lines([
    title('GROUPMAP INFORMATION', 22, 23),
    `  Cluster : ${config.name}`,
    ...legend(look),
    '',
    `  ${'-'.repeat(68)}`,
    ...rows,
    END,
  ]);
}

export function monitorMap(look: Look): string {
  const { status, config } = look;
  const items = config.monitors.flatMap((monitor, index) => [
    `  Monitor${index} : ${monitor.name}`,
    ...config.servers.map(({ name }, number) => {
      const word = stateWord(status.monitors[monitor.name]?.servers[name]?.word);
      return `    server${number} : [${monitor.name} : ${word}]`;
    }),
  ]);
  return lines([
    title('MONITOR RESOURCE STATUS', 21, 21),
    `  Cluster : ${config.name}`,
    ...legend(look),
    '',
    ...items,
    END,
  ]);
}

const MARKS: Record<string, string> = { up: 'o', down: 'x' };

/** What one server's daemon hears of another; `-` when it is not known. */
function markOf(look: Look, on: string, of: string, heartbeat: string): string {
  const membership = look.status.servers[on]?.membership;
  if (!isUp(look, on) || membership?.software !== 'running') return '-';
  if (on === of) return 'o';
  return MARKS[membership.links?.[of]?.[heartbeat]?.state ?? ''] ?? '-';
}

export function heartbeatMap(look: Look): string {
  const { config } = look;
  const numbers = config.heartbeats.map((_, index) => index);
  const tables = config.servers.flatMap(({ name: on }, index) => [
    ` [on server${index} : ${serverWord(look, on)}]`,
    `      HB ${numbers.join(' ')}`,
    ...config.servers.map(({ name: of }, number) => {
      const marks = config.heartbeats.map(({ name }) => markOf(look, on, of, name));
      return ` server${number} : ${marks.join(' ')}`;
    }),
  ]);
  return lines([
    ' ========= HEARTBEAT RESOURCE STATUS ==========',
    ` Cluster : ${config.name}`,
    ...legend(look).map((row) => row.slice(2)),
    ...config.heartbeats.map(({ name }, index) => `  HB${index} : ${name}`),
    ...tables,
  ]);
}
