/**
 * mount, umount, blockdev: v3 11.8.2 looks at a copy without the cluster. Ours: blockdev, so that a
 * copy can be looked at on a device that nothing can write to (a read-only mount of a journaling
 * file system may still replay its journal).
 */
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';

interface Mounted {
  device: string;
  point: string;
  fs: string;
  readOnly: boolean;
  options: string[];
}

async function show(env: Environment): Promise<Report> {
  const { mounts } = await askHost(env, { do: 'status' });
  const lines = (mounts as unknown as Mounted[]).map(({ device, point, fs, readOnly, options }) => {
    const words = [readOnly ? 'ro' : 'rw', ...options.filter((o) => o !== 'ro' && o !== 'rw')];
    return `${device} on ${point} type ${fs} (${words.join(',')})\n`;
  });
  return done(lines.join(''));
}

interface Wanted {
  fs: string;
  isReadOnly: boolean;
  options: string[];
  rest: string[];
}

function parse(args: string[]): Wanted {
  const wanted: Wanted = { fs: 'auto', isReadOnly: false, options: [], rest: [] };
  const left = [...args];
  while (left.length > 0) {
    const arg = left.shift()!;
    if (arg === '-r') wanted.isReadOnly = true;
    else if (arg === '-w') wanted.isReadOnly = false;
    else if (arg === '-t' || arg === '-o') {
      const value = left.shift();
      if (value === undefined) throw new Usage(`${arg} needs a value`);
      if (arg === '-t') wanted.fs = value;
      else wanted.options.push(...value.split(',').filter(Boolean));
    } else if (arg.startsWith('-')) throw unknownOption(arg);
    else wanted.rest.push(arg);
  }
  if (wanted.options.includes('remount')) throw new Usage('remount is not provided here');
  return wanted;
}

export const mount = osCommand({
  name: 'mount',
  summary: 'mount a device, or list what is mounted',
  usage: ['mount', 'mount [-r] [-t TYPE] [-o OPTIONS] DEVICE POINT'],
  changes: (args) => args.length > 0,
  async run(env, args) {
    if (args.length === 0) return show(env);
    const { fs, isReadOnly, options, rest } = parse(args);
    const [device, point, more] = rest;
    if (!device || !point || more) throw new Usage('name a device and a mount point');
    const readOnly = isReadOnly || options.includes('ro');
    await askHost(env, { do: 'mount', device, point, fs, readOnly, options });
    return done();
  },
});

export const umount = osCommand({
  name: 'umount',
  summary: 'unmount a device or mount point',
  usage: ['umount DEVICE|POINT'],
  changes: () => true,
  async run(env, args) {
    const option = args.find((arg) => arg.startsWith('-'));
    if (option) throw unknownOption(option);
    const [target, more] = args;
    if (!target || more) throw new Usage('name one device or mount point');
    await askHost(env, { do: 'umount', target });
    return done();
  },
});

export const blockdev = osCommand({
  name: 'blockdev',
  summary: 'write-protect a block device until the next boot',
  usage: ['blockdev --setro|--setrw|--getro DEVICE'],
  changes: (args) => args[0] !== '--getro',
  async run(env, args) {
    const [option = '', device, more] = args;
    const op = (['setro', 'setrw', 'getro'] as const).find((known) => option === `--${known}`);
    if (!op) throw option ? unknownOption(option) : new Usage('say --setro, --setrw or --getro');
    if (!device || more) throw new Usage(`${option} needs one device`);
    const { readOnly } = await askHost(env, { do: 'blockdev', device, op });
    return done(op === 'getro' ? `${readOnly ? 1 : 0}\n` : '');
  },
});
