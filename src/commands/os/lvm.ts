/**
 * pvs, vgs, lvs, lvextend: logical volumes (lvm2 2.03.16; x5 2.23). As the originals end: lvextend in 5
 * for a size that it has already, a smaller one, no space, or a physical volume that is missing; in 3
 * for bad words. What is listed is whole where one is missing: the warning goes to stderr, exit 0. A
 * group lies on one physical volume, known by its identifier (a choice).
 */
import { RemoteError } from '../../ports/wire.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';

const MIB = 1024 * 1024;
const EXTENT_BYTES = 4 * MIB;
const FAILED = 5;
const BAD_WORDS = 3;

interface Volume {
  device: string;
  group: string;
  name: string;
  sizeBytes: number;
  roomBytes: number;
  isMissing: boolean;
}

async function volumesOf(env: Environment): Promise<Volume[]> {
  const { disks } = await askHost(env, { do: 'disks' });
  type Stored = { sizeBytes: number; roomBytes?: number; failed: string | null };
  return Object.entries(disks as unknown as Record<string, Stored>).flatMap(([device, disk]) => {
    const [, , group = '', name = ''] = device.split('/');
    if (disk.roomBytes === undefined) return [];
    const { sizeBytes, roomBytes } = disk;
    return [{ device, group, name, sizeBytes, roomBytes, isMissing: disk.failed !== null }];
  });
}

type Row = Record<string, string>;
type Size = (bytes: number) => string;

const sum = (volumes: Volume[], of: (volume: Volume) => number): number =>
  volumes.reduce((total, volume) => total + of(volume), 0);

function groupRows(volumes: Volume[], size: Size): Row[] {
  return [...new Set(volumes.map(({ group }) => group))].sort().map((group) => {
    const own = volumes.filter((volume) => volume.group === group);
    const missing = own.some(({ isMissing }) => isMissing) ? 1 : 0;
    return {
      vg_name: group,
      pv_name: missing ? '[unknown]' : `/dev/disk/by-id/lvm-pv-${group}`,
      pv_fmt: 'lvm2',
      pv_attr: missing ? 'a-m' : 'a--',
      pv_size: size(sum(own, ({ sizeBytes, roomBytes }) => sizeBytes + roomBytes)),
      pv_free: size(sum(own, ({ roomBytes }) => roomBytes)),
      pv_count: '1',
      lv_count: String(own.length),
      snap_count: '0',
      vg_attr: missing ? 'wz-pn-' : 'wz--n-',
      vg_size: size(sum(own, ({ sizeBytes, roomBytes }) => sizeBytes + roomBytes)),
      vg_free: size(sum(own, ({ roomBytes }) => roomBytes)),
      vg_extent_size: size(EXTENT_BYTES),
      vg_missing_pv_count: String(missing),
    };
  });
}

function volumeRows(volumes: Volume[], size: Size): Row[] {
  return volumes.map(({ device, group, name, sizeBytes, isMissing }) => ({
    lv_name: name,
    vg_name: group,
    lv_attr: isMissing ? '-wi-a---p-' : '-wi-a-----',
    lv_size: size(sizeBytes),
    lv_path: device,
  }));
}

function sizeIn(unit: string): Size {
  if (unit === 'b') return (bytes) => `${bytes}B`;
  const powers: Record<string, number> = { k: 1, m: 2, g: 3, t: 4 };
  const power = powers[unit];
  if (power !== undefined) return (bytes) => `${(bytes / 1024 ** power).toFixed(2)}${unit}`;
  return (bytes) => {
    const by = [4, 3, 2, 1].find((each) => bytes >= 1024 ** each) ?? 1;
    return `${(bytes / 1024 ** by).toFixed(2)}${'kmgt'[by - 1]}`;
  };
}

interface Asked {
  isJson: boolean;
  hasHead: boolean;
  unit: string;
  fields: string[] | null;
  names: string[];
}

function parse(args: string[]): Asked {
  const asked: Asked = { isJson: false, hasHead: true, unit: 'h', fields: null, names: [] };
  const left = args.flatMap((arg) =>
    /^--\w+=/.test(arg) ? arg.split(/=(.*)/s).slice(0, 2) : [arg],
  );
  const value = (option: string): string => {
    const given = left.shift();
    if (given === undefined) throw new Usage(`option '${option}' requires an argument`);
    return given;
  };
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === '--reportformat') asked.isJson = value(arg) === 'json';
    else if (arg === '--units') asked.unit = value(arg);
    else if (arg === '-o' || arg === '--options') asked.fields = value(arg).split(',');
    else if (arg === '--noheadings') asked.hasHead = false;
    else if (arg.startsWith('-')) throw new Usage(`unrecognized option '${arg}'`);
    else asked.names.push(arg);
  }
  return asked;
}

interface Kind {
  key: string;
  fields: string[];
  rows: (volumes: Volume[], size: Size) => Row[];
  isNamed: (row: Row, name: string) => boolean;
}

