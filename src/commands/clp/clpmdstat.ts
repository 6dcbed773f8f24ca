/**
 * clpmdstat: the state of mirror disk resources.
 *
 * Documented: --mirror/-m, --active/-a, --detail/-d, --list/-l (names in angle brackets) and
 * --perf/-p; the layout of --mirror (v3 11.10.2, 11.10.3); which values --perf shows, their units
 * and rounding (x5 2.3), of this server alone. Our choice: the layouts of --active, --detail and
 * --perf; --perf shows the newest sample, before the first one what was counted so far.
 */
import {
  mirrorServers,
  mirrorSides,
  mirrorsOf,
  parameterOf,
  resourceKind,
} from '../../config/index.ts';
import type { MirrorStatistics } from '../../schema/generated/reports/mirror-statistics.ts';
import type { NamesShown } from '../../schema/generated/reports/names.ts';
import type { PropertiesShown } from '../../schema/generated/reports/properties.ts';
import { type Command, done } from '../environment.ts';
import {
  type Context,
  defineCommand,
  LOOKS_ONLY,
  mirrorNamed,
  refused,
  request,
} from './context.ts';
import { pairOf } from './mirror.ts';
import { activeTable, mirrorTable, viewOf } from './mirror-table.ts';
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

function propertiesOf({ config }: Context, name: string): PropertiesShown {
  const resource = config.resources.find((one) => one.name === name);
  const properties = DETAILS.map(([label, path]) => {
    const value = resource === undefined ? undefined : parameterOf(resource, path);
    return { name: label, value: value === undefined || value === '' ? null : String(value) };
  });
  properties.push({ name: 'Servers', value: mirrorServers(config, name).join(', ') });
  const objects = [{ kind: 'mirror' as const, index: null, name, properties }];
  return { schema: 'drydock.properties/1', objects };
}

function detail({ objects }: PropertiesShown): string {
  const blocks = objects.map(({ name, properties }) => {
    const rows = properties.map(
      ({ name: label, value }) => `${label.padEnd(24)}:${value === null ? '' : ` ${value}`}`,
    );
    return [name, ...rows, ''].join('\n');
  });
  return blocks.join('');
}

interface Reported {
  isOn: boolean;
  /** Labels and values in the words for commands. */
  shown: [string, string][];
}

async function statisticsOf({ env, local }: Context, name: string): Promise<MirrorStatistics> {
  const body = { do: 'statistics', mirror: name, save: false } as const;
  const { isOn, shown } = (await request(env, local, 'agent', body)) as unknown as Reported;
  if (!isOn) {
    throw refused(
      'Mirror Statistics are not enabled',
      'enable them on the Statistics tab of the cluster properties (cluster/statistics/mirror 1)',
    );
  }
  const values = shown.map(([label, value]) => ({ name: label, value }));
  return { schema: 'drydock.mirror-statistics/1', mirror: name, server: local, values };
}

function perf({ mirror, server, values }: MirrorStatistics): string {
  const rows = values.map(({ name, value }) => `${name.padEnd(16)}: ${value}`);
  return [`${mirror} on ${server}`, ...rows, ''].join('\n');
}

const show =
  (isGrouped: boolean): Parameters<typeof defineCommand>[1] =>
  async (context, given) => {
    const mode = modeOf(given, OPTIONS, ['mirror', 'active', 'detail', 'list', 'perf']);
    atMost(given, mode === 'list' ? 0 : 1);
    if (mode === 'list') {
      const listed = mirrorsOf(context.config).filter(
        (one) => resourceKind(one.type).isGrouped === isGrouped,
      );
      const names = listed.map(({ name }) => name);
      const data: NamesShown = { schema: 'drydock.names/1', kind: 'mirror', names };
      return done(names.map((name) => `<${name}>\n`).join(''), data);
    }
    const [given0] = given.rest;
    if (given0 === undefined) throw usageError('the name of a mirror disk resource is missing');
    const name = mirrorNamed(context, given0);
    if (mode === 'perf') {
      const counted = await statisticsOf(context, name);
      return done(perf(counted), counted);
    }
    if (mode === 'detail') {
      const properties = propertiesOf(context, name);
      return done(detail(properties), properties);
    }
    const view = viewOf(await pairOf(context, name), mirrorSides(context.config, name));
    return done(mode === 'mirror' ? mirrorTable(view) : activeTable(view), view);
  };

function stat(name: string, isGrouped: boolean): Command {
  const about = {
    name,
    summary: isGrouped ? 'Shows hybrid disk resources' : 'Shows mirror disk resources',
    usage: [`${name} --mirror|--active|--detail|--perf NAME`, `${name} --list`],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  };
  return defineCommand(about, show(isGrouped));
}

export const clpmdstat = stat('clpmdstat', false);
export const clphdstat = stat('clphdstat', true);
