/**
 * resize2fs, xfs_growfs, e2fsck: a file system to the size of its device (e2fsprogs 1.47, xfsprogs
 * 6.1; x5 2.23). What the originals refuse is refused:
 *
 *     resize2fs    unmounted and mounted once since the last check   1, "run e2fsck -f"
 *                  a mount point instead of a device; no ext          1
 *                  already that size                                  0, "Nothing to do!"
 *     xfs_growfs   unmounted; a folder below; read-only               1
 *                  already as large                                   0, without a word
 *     e2fsck -f    mounted, or nobody to ask                          8
 */
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';
import { type FileSystemHere, mountsOf, volumeAt } from './mounted.ts';

const KIB = 1024;
const SMALL_BYTES = 512 * KIB ** 2;
const UNITS: Record<string, number> = { s: 512, K: KIB, M: KIB ** 2, G: KIB ** 3, T: KIB ** 4 };
const BANNER = 'resize2fs 1.47.0 (5-Feb-2023)\n';

function blockOf({ sizeBytes }: { sizeBytes: number }): number {
  return sizeBytes < SMALL_BYTES ? KIB : 4 * KIB;
}

function bytesOf(text: string, block: number): number {
  const size = /^(\d+)([sKMGT]?)$/i.exec(text);
  if (!size) throw new Usage(`Invalid new size: ${text}`);
  const unit = size[2] === 's' ? 's' : (size[2] ?? '').toUpperCase();
  return Number(size[1]) * (unit === '' ? block : UNITS[unit]!);
}

const isExt = (there: FileSystemHere | null): there is FileSystemHere =>
  there?.type.startsWith('ext') === true;

async function resize(
  env: Environment,
  device: string,
  wanted: string | undefined,
): Promise<Report> {
  const say = (code: number, words: string, stdout = ''): Report => {
    return { code, data: null, stdout, stderr: `${BANNER}${words}` };
  };
  const { sizeBytes, fileSystem } = await volumeAt(env, device);
  if (sizeBytes === null) {
    return say(1, `open: No such file or directory while opening ${device}\n`);
  }
  if (!isExt(fileSystem)) {
    const words = `resize2fs: Bad magic number in super-block while trying to open ${device}\n`;
    return say(1, words, "Couldn't find valid filesystem superblock.\n");
  }
  const block = blockOf(fileSystem);
  const whole = (bytes: number) => Math.floor(bytes / block) * block;
  const size = whole(wanted === undefined ? sizeBytes : bytesOf(wanted, block));
  const mounted = (await mountsOf(env)).find((mount) => mount.device === device);
  if (!mounted && !fileSystem.isChecked) {
    return say(1, `Please run 'e2fsck -f ${device}' first.\n\n`);
  }
  const blocks = `${size / block} (${block / KIB}k) blocks`;
  if (size === whole(fileSystem.sizeBytes)) {
    return say(0, `The filesystem is already ${blocks} long.  Nothing to do!\n\n`);
  }
  if (size > sizeBytes) {
    const most = Math.floor(sizeBytes / block);
    return say(
      1,
      `The containing partition (or device) is only ${most} (${block / KIB}k) blocks.\nYou requested a new size of ${size / block} blocks.\n\n`,
    );
  }
  if (mounted && size < fileSystem.sizeBytes) {
    return say(1, `resize2fs: On-line shrinking not supported\n`);
  }
  await askHost(env, { do: 'fileSystem', op: 'resize', device, sizeBytes: size });
  const where = mounted
    ? `Filesystem at ${device} is mounted on ${mounted.point}; on-line resizing required\n`
    : `Resizing the filesystem on ${device} to ${blocks}.\n`;
  return say(0, '', `${where}The filesystem on ${device} is now ${blocks} long.\n\n`);
}

export const resize2fs = osCommand(
  {
    name: 'resize2fs',
    summary: 'grow or shrink an ext file system',
    usage: ['resize2fs [-p] DEVICE [SIZE]'],
    traits: () => ({ changes: true, endangers: true }),
    async run(env, args) {
      const strange = args.find((arg) => arg.startsWith('-') && !['-p', '-f'].includes(arg));
      if (strange !== undefined) throw new Usage(`invalid option -- '${strange.slice(1)}'`);
      const [device, size, more] = args.filter((arg) => !arg.startsWith('-'));
      if (device === undefined || more !== undefined) throw new Usage('name one device');
      return resize(env, device, size);
    },
  },
  { refused: 1, usage: 1 },
);