function listing(name: string, summary: string, { key, fields, rows, isNamed }: Kind) {
  return osCommand(
    {
      name,
      summary,
      usage: [`${name} [--reportformat json] [--units b] [--noheadings] [-o FIELD,…] [NAME…]`],
      traits: () => ({ changes: false }),
      async run(env, args): Promise<Report> {
        const asked = parse(args);
        const volumes = await volumesOf(env);
        const all = rows(volumes, sizeIn(asked.unit));
        const strange = asked.fields?.find((field) => all.some((row) => !(field in row)));
        if (strange) throw new Usage(`Unrecognised field: ${strange}`);
        const lacking = asked.names.find((one) => !all.some((row) => isNamed(row, one)));
        if (lacking) return failed(`  Failed to find ${name.slice(0, 2)} "${lacking}"`, FAILED);
        const { names } = asked;
        const found = all.filter(
          (row) => names.length === 0 || names.some((one) => isNamed(row, one)),
        );
        const shown = found.map((row) =>
          Object.fromEntries((asked.fields ?? fields).map((field) => [field, row[field] ?? ''])),
        );
        const isMissing = volumes.some((volume) => volume.isMissing);
        const stderr = isMissing ? '  WARNING: VG is missing a PV.\n' : '';
        if (asked.isJson) {
          const text = JSON.stringify({ report: [{ [key]: shown }] }, null, 4);
          return { code: 0, data: null, stdout: `${text}\n`, stderr };
        }
        const titles = (asked.fields ?? fields).map((field) =>
          field.replace(/^(pv|lv)_(name)$/, '$1'),
        );
        const lines = [
          ...(asked.hasHead ? [titles] : []),
          ...shown.map((row) => Object.values(row)),
        ];
        return {
          code: 0,
          data: null,
          stdout: lines.map((line) => `  ${line.join(' ')}\n`).join(''),
          stderr,
        };
      },
    },
    { refused: FAILED, usage: BAD_WORDS },
  );
}

export const pvs = listing('pvs', 'physical volumes', {
  key: 'pv',
  fields: ['pv_name', 'vg_name', 'pv_fmt', 'pv_attr', 'pv_size', 'pv_free'],
  rows: groupRows,
  isNamed: (row, name) => row.pv_name === name,
});
export const vgs = listing('vgs', 'volume groups', {
  key: 'vg',
  fields: ['vg_name', 'pv_count', 'lv_count', 'snap_count', 'vg_attr', 'vg_size', 'vg_free'],
  rows: groupRows,
  isNamed: (row, name) => row.vg_name === name,
});
export const lvs = listing('lvs', 'logical volumes', {
  key: 'lv',
  fields: ['lv_name', 'vg_name', 'lv_attr', 'lv_size'],
  rows: volumeRows,
  isNamed: (row, name) =>
    [row.vg_name, row.lv_path, `${row.vg_name}/${row.lv_name}`].includes(name),
});

const UNITS: Record<string, number> = { b: 1, k: 1024, m: MIB, g: 1024 * MIB, t: 1024 ** 2 * MIB };

function wantedSize(text: string, { sizeBytes, roomBytes }: Volume, isExtents: boolean): number {
  const share = /^\+(\d+)%FREE$/i.exec(text);
  if (isExtents && share) return sizeBytes + Math.floor((roomBytes * Number(share[1])) / 100);
  const [, sign, digits, unit = 'm'] = /^(\+?)(\d+(?:\.\d+)?)([bkmgt])?(?:iB)?$/i.exec(text) ?? [];
  if (digits === undefined)
    throw new Usage(`Invalid argument for ${isExtents ? '-l' : '-L'}: ${text}`);
  const bytes = Number(digits) * (isExtents ? EXTENT_BYTES : UNITS[unit.toLowerCase()]!);
  const whole = Math.ceil(bytes / EXTENT_BYTES) * EXTENT_BYTES;
  return sign === '+' ? sizeBytes + whole : whole;
}

async function extend(env: Environment, args: string[]): Promise<Report> {
  const [option, size, name, more] = args;
  if (!['-L', '--size', '-l', '--extents'].includes(option ?? '') || !size || !name || more) {
    throw new Usage('say -L SIZE or -l EXTENTS, and one volume');
  }
  const isNamed = ({ device, group, name: own }: Volume) =>
    [device, `${group}/${own}`].includes(name);
  const volume = (await volumesOf(env)).find(isNamed);
  if (!volume)
    return failed(`  Failed to find logical volume "${name.replace('/dev/', '')}"`, FAILED);
  const { device, group, name: own, sizeBytes, roomBytes } = volume;
  if (volume.isMissing) {
    return failed(`  Cannot change VG ${group} while PVs are missing.`, FAILED);
  }
  const after = wantedSize(size, volume, option === '-l' || option === '--extents');
  const extents = (bytes: number) => Math.round(bytes / EXTENT_BYTES);
  if (after === sizeBytes) {
    const count = `(${extents(after)} extents)`;
    return failed(`  New size ${count} matches existing size ${count}.`, FAILED);
  }
  if (after < sizeBytes) {
    const words = `(${extents(after)} extents) not larger than existing size (${extents(sizeBytes)} extents)`;
    return failed(`  New size given ${words}`, FAILED);
  }
  if (after - sizeBytes > roomBytes) {
    const words = `${extents(after - sizeBytes)} extents needed, but only ${extents(roomBytes)} available`;
    return failed(`  Insufficient free space: ${words}`, FAILED);
  }
  try {
    await askHost(env, { do: 'volume.extend', device, sizeBytes: after });
  } catch (error) {
    if (error instanceof RemoteError) return failed(`  ${error.message}`, FAILED);
    throw error;
  }
  const words = (bytes: number) => `${(bytes / MIB).toFixed(2)} MiB (${extents(bytes)} extents)`;
  return done(
    `  Size of logical volume ${group}/${own} changed from ${words(sizeBytes)} to ${words(after)}.\n` +
      `  Logical volume ${group}/${own} successfully resized.\n`,
  );
}

export const lvextend = osCommand(
  {
    name: 'lvextend',
    summary: 'grow a logical volume',
    usage: ['lvextend -L [+]SIZE VOLUME', 'lvextend -l [+]EXTENTS VOLUME'],
    traits: () => ({ changes: true, endangers: true }),
    run: extend,
  },
  { refused: FAILED, usage: BAD_WORDS },
);
