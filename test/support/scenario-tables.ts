/** The cluster in a few stable lines, for scenarios: no times, no identifiers. */
import type { Status } from '../../src/schema/generated/status-1.ts';

const NONE = '-';

function lines(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function servers(status: Status): string[][] {
  const rows = Object.values(status.servers).map((server) => [
    server.name,
    `power ${server.power ?? '?'}`,
    server.node ?? '?',
    server.state,
    `daemon ${server.daemon ?? '?'}`,
    `agent ${server.agent ?? '?'}`,
    `addresses ${server.addresses?.join(' ') || (server.addresses ? NONE : '?')}`,
  ]);
  return rows;
}

function heartbeats(status: Status): string[][] {
  return Object.values(status.servers).flatMap((server) =>
    Object.entries(server.heartbeats).flatMap(([peer, beats]) =>
      Object.entries(beats).map(([name, state]) => [`${server.name} hears ${peer}`, name, state]),
    ),
  );
}

function groups(status: Status): string[][] {
  return Object.values(status.groups).map((group) => [
    group.name,
    group.state ?? '?',
    `current ${group.current ?? NONE}`,
    `active on ${group.activeOn?.join(' ') || NONE}`,
  ]);
}

function resources(status: Status): string[][] {
  return Object.values(status.resources).map((resource) => [
    resource.name,
    resource.state ?? '?',
    resource.current ?? NONE,
  ]);
}

function monitors(status: Status): string[][] {
  return Object.values(status.monitors).flatMap((monitor) =>
    Object.entries(monitor.servers).map(([server, { state }]) => [
      monitor.name,
      server,
      state ?? '?',
    ]),
  );
}

function mirrors(status: Status): string[][] {
  return Object.values(status.mirrors).flatMap((mirror) => [
    ...Object.entries(mirror.servers).map(([server, side]) => [
      mirror.name,
      mirror.state,
      server,
      side.color,
      side.active ? 'active' : NONE,
      side.latest ? 'latest' : NONE,
      side.connected ? 'connected' : 'alone',
      side.diskError ? 'disk error' : NONE,
      side.autoRecoveryHeld ? 'held' : NONE,
    ]),
  ]);
}

const TABLES: Record<string, (status: Status) => string[][]> = {
  servers,
  heartbeats,
  groups,
  resources,
  monitors,
  mirrors,
};

/** Null when there is no such table. */
export function tableOf(name: string, status: Status): string | null {
  const rows = TABLES[name]?.(status);
  return rows ? lines(rows) : null;
}
