/**
 * mount, umount, blockdev: v3 11.8.2 looks at a copy without the cluster. Ours: blockdev, so that a
 * copy can be looked at on a device that nothing can write to (a read-only mount of a journaling
 * file system may still replay its journal). Exit codes as in util-linux: 1 for words that they do
 * not know, 32 for a mount that does not come about.
 */
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';
import { readImage } from './image.ts';
import { mountsHere } from './mounted.ts';

async function show(env: Environment): Promise<Report> {
  const lines = (await mountsHere(env)).map(({ device, point, fs, readOnly, options }) => {
    const words = [readOnly ? 'ro' : 'rw', ...options.filter((o) => o !== 'ro' && o !== 'rw')];
    return `${device} on ${point} type ${fs} (${words.join(',')})\n`;
  });
  return done(lines.join(''));
}

const MOUNT_ENDS = { refused: 32, usage: 1 };

interface Wanted {
  fs: string;
  isReadOnly: boolean;
  /** -w: not read-only either where the device is write-protected. */
  strict: boolean;
  options: string[];
  rest: string[];
}

function parse(args: string[]): Wanted {
  const wanted: Wanted = { fs: 'auto', isReadOnly: false, strict: false, options: [], rest: [] };
  const left = [...args];
  while (left.length > 0) {
    const arg = left.shift()!;
    if (arg === '-r' || arg === '-w') {
      wanted.isReadOnly = arg === '-r';
      wanted.strict = arg === '-w';
    } else if (arg === '-t' || arg === '-o') {
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

/** A file is mounted through a loop device: it has to be a device's image that was made here. */
async function fileAt(env: Environment, path: string): Promise<string | Report> {
  const text = await env.files.read(path);
  if (text === null) return failed(`mount: ${path}: failed to setup loop device`, 32);
  const head = readImage(text)?.head;
  return head && head.member === undefined
    ? head.of
    : failed(`mount: wrong fs type, bad option, bad superblock on ${path}`, 32);
}

async function mountOne(env: Environment, args: string[]): Promise<Report> {
  const { fs, isReadOnly, strict, options, rest } = parse(args);
  const [device, point, more] = rest;
  if (!device || !point || more) throw new Usage('name a device and a mount point');
  const holds = options.includes('loop') ? await fileAt(env, device) : null;
  if (holds !== null && typeof holds !== 'string') return holds;
  const readOnly = isReadOnly || options.includes('ro');
  const body = { do: 'mount', device, point, fs, readOnly, options, strict } as const;
  const mounted = await askHost(env, holds === null ? body : { ...body, holds });
  if (mounted.readOnly === readOnly) return done();
  const stderr = `mount: ${point}: WARNING: source write-protected, mounted read-only.\n`;
  return { code: 0, data: null, stdout: '', stderr };
}

export const mount = osCommand(
  {
    name: 'mount',
    summary: 'mount a device, or a file with -o loop, or list what is mounted',
    usage: ['mount', 'mount [-r|-w] [-t TYPE] [-o OPTIONS] DEVICE POINT'],
    traits: (args) => ({ changes: args.length > 0 }),
    run: (env, args) => (args.length === 0 ? show(env) : mountOne(env, args)),
  },
  MOUNT_ENDS,
);

export const umount = osCommand(
  {
    name: 'umount',
    summary: 'unmount a device or mount point',
    usage: ['umount DEVICE|POINT'],
    traits: () => ({ changes: true }),
    async run(env, args) {
      const option = args.find((arg) => arg.startsWith('-'));
      if (option) throw unknownOption(option);
      const [target, more] = args;
      if (!target || more) throw new Usage('name one device or mount point');
      await askHost(env, { do: 'umount', target });
      return done();
    },
  },
  MOUNT_ENDS,
);

export const blockdev = osCommand(
  {
    name: 'blockdev',
    summary: 'write-protect a block device until the next boot',
    usage: ['blockdev --setro|--setrw|--getro DEVICE'],
    traits: (args) => ({ changes: args[0] !== '--getro', silent: true }),
    async run(env, args) {
      const [option = '', device, more] = args;
      const op = (['setro', 'setrw', 'getro'] as const).find((known) => option === `--${known}`);
      if (!op) throw option ? unknownOption(option) : new Usage('say --setro, --setrw or --getro');
      if (!device || more) throw new Usage(`${option} needs one device`);
      const { readOnly } = await askHost(env, { do: 'blockdev', device, op });
      return done(op === 'getro' ? `${readOnly ? 1 : 0}\n` : '');
    },
  },
  { refused: 1, usage: 1 },
);
