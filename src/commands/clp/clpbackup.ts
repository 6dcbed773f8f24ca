/**
 * clpbackup.sh: prepares this server's mirror disks for a disk image, and takes them into use again.
 *
 *   --pre                  backup mode, no automatic startup, the server shuts down
 *   --pre --no-shutdown    the same, but the cluster service stops instead
 *   --pre --only-shutdown  no automatic startup, the server shuts down
 *   --post                 normal mode, automatic startup, the server reboots
 *   --post --no-reboot     the same, but the cluster service starts instead
 *   --post --only-reboot   automatic startup, the server reboots
 *
 * Documented: x5 2.18, 2.19 and its message. Our choice: --online beside --pre or --post changes
 * the mode alone, while the cluster service goes on; what is refused says why beside the message;
 * a mirror that cannot change its mode changes nothing of the others.
 */
import type { Report } from '../environment.ts';
import {
  goDown,
  needDiskImages,
  ownMirrors,
  setAutoStart,
  startAgent,
  startClusterService,
  stopClusterService,
  succeeded,
} from './backup-service.ts';
import { ACTS, type Context, defineCommand, refused, request, wordsOf } from './context.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';

const NAME = 'clpbackup.sh';
const OPTIONS = {
  pre: { names: ['--pre'] },
  post: { names: ['--post'] },
  noShutdown: { names: ['--no-shutdown'] },
  noReboot: { names: ['--no-reboot'] },
  onlyShutdown: { names: ['--only-shutdown'] },
  onlyReboot: { names: ['--only-reboot'] },
  online: { names: ['--online'] },
};
const WAYS = {
  pre: ['noShutdown', 'onlyShutdown', 'online'],
  post: ['noReboot', 'onlyReboot', 'online'],
} as const;
/** With one of these its server goes on running. */
const STAYS_UP = ['noShutdown', 'noReboot', 'online'];
const MODE_TIMEOUT_MS = 60_000;

type Way = (typeof WAYS)['pre' | 'post'][number];

function wayOf(given: Given, mode: 'pre' | 'post'): Way | null {
  const all = Object.keys(OPTIONS).filter((key) => key !== 'pre' && key !== 'post') as Way[];
  const [way, second] = all.filter((key) => given.has(key));
  if (way === undefined) return null;
  const fitting: readonly Way[] = WAYS[mode];
  if (!fitting.includes(way)) {
    throw usageError(`${OPTIONS[way].names[0]} does not go with --${mode}`);
  }
  if (second !== undefined) {
    throw usageError(`${OPTIONS[way].names[0]} and ${OPTIONS[second].names[0]} exclude each other`);
  }
  return way;
}

/** All of the server's mirrors, or none: those that changed go back when one cannot. */
async function changeMode(context: Context, op: 'begin' | 'end'): Promise<void> {
  const { env, local } = context;
  const changed: string[] = [];
  try {
    for (const mirror of ownMirrors(context)) {
      await request(env, local, 'agent', { do: 'backup', mirror, op }, MODE_TIMEOUT_MS);
      changed.push(mirror);
    }
  } catch (error) {
    const why = wordsOf(error);
    const back = op === 'begin' ? 'end' : 'begin';
    for (const mirror of changed) {
      await request(env, local, 'agent', { do: 'backup', mirror, op: back }, MODE_TIMEOUT_MS);
    }
    throw refused(
      `Some invalid status. Check the status of cluster. (${why})`,
      'the mirrors of this server must not be active here nor be in recovery; look: clpstat',
    );
  }
}

async function pre(context: Context, way: Way | null): Promise<Report> {
  if (way !== 'onlyShutdown') await changeMode(context, 'begin');
  if (way === 'online') return succeeded('pre', context);
  await setAutoStart(context, 'disable');
  if (way !== 'noShutdown') return goDown(NAME, context, succeeded('pre', context), false);
  await stopClusterService(context);
  return succeeded('pre', context);
}

async function post(context: Context, way: Way | null): Promise<Report> {
  if (way !== 'onlyReboot') {
    // The mode is the agent's to change; while it is in backup mode it meets nobody.
    await startAgent(context);
    await changeMode(context, 'end');
  }
  if (way === 'online') return succeeded('post', context);
  await setAutoStart(context, 'enable');
  if (way !== 'noReboot') return goDown(NAME, context, succeeded('post', context), true);
  await startClusterService(context);
  return succeeded('post', context);
}

export const clpbackup = defineCommand(
  {
    name: NAME,
    summary: 'Prepares mirror disks for a disk image, and takes them into use again',
    usage: [
      'clpbackup.sh --pre [--no-shutdown | --only-shutdown | --online]',
      'clpbackup.sh --post [--no-reboot | --only-reboot | --online]',
    ],
    options: OPTIONS,
    traits: (given) => ({ ...ACTS, goesDown: !STAYS_UP.some((key) => given.has(key)) }),
  },
  async (context, given) => {
    atMost(given, 0);
    const mode = modeOf(given, OPTIONS, ['pre', 'post']);
    const way = wayOf(given, mode);
    needDiskImages(context);
    ownMirrors(context);
    return mode === 'pre' ? pre(context, way) : post(context, way);
  },
);
