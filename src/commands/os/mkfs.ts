/**
 * mkfs: a file system on a partition or a mirror (v3 11.9; x5 2.23). As the originals end (e2fsprogs
 * 1.47, xfsprogs 6.1):
 *
 *                       ext2 to ext4                 xfs
 *     one is there      0, written over              1, unless -f
 *     mounted           1                            1
 *     too small         1 (under 200 KiB)            1 (under 300 MiB)
 *
 * On a terminal the ext programs ask before they write over one; a terminal of the lab is one where
 * somebody answers. What is made on a mirror is mirrored: it stands on the other side, too.
 */
import { mirrorsOf } from '../../config/index.ts';
import type { AgentView } from '../../ports/views.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import { type Environment, failed, type Report } from '../environment.ts';
import { configOf } from './addresses.ts';
import { askHost, osCommand, Usage } from './host.ts';
import { freshUuid, mountsOf, volumeAt } from './mounted.ts';

const KIB = 1024;
const LEAST_EXT_BYTES = 200 * KIB;
const LEAST_XFS_BYTES = 300 * KIB ** 2;
/** Above it an ext file system has blocks of 4 KiB. */
const SMALL_BYTES = 512 * KIB ** 2;

interface Wanted {
  type: string;
  device: string;
  forced: boolean;
  quiet: boolean;
}

const VALUED = ['-L', '-b', '-m', '-O', '-E', '-i', '-N', '-d', '-l', '-s', '-n', '-J', '-I', '-T'];

function parse(args: string[], type: string | null): Wanted {
  const wanted: Wanted = { type: type ?? 'ext2', device: '', forced: false, quiet: false };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const joined = /^--type=(.+)$/.exec(arg)?.[1];
    if (type === null && (arg === '-t' || arg === '--type' || joined)) {
      wanted.type = joined ?? left.shift() ?? '';
    } else if (arg === '-F' || arg === '-f') wanted.forced = true;
    else if (arg === '-q') wanted.quiet = true;
    else if (VALUED.includes(arg)) left.shift();
    else if (arg === '-j') wanted.type = 'ext3';
    else if (arg.startsWith('-') && !['-v', '-c', '-K'].includes(arg)) {
      throw new Usage(`invalid option -- '${arg.replace(/^-+/, '')}'`);
    } else if (!arg.startsWith('-')) wanted.device = wanted.device || arg;
  }
  if (wanted.device === '') throw new Usage('no device specified');
  return wanted;
}

async function makeExt(env: Environment, wanted: Wanted, sizeBytes: number): Promise<Report> {
  const { device, type, quiet } = wanted;
  if (sizeBytes < LEAST_EXT_BYTES) {
    return failed(`mkfs.${type}: ${device}: Not enough space to build proposed filesystem`);
  }
  const mark = freshUuid(env);
  await askHost(env, { do: 'format', device, type, mark, sizeBytes });
  const block = sizeBytes < SMALL_BYTES ? KIB : 4 * KIB;
  const blocks = Math.floor(sizeBytes / block);
  const words =
    `Creating filesystem with ${blocks} ${block / KIB}k blocks\nFilesystem UUID: ${mark}\n` +
    `${type === 'ext2' ? '' : 'Creating journal: done\n'}` +
    'Writing superblocks and filesystem accounting information: done\n';
  const stderr = quiet ? '' : 'mke2fs 1.47.0 (5-Feb-2023)\n';
  return { code: 0, data: null, stdout: quiet ? '' : words, stderr };
}

async function makeXfs(env: Environment, wanted: Wanted, there: string | null, sizeBytes: number) {
  const { device, forced, quiet } = wanted;
  if (there !== null && !forced) {
    const words = `mkfs.xfs: ${device} appears to contain an existing filesystem (${there}).`;
    return failed(`${words}\nmkfs.xfs: Use the -f option to force overwrite.`);
  }
  if (sizeBytes < LEAST_XFS_BYTES) {
    return failed('Filesystem must be larger than 300MB.');
  }
  await askHost(env, { do: 'format', device, type: 'xfs', mark: freshUuid(env), sizeBytes });
  const blocks = Math.floor(sizeBytes / (4 * KIB));
  const stdout = quiet ? '' : `meta-data=${device}\ndata     = bsize=4096 blocks=${blocks}\n`;
  return { code: 0, data: null, stdout, stderr: '' };
}

/** What is written to a mirror while its sides are connected stands on the other one, too. */
async function mirrored(env: Environment, device: string, type: string): Promise<void> {
  const config = await configOf(env);
  const mirror =
    config && mirrorsOf(config).find(({ parameters }) => parameters.nmppath === device);
  if (!config || !mirror) return;
  const agent = { server: env.server, part: 'agent' } as const;
  const view = (await env.request(agent, { do: 'status' })) as unknown as AgentView;
  if (view.mirrors[mirror.name]?.connected !== true) return;
  const { fileSystem } = await volumeAt(env, device);
  const { mark = '', sizeBytes = 0 } = fileSystem ?? {};
  const body = { do: 'format', device, type, mark, sizeBytes };
  for (const { name } of config.servers.filter((other) => other.name !== env.server)) {
    await env.request({ server: name, part: 'host' }, body).catch(ifNotThere);
  }
}

/** A server that has no copy of the mirror, or is silent, takes nothing. */
function ifNotThere(error: unknown): void {
  if (!(error instanceof WireError || error instanceof RemoteError)) throw error;
}

async function make(env: Environment, wanted: Wanted): Promise<Report> {
  const { device, type } = wanted;
  const { sizeBytes, fileSystem } = await volumeAt(env, device);
  if (sizeBytes === null) {
    return failed(`mkfs.${type}: The file ${device} does not exist and no size was specified.`);
  }
  const isMounted = (await mountsOf(env)).some((mount) => mount.device === device);
  if (isMounted) {
    const words = `${device} is mounted; will not make a filesystem here!`;
    return failed(type === 'xfs' ? `mkfs.xfs: ${device} contains a mounted filesystem` : words);
  }
  if (type === 'xfs') return makeXfs(env, wanted, fileSystem?.type ?? null, sizeBytes);
  return makeExt(env, wanted, sizeBytes);
}

const TYPES = ['ext2', 'ext3', 'ext4', 'xfs'];

function program(name: string, type: string | null) {
  return osCommand(
    {
      name,
      summary: type === null ? 'make a file system' : `make a file system of type ${type}`,
      usage: [
        type === null
          ? `${name} [-t ${TYPES.join('|')}] [-F|-f] [-q] DEVICE`
          : `${name} [-F|-f] [-q] DEVICE`,
      ],
      traits: () => ({ changes: true, endangers: true }),
      async run(env, args) {
        const wanted = parse(args, type);
        if (!TYPES.includes(wanted.type)) {
          return failed(`mkfs: failed to execute mkfs.${wanted.type}: No such file or directory`);
        }
        const report = await make(env, wanted);
        if (report.code === 0) await mirrored(env, wanted.device, wanted.type);
        return report;
      },
    },
    { refused: 1, usage: 1 },
  );
}

export const mkfs = program('mkfs', null);
export const mkfsExt2 = program('mkfs.ext2', 'ext2');
export const mkfsExt3 = program('mkfs.ext3', 'ext3');
export const mkfsExt4 = program('mkfs.ext4', 'ext4');
export const mkfsXfs = program('mkfs.xfs', 'xfs');
