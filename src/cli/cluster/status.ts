/** `status`: the cluster as far as it can be seen, each part with where its words come from. */
import { heldIfAble } from '../../cluster/index.ts';
import { DrydockError } from '../../core/errors.ts';
import { sleep } from '../../ports/clock.ts';
import { evaluateCondition } from '../../runbook/language/expressions/expressions.ts';
import type { Observed, ServerStatus, Status } from '../../schema/generated/status.ts';
import { paperGaps } from '../../service/run/permission.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { readerLeft } from '../words/terminal.ts';
import { type Cluster, openCluster } from './cluster.ts';

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

function serverRows(status: Status): string[][] {
  return Object.values(status.servers).map((server) => {
    const { name, power, system, membership } = server;
    const own = status.expresscluster?.servers[name];
    return [
      `  ${name}`,
      membership.word ?? 'Unknown',
      `power ${power.state ?? '?'}`,
      `daemon ${membership.software ?? '?'}`,
      ...(own ? [`agent ${own.agent ?? '?'}`] : []),
      heartbeats(server),
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

/** `(v3 LE, timeouts x3)`: what it is. */
function kindWords({ kind, expresscluster }: Status): string {
  if (!expresscluster) return kind;
  const { manual, edition, timeoutRatio } = expresscluster;
  const { ratio } = timeoutRatio;
  return `${manual} ${edition}${ratio !== null && ratio !== 1 ? `, timeouts x${ratio}` : ''}`;
}

function rowsOf(status: Status): string {
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
  ].join('');
}

/** Only where the servers do not hold the same papers of change windows. */
async function paperRows(cluster: Cluster): Promise<string> {
  const gaps = paperGaps(await heldIfAble(cluster.door));
  return gaps.length === 0 ? '' : `papers\n${gaps.map((words) => `  ${words}\n`).join('')}`;
}

/** What `--watch` compares: everything but the times of looking. */
function essence(status: Status): string {
  return JSON.stringify(status, (key, value) =>
    ['takenAt', 'at', 'usedMs', 'remainMs'].includes(key) ? 0 : value,
  );
}

/** `--wait CEL`: looks until it holds. Exit 1 when the time is over. */
async function waitFor(cli: Cli, cluster: Cluster, condition: string, seconds: number) {
  const limit = cluster.clock.now() + seconds * 1000;
  let last = 'it does not hold';
  while (!cli.stopping.aborted) {
    const seen = await cluster.door.observation.status();
    const found = evaluateCondition(condition, { status: seen, names: {}, before: {}, chosen: {} });
    if ('value' in found && found.value) {
      print(cli, seen, () => `${condition}\n`);
      return 0;
    }
    last = 'unknown' in found ? `not known: ${found.unknown}` : 'it does not hold';
    if (cluster.clock.now() > limit) break;
    await Promise.race([sleep(cluster.clock, 100), aborted(cli)]);
  }
  throw new DrydockError(`waited ${seconds} s for ${condition}: ${last}`, {
    code: 'wait.timeout',
    remedy: 'look with `drydock status`',
  });
}

export async function status(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    if (typeof args.wait === 'string') {
      const seconds = typeof args.timeout === 'number' ? args.timeout : 60;
      return await waitFor(cli, cluster, args.wait, seconds);
    }
    let last = '';
    do {
      const seen = await cluster.door.observation.status();
      if (essence(seen) !== last) {
        if (args.watch === true && !cli.json) cli.out(`${new Date(seen.takenAt).toISOString()}\n`);
        const papers = cli.json ? '' : await paperRows(cluster);
        print(cli, seen, () => rowsOf(seen) + papers);
      }
      last = essence(seen);
      if (args.watch === true) await Promise.race([sleep(cluster.clock, 500), aborted(cli)]);
    } while (args.watch === true && !cli.stopping.aborted && !readerLeft.aborted);
    return 0;
  } finally {
    await cluster.close();
  }
}

function aborted(cli: Cli): Promise<void> {
  return new Promise((resolve) => {
    if (cli.stopping.aborted) resolve();
    cli.stopping.addEventListener('abort', () => resolve(), { once: true });
  });
}