export const xfsGrowfs = osCommand(
  {
    name: 'xfs_growfs',
    summary: 'grow a mounted xfs file system to its device',
    usage: ['xfs_growfs [-d] POINT'],
    traits: () => ({ changes: true, silent: true }),
    async run(env, args) {
      const strange = args.find((arg) => arg.startsWith('-') && arg !== '-d');
      if (strange !== undefined) throw new Usage(`invalid option -- '${strange.slice(1)}'`);
      const [target, more] = args.filter((arg) => !arg.startsWith('-'));
      if (target === undefined || more !== undefined) throw new Usage('name one mount point');
      const mount = (await mountsOf(env)).findLast(({ point, device }) =>
        [point, device].includes(target),
      );
      if (mount?.fs !== 'xfs')
        return failed(`xfs_growfs: ${target} is not a mounted XFS filesystem`);
      const { device, readOnly } = mount;
      if (readOnly)
        return failed('xfs_growfs: XFS_IOC_FSGROWFSDATA xfsctl failed: Read-only file system');
      const { sizeBytes, fileSystem } = await volumeAt(env, device);
      if (sizeBytes === null || fileSystem === null) throw new Usage(`cannot open ${device}`);
      const blocks = (bytes: number) => Math.floor(bytes / (4 * KIB));
      const [before, after] = [blocks(fileSystem.sizeBytes), blocks(sizeBytes)];
      if (after <= before) return done();
      await askHost(env, { do: 'fileSystem', op: 'resize', device, sizeBytes });
      return done(`data blocks changed from ${before} to ${after}\n`);
    },
  },
  { refused: 1, usage: 1 },
);

const CHECK_FAILED = 8;

export const e2fsck = osCommand(
  {
    name: 'e2fsck',
    summary: 'check an unmounted ext file system, and replay its journal',
    usage: ['e2fsck [-f] -p|-y|-n DEVICE'],
    traits: (args) => ({ changes: !args.includes('-n') }),
    async run(env, args) {
      const strange = args.find((arg) => arg.startsWith('-') && !/^-[fpynv]+$/.test(arg));
      if (strange !== undefined) throw new Usage(`invalid option -- '${strange.slice(1)}'`);
      const [device, more] = args.filter((arg) => !arg.startsWith('-'));
      if (device === undefined || more !== undefined) throw new Usage('name one device');
      const letters = args.filter((arg) => arg.startsWith('-')).join('');
      if (!/[pyn]/.test(letters)) {
        return failed('e2fsck: need terminal for interactive repairs', CHECK_FAILED);
      }
      const { sizeBytes, fileSystem } = await volumeAt(env, device);
      if (sizeBytes === null || !isExt(fileSystem)) {
        const words =
          sizeBytes === null ? 'No such file or directory' : 'Bad magic number in super-block';
        return failed(`e2fsck: ${words} while trying to open ${device}`, CHECK_FAILED);
      }
      if ((await mountsOf(env)).some((mount) => mount.device === device)) {
        return failed(`${device} is mounted.\ne2fsck: Cannot continue, aborting.`, CHECK_FAILED);
      }
      const isWhole = letters.includes('f') && !letters.includes('n');
      const words = fileSystem.isDirty ? `${device}: recovering journal\n` : '';
      if ((isWhole || fileSystem.isDirty) && !letters.includes('n')) {
        await askHost(env, { do: 'fileSystem', op: isWhole ? 'check' : 'replay', device });
      }
      return done(`${words}${device}: clean\n`);
    },
  },
  { refused: CHECK_FAILED, usage: 16 },
);

export const dumpe2fs = osCommand(
  {
    name: 'dumpe2fs',
    summary: 'what an ext file system says of itself',
    usage: ['dumpe2fs -h DEVICE'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const [device] = args.filter((arg) => !arg.startsWith('-'));
      if (device === undefined) throw new Usage('name a device');
      const { sizeBytes, fileSystem } = await volumeAt(env, device);
      if (sizeBytes === null || !isExt(fileSystem)) {
        return failed(`dumpe2fs: Bad magic number in super-block while trying to open ${device}`);
      }
      const { type, mark, isDirty } = fileSystem;
      const journal = type === 'ext2' ? '' : 'has_journal ';
      const block = blockOf(fileSystem);
      const rows = [
        ['Filesystem UUID:', mark],
        [
          'Filesystem features:',
          `${journal}${isDirty && journal ? 'needs_recovery ' : ''}filetype sparse_super`,
        ],
        ['Filesystem state:', isDirty && !journal ? 'not clean' : 'clean'],
        ['Block count:', String(Math.floor(fileSystem.sizeBytes / block))],
        ['Block size:', String(block)],
      ];
      return done(rows.map(([name = '', value]) => `${name.padEnd(26)}${value}\n`).join(''));
    },
  },
  { refused: 1, usage: 1 },
);
