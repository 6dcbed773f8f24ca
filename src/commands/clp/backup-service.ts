/**
 * What clpbackup.sh and clprestore.sh share: the cluster service with its mirror agent, started,
 * stopped, and let start at boot or not; the server's own mirror disks; taking the server down.
 */
import { mirrorsOn, takesDiskImages } from '../../config/index.ts';
import { actsDone } from '../data.ts';
import { done, failed, type Report } from '../environment.ts';
import { startDaemon, stopDaemon } from './clpcl.ts';
import { type Context, refused, request, SUCCEEDED } from './context.ts';
import { takeDown } from './shutting.ts';
import { isServiceRunning, quietly, waitFor } from './waiting.ts';

/** What touches the mirror disks: these do not start by themselves while an image is in work. */
const SERVICES = ['clusterpro', 'clusterpro_md'] as const;
export const AGENT = 'clusterpro_md';
const AGENT_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 600_000;

/** Refuses a version that knows no disk images. */
export function needDiskImages({ config }: Context): void {
  if (takesDiskImages(config)) return;
  throw refused(
    `disk images of mirrors need version 4.3 on every server, not ${config.version}`,
    'copy the files of an active mirror instead, or upgrade first',
  );
}

/** The mirror disk resources with a copy on this server. Refuses a server without any. */
export function ownMirrors({ config, local }: Context): string[] {
  const names = mirrorsOn(config, local).map(({ name }) => name);
  if (names.length > 0) return names;
  throw refused(`no mirror disk resource has a copy on ${local}`);
}

/** Automatic startup of the cluster service at boot. */
export async function setAutoStart({ env, local }: Context, op: 'enable' | 'disable') {
  for (const name of SERVICES) {
    await request(env, local, 'host', { do: 'service', name, op });
  }
}

/** True when it had to be started. */
export async function startAgent({ env, local }: Context): Promise<boolean> {
  if ((await isServiceRunning(env, local, AGENT)) === true) return false;
  await request(env, local, 'host', { do: 'service', name: AGENT, op: 'start' });
  await waitFor(env, 'the start of the mirror agent', AGENT_LIMIT_MS, async () => {
    return (await quietly(request(env, local, 'agent', { do: 'status' }))) !== null;
  });
  return true;
}

/** The daemon first; without it the groups of this server go elsewhere as in any orderly stop. */
export async function stopClusterService(context: Context): Promise<void> {
  const { env, local } = context;
  if ((await isServiceRunning(env, local, 'clusterpro')) === true) {
    await stopDaemon({ context, all: false, limitMs: null }, local);
  }
  await request(env, local, 'host', { do: 'service', name: AGENT, op: 'stop' }, STOP_LIMIT_MS);
}

export async function startClusterService(context: Context): Promise<void> {
  await startDaemon({ context, limitMs: null }, context.local);
}

/** A server made ready for its disks to be copied or restored (`pre`), or taken into use again. */
export function succeeded(act: 'pre' | 'post', { local }: Context): Report {
  return done(SUCCEEDED, actsDone({ act, kind: 'server', server: local }));
}

/** The report when the server is on its way; `name` is the command's. */
export async function goDown(
  name: string,
  { env, local }: Context,
  report: Report,
  reboot: boolean,
): Promise<Report> {
  const failure = await takeDown(env, local, { reboot, all: false });
  return failure === null ? report : failed(`${name}: ${failure}`);
}
