/** `status`: the cluster as far as it can be seen, each part with where its words come from. */
import type { Observed, ServerStatus, Status } from '../../schema/generated/status.ts';
import { readStatus, type Seen, waitForStatus, watchStatus } from '../../service/status.ts';
import { type Cli, table } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readerLeft } from '../words/terminal.ts';

/** `?` with the reason, or nothing. */
function unknown(observed: Observed): string {
  return observed.unknown === null ? '' : `unknown: ${observed.unknown}`;
}

function age(observed: Observed, now: number): string {
  if (observed.at === null || observed.by === null) return '';
  return `${observed.by}, ${Math.max(0, Math.round((now - observed.at) / 100) / 10)} s ago`;
}

function heartbeats(server: ServerStatus): string {
  return Object.entries(server.membership.links ?? {})
    .flatMap(([peer, all]) =>
      Object.entries(all).map(([name, link]) => `${name} to ${peer} ${link.word ?? 'Unknown'}`),
    )
    .join(', ');
}

const cablesOut = (nets: string[] = []): string[] => nets.map((net) => `cable of ${net} out`);

function serverRows(status: Status): string[][] {
  return Object.values(status.servers).map((server) => {
    const { name, power, system, membership } = server;
    const own = status.expresscluster?.servers[name];
    return [
      `  ${name}`,
      own?.member === false ? 'not in the cluster' : (membership.word ?? 'Unknown'),
      `power ${power.state ?? '?'}`,
      `daemon ${membership.software ?? '?'}`,
      ...(own ? [`agent ${own.agent ?? '?'}`] : []),
      [heartbeats(server), ...cablesOut(own?.unplugged)].filter(Boolean).join(', '),
      unknown(system.observed) || age(membership.observed, status.takenAt),
    ];
  });
}

function mirrorRows(status: Status): string[][] {
  return Object.values(status.volumes).flatMap((volume) => [
    [
      `  ${volume.name}`,
      volume.word ?? 'Unknown',
      volume.outOfSyncPercent === null ? '' : `${volume.outOfSyncPercent}% differs`,
    ],
    ...Object.entries(volume.copies).map(([name, copy]) => [
      `    ${name}`,
      `${copy.word ?? 'GRAY'}${copy.role === 'primary' ? ' active' : ''}`,
      `generation ${copy.generation ?? '?'}`,
      copy.diskError ? 'disk error' : '',
      copy.connection.state === 'disconnected' ? 'disconnected' : '',
      unknown(copy.observed),
    ]),
    ...(volume.sync
      ? [
          [
            `    recovery`,
            `${volume.sync.from} -> ${volume.sync.to}`,
            `${Math.floor(volume.sync.percent ?? 0)}%${volume.sync.paused ? ' paused' : ''}`,
          ],
        ]
      : []),
  ]);
}

/** Of disks that several servers reach: who reserved each. */
function sharedDiskRows(status: Status): string[][] {
  const seen = Object.values(status.servers).flatMap(({ name, system }) =>
    Object.entries(system.disks ?? {}).flatMap(([device, { serial, reservedBy }]) =>
      reservedBy === undefined ? [] : [{ serial, reservedBy, at: `${device} of ${name}` }],
    ),
  );
  return [...Map.groupBy(seen, ({ serial }) => serial)].map(([serial, ways]) => {
    const holder = ways[0]!.reservedBy;
    const words = holder === null ? 'not reserved' : `reserved by ${holder}`;
    return [`  ${serial}`, words, ways.map(({ at }) => at).join(', ')];
  });
}

/** `(v3 LE, timeouts x3)`: what it is. */
function kindWords({ kind, expresscluster }: Status): string {
  if (!expresscluster) return kind;
  const { manual, edition, timeoutRatio } = expresscluster;
  const { ratio } = timeoutRatio;
  return `${manual} ${edition}${ratio !== null && ratio !== 1 ? `, timeouts x${ratio}` : ''}`;
}

/** As a person reads it; changes nothing, asks nobody. */
export function wordsOf(status: Status): string {
  const groups = Object.values(status.groups).map((group) => [
    `  ${group.name}`,
    group.word ?? '?',
    group.current ?? '-',
    group.activeOn && group.activeOn.length > 1 ? `ACTIVE ON ${group.activeOn.join(' AND ')}` : '',
    unknown(group.observed),
  ]);
  const resources = Object.values(status.resources).map((resource) => [
    `  ${resource.name}`,
    resource.word ?? '?',
    resource.current ?? '-',
    `${resource.type} of ${resource.group ?? ''}`,
  ]);
  const monitors = Object.values(status.monitors).map((monitor) => [
    `  ${monitor.name}`,
    ...Object.entries(monitor.servers).map(([name, { word }]) => `${name} ${word ?? '?'}`),
  ]);
  const part = (title: string, rows: string[][]) => (rows.length ? `${title}\n${table(rows)}` : '');
  return [
    `cluster ${status.cluster.name} (${kindWords(status)})\n`,
    part('servers', serverRows(status)),
    part('groups', groups),
    part('resources', resources),
    part('monitors', monitors),
    part('mirrors', mirrorRows(status)),
    part('shared disks', sharedDiskRows(status)),
  ].join('');
}

/** Only where the servers do not hold the same documents of change windows. */
function documentRows(gaps: readonly string[]): string {
  return gaps.length === 0 ? '' : `documents\n${gaps.map((words) => `  ${words}\n`).join('')}`;
}

function showSeen(cli: Cli, seen: Seen): number {
  return show(cli, seen, (data) => wordsOf(data) + documentRows(seen.gaps));
}

export async function status(cli: Cli, args: Args): Promise<number> {
  const ctx = contextOf(cli, args);
  const isWithGaps = !cli.json;
  if (typeof args.wait === 'string') {
    const condition = args.wait;
    const seconds = typeof args.timeout === 'number' ? args.timeout : 60;
    const wish = { condition, seconds, over: cli.stopping };
    return show(cli, await waitForStatus(ctx, wish), () => `${condition}\n`);
  }
  if (args.watch !== true) return showSeen(cli, await readStatus(ctx, { isWithGaps }));
  const onSeen = (seen: Seen) => {
    if (!cli.json) cli.out(`${new Date(seen.data.takenAt).toISOString()}\n`);
    showSeen(cli, seen);
  };
  await watchStatus(ctx, { isWithGaps, onSeen, over: AbortSignal.any([cli.stopping, readerLeft]) });
  return 0;
}
