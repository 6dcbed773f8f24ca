/**
 * clprestore.sh: takes a server down for its disks to be restored from images, and takes what was
 * restored into use.
 *
 *   --pre                [--only-shutdown]  no automatic startup, the server shuts down
 *   --post                                  automatic startup, the server reboots
 *   --post --skip-copy                      the cluster partitions are initialised first
 *   --post --only-reboot                    automatic startup, the server reboots
 *
 * Documented: x5 2.18, 2.20: --skip-copy fails where the initial mirror construction is executed,
 * and while the mirror agent runs. Our choice: --post marks every copy of this server as restored,
 * so that its agent never takes it for what it was (src/mirror/copy/backup.ts); with --skip-copy both
 * copies are compared block by block before they count as equal. Both want a stopped mirror agent.
 * Of a hybrid disk every server of the group reaches the copy, and any may be the first to open it:
 * each of them has to be up (2.20 starts all servers before), without its agent, and gets the mark.
 */
import { mirrorSides, parameterOf } from '../../config/index.ts';
import { mirrorRestoredPath } from '../../core/paths.ts';
import type { HostView } from '../../ports/views.ts';
import type { Report } from '../environment.ts';
import {
  AGENT,
  goDown,
  needDiskImages,
  ownMirrors,
  setAutoStart,
  succeeded,
} from './backup-service.ts';
import { ACTS, type Context, defineCommand, refused, request } from './context.ts';
import { atMost, modeOf, usageError } from './options.ts';
import { quietly } from './waiting.ts';

const NAME = 'clprestore.sh';
const OPTIONS = {
  pre: { names: ['--pre'] },
  post: { names: ['--post'] },
  skipCopy: { names: ['--skip-copy'] },
  onlyShutdown: { names: ['--only-shutdown'] },
  onlyReboot: { names: ['--only-reboot'] },
};

/** `parameters/fullcopy`: "Execute the initial mirror construction", on where it is left out. */
function checkConstruction({ config }: Context, mirrors: string[]): void {
  const on = config.resources.find((resource) => {
    if (!mirrors.includes(resource.name)) return false;
    return String(parameterOf(resource, 'fullcopy') ?? 1) !== '0';
  });
  if (on === undefined) return;
  throw refused(
    `${on.name}: the initial mirror construction is executed, so its copy cannot be skipped`,
    'disable "Execute the initial mirror construction" (fullcopy 0), distribute, then try again',
  );
}

/** Refuses while an agent runs there, or nobody can tell. */
async function needNoAgent({ env }: Context, server: string): Promise<HostView> {
  const asked = request(env, server, 'host', { do: 'status' });
  const host = (await quietly(asked)) as HostView | null;
  if (host === null) {
    throw refused(
      `${server} does not answer: it reaches what was restored, and has to know`,
      `start ${server}, then try again`,
    );
  }
  if (host.services[AGENT]?.running === false) return host;
  throw refused(
    `the mirror agent of ${server} runs on what was restored`,
    'clprestore.sh --pre, start the server, then try again',
  );
}

async function markRestored(context: Context, skipCopy: boolean): Promise<void> {
  const { env, config, local } = context;
  const mirrors = ownMirrors(context);
  const { bootId } = await needNoAgent(context, local);
  if (skipCopy) checkConstruction(context, mirrors);
  const places = mirrors.map((mirror) => {
    const side = mirrorSides(config, mirror).find(({ servers }) => servers.includes(local));
    return { mirror, servers: side?.servers ?? [local] };
  });
  for (const server of new Set(places.flatMap(({ servers }) => servers))) {
    await needNoAgent(context, server);
  }
  // The same mark twice is one restoration: this boot's.
  const text = JSON.stringify({ id: `${bootId}`, skipCopy });
  for (const { mirror, servers } of places) {
    for (const server of servers) {
      const path = mirrorRestoredPath(mirror);
      await request(env, server, 'host', { do: 'files', op: 'write', path, text });
    }
  }
}

async function post(context: Context, skipCopy: boolean, onlyReboot: boolean): Promise<Report> {
  if (!onlyReboot) await markRestored(context, skipCopy);
  await setAutoStart(context, 'enable');
  return goDown(NAME, context, succeeded('post', context), true);
}

export const clprestore = defineCommand(
  {
    name: NAME,
    summary: 'Takes mirror disks into use that were restored from disk images',
    usage: [
      'clprestore.sh --pre [--only-shutdown]',
      'clprestore.sh --post [--skip-copy | --only-reboot]',
    ],
    options: OPTIONS,
    traits: { ...ACTS, goesDown: true },
  },
  async (context, given) => {
    atMost(given, 0);
    const mode = modeOf(given, OPTIONS, ['pre', 'post']);
    const [skipCopy, onlyReboot] = [given.has('skipCopy'), given.has('onlyReboot')];
    if (mode === 'pre' && (skipCopy || onlyReboot)) {
      throw usageError('--skip-copy and --only-reboot go with --post');
    }
    if (mode === 'post' && given.has('onlyShutdown')) {
      throw usageError('--only-shutdown goes with --pre');
    }
    if (skipCopy && onlyReboot)
      throw usageError('--skip-copy and --only-reboot exclude each other');
    needDiskImages(context);
    if (mode === 'post') return post(context, skipCopy, onlyReboot);
    await setAutoStart(context, 'disable');
    return goDown(NAME, context, succeeded('pre', context), false);
  },
);
