/**
 * blkid and wipefs: what a device holds (util-linux 2.38). blkid ends in 2 where there is nothing, or
 * no such device; wipefs erases with -a only, and never from a device in use.
 */
import type { DiskStatus } from '../../schema/generated/status.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';
import { volumeAt } from './mounted.ts';

const NOTHING = 2;

async function allDevices(env: Environment): Promise<string[]> {
  const { disks } = await askHost(env, { do: 'status' });
  return Object.entries(disks as unknown as Record<string, DiskStatus>).flatMap(
    ([disk, { partitions }]) => [disk, ...partitions.map(({ device }) => device)],
  );
}

interface Asked {
  tags: string[] | null;
  output: string;
  probes: boolean;
  devices: string[];
}

function parse(args: string[]): Asked {
  const asked: Asked = { tags: null, output: 'full', probes: false, devices: [] };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === '-p' || arg === '-c' || arg === '-g') asked.probes ||= arg === '-p';
    else if (arg === '-s' || arg === '-o') {
      const value = left.shift();
      if (value === undefined) throw new Usage(`option requires an argument -- '${arg.slice(1)}'`);
      if (arg === '-s') asked.tags = [...(asked.tags ?? []), value];
      else asked.output = value;
    } else if (arg.startsWith('-')) throw new Usage(`invalid option -- '${arg.slice(1)}'`);
    else asked.devices.push(arg);
  }
  if (!['full', 'value', 'export'].includes(asked.output)) {
    throw new Usage(`unsupported output format ${asked.output}`);
  }
  if (asked.probes && asked.devices.length === 0) {
    throw new Usage('The low-level probing mode requires a device');
  }
  return asked;
}

async function blkidRun(env: Environment, args: string[]): Promise<Report> {
  const { tags, output, probes, devices } = parse(args);
  let stdout = '';
  for (const device of devices.length > 0 ? devices : await allDevices(env)) {
    const { fileSystem } = await volumeAt(env, device);
    if (fileSystem === null) continue;
    const { type, mark } = fileSystem;
    const all: [string, string][] = [
      ['UUID', mark],
      ['TYPE', type],
    ];
    if (probes) all.push(['USAGE', 'filesystem']);
    const shown = all.filter(([tag]) => tags?.includes(tag) ?? true);
    if (output === 'value') stdout += shown.map(([, value]) => `${value}\n`).join('');
    else if (output === 'export') {
      const rows = [['DEVNAME', device], ...shown].map(([tag, value]) => `${tag}=${value}\n`);
      stdout += `${stdout === '' ? '' : '\n'}${rows.join('')}`;
    } else stdout += `${device}: ${shown.map(([tag, value]) => `${tag}="${value}"`).join(' ')}\n`;
  }
  return { ...done(stdout), code: stdout === '' ? NOTHING : 0 };
}

export const blkid = osCommand(
  {
    name: 'blkid',
    summary: 'which file systems devices hold',
    usage: ['blkid [-p] [-s TAG] [-o full|value|export] [DEVICE…]'],
    traits: () => ({ changes: false }),
    run: blkidRun,
  },
  { refused: NOTHING, usage: 4 },
);

const MAGIC: Record<string, [offset: string, bytes: string]> = {
  ext2: ['0x00000438', '53 ef'],
  ext3: ['0x00000438', '53 ef'],
  ext4: ['0x00000438', '53 ef'],
  xfs: ['0x00000000', '58 46 53 42'],
};

async function wipeOne(env: Environment, device: string): Promise<Report> {
  const { sizeBytes, fileSystem } = await volumeAt(env, device);
  if (sizeBytes === null) {
    return failed(
      `wipefs: error: ${device}: probing initialization failed: No such file or directory`,
    );
  }
  await askHost(env, { do: 'wipe', device });
  if (fileSystem === null) return done();
  const [offset, bytes] = MAGIC[fileSystem.type] ?? ['0x0', ''];
  const count = bytes.split(' ').length;
  const words = `${count} bytes were erased at offset ${offset} (${fileSystem.type}): ${bytes}`;
  return done(`${device}: ${words}\n`);
}

async function signatures(env: Environment, devices: string[]): Promise<Report> {
  let stdout = '';
  for (const device of devices) {
    const { sizeBytes, fileSystem } = await volumeAt(env, device);
    if (sizeBytes === null) {
      return failed(
        `wipefs: error: ${device}: probing initialization failed: No such file or directory`,
      );
    }
    if (fileSystem === null) continue;
    if (stdout === '') stdout = 'DEVICE OFFSET TYPE UUID LABEL\n';
    const [offset] = MAGIC[fileSystem.type] ?? ['0x0'];
    stdout += `${device.replace('/dev/', '')} ${offset} ${fileSystem.type} ${fileSystem.mark}\n`;
  }
  return done(stdout);
}

export const wipefs = osCommand(
  {
    name: 'wipefs',
    summary: 'which signatures a device bears; -a erases them',
    usage: ['wipefs DEVICE…', 'wipefs -a DEVICE'],
    traits: (args) => {
      const changes = args.some((arg) => arg === '-a' || arg === '--all');
      return { changes, endangers: true };
    },
    async run(env, args) {
      const devices = args.filter((arg) => !arg.startsWith('-'));
      const options = args.filter((arg) => arg.startsWith('-'));
      const strange = options.find((arg) => !['-a', '--all', '-f', '-q', '-n'].includes(arg));
      if (strange !== undefined) throw new Usage(`invalid option -- '${strange.slice(1)}'`);
      if (devices.length === 0) throw new Usage('no device specified');
      const isErasing = options.includes('-a') || options.includes('--all');
      if (!isErasing || options.includes('-n')) return signatures(env, devices);
      if (devices.length > 1) throw new Usage('one device at a time is erased here');
      return wipeOne(env, devices[0]!);
    },
  },
  { refused: 1, usage: 1 },
);
