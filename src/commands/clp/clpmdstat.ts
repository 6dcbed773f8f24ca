/**
 * clpmdstat: the state of mirror disk resources.
 *
 * Documented: --mirror/-m, --active/-a, --detail/-d, --list/-l (names in angle brackets) and
 * --perf/-p; the layout of --mirror (v3 11.10.2, 11.10.3); which values --perf shows, their units
 * and rounding (x5 2.3), of this server alone. Our choice: the layouts of --active, --detail and
 * --perf; --perf shows the newest sample, before the first one what was counted so far.
 */
import { mirrorServers } from '../../cluster/index.ts';
import { mirrorsOf, parameterOf } from '../../config/index.ts';
import { done } from '../environment.ts';
import {
  type Context,
  defineCommand,
  LOOKS_ONLY,
  mirrorNamed,
  refused,
  request,
} from './context.ts';
import { pairOf } from './mirror.ts';
import { activeTable, mirrorTable } from './mirror-table.ts';
import { atMost, modeOf, usageError } from './options.ts';

const OPTIONS = {
  mirror: { names: ['--mirror', '-m'] },
  active: { names: ['--active', '-a'] },
  detail: { names: ['--detail', '-d'] },
  list: { names: ['--list', '-l'] },
  perf: { names: ['--perf', '-p'] },
};

const DETAILS: [string, string][] = [
  ['NMP', 'nmppath'],
  ['Cluster Partition', 'diskdev/cppath'],
  ['Data Partition', 'diskdev/dppath'],
  ['File System', 'fs'],
  ['Mount Point', 'mount/point'],
  ['Mirror Disk Connect', 'netdev'],
  ['Ack Timeout (s)', 'mddriver/acktimeout'],
  ['Connect Timeout (s)', 'mddriver/connecttimeout'],
  ['Heartbeat Interval (s)', 'mddriver/hbinterval'],
];

function detail({ config }: Context, name: string): string {
  const resource = config.resources.find((one) => one.name === name);
  const rows = DETAILS.map(([label, path]) => {
    const value = resource === undefined ? undefined : parameterOf(resource, path);
    return `${label.padEnd(24)}: ${value ?? ''}`.trimEnd();
  });
  const servers = mirrorServers(config, name).join(', ');
  return [name, ...rows, `${'Servers'.padEnd(24)}: ${servers}`, ''].join('\n');
}

interface Reported {
  isOn: boolean;
  /** Labels and values in the words for commands. */
  shown: [string, string][];
}

async function perf({ env, local }: Context, name: string): Promise<string> {
  const body = { do: 'statistics', mirror: name, save: false } as const;
  const { isOn, shown } = (await request(env, local, 'agent', body)) as unknown as Reported;
  if (!isOn) {
    throw refused(
      'Mirror Statistics are not enabled',
      'enable them on the Statistics tab of the cluster properties (cluster/statistics/mirror 1)',
    );
  }
  const rows = shown.map(([label, words]) => `${label.padEnd(16)}: ${words}`);
  return [`${name} on ${local}`, ...rows, ''].join('\n');
}

export const clpmdstat = defineCommand(
  {
    name: 'clpmdstat',
    summary: 'Shows mirror disk resources',
    usage: ['clpmdstat --mirror|--active|--detail|--perf NAME', 'clpmdstat --list'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  async (context, given) => {
    const mode = modeOf(given, OPTIONS, ['mirror', 'active', 'detail', 'list', 'perf']);
    atMost(given, mode === 'list' ? 0 : 1);
    if (mode === 'list') {
      return done(
        mirrorsOf(context.config)
          .map(({ name }) => `<${name}>\n`)
          .join(''),
      );
    }
    const [given0] = given.rest;
    if (given0 === undefined) throw usageError('the name of a mirror disk resource is missing');
    const name = mirrorNamed(context, given0);
    if (mode === 'perf') return done(await perf(context, name));
    if (mode === 'detail') return done(detail(context, name));
    const pair = await pairOf(context, name);
    return done(mode === 'mirror' ? mirrorTable(pair) : activeTable(pair));
  },
);
