/**
 * clpmdctrl --getreplace, --setreplace and --statsave. The manuals name the first two and do not
 * explain them; our choice: whether this server's copy counts as restored from a disk image, and to
 * make it count so. It is then RED until a full copy; refused where it is the only known latest one.
 */
import { actsDone } from '../data.ts';
import { done, type Report } from '../environment.ts';
import { type Context, refused, request, SUCCEEDED } from './context.ts';
import { copyOf, pairOf, peerOf } from './mirror.ts';

const TIMEOUT_MS = 60_000;

export async function getReplace({ env, local }: Context, name: string): Promise<Report> {
  const reported = await request(env, local, 'agent', { do: 'marks', mirror: name });
  const { restored, backup } = reported as { restored: string | null; backup: string | null };
  const words = restored === null ? 'not replaced' : 'replaced';
  return done(`${name} on ${local}: ${words}${backup === null ? '' : ', in backup mode'}\n`);
}

export async function setReplace(context: Context, name: string): Promise<Report> {
  const { env, local } = context;
  const pair = await pairOf(context, name);
  const other = peerOf(await pairOf(context, name), local);
  const own = copyOf(pair, local);
  if (own.role === 'primary') throw refused(`${name} is active here`, 'stop its group first');
  if (own.state === 'upToDate' && copyOf(pair, other).state !== 'upToDate') {
    throw refused(
      `the copy of ${name} here is the only one known to be the latest`,
      `recover the other first, or give this one up: clp${pair.kind}ctrl --force ${other} ${name}`,
    );
  }
  await request(env, local, 'agent', { do: 'mark-restored', mirror: name }, TIMEOUT_MS);
  return done(SUCCEEDED, actsDone({ act: 'setreplace', kind: 'mirror', name, server: local }));
}

/** A sample of the mirror statistics now, beside those of every 60 seconds. */
export async function saveStatistics({ env, local }: Context, name: string): Promise<Report> {
  const body = { do: 'statistics', mirror: name, save: true } as const;
  const { isOn } = (await request(env, local, 'agent', body)) as { isOn: boolean };
  const act = { act: 'statsave', kind: 'mirror', name, server: local } as const;
  if (isOn) return done(SUCCEEDED, actsDone(act));
  throw refused(
    'Mirror Statistics are not enabled',
    'enable them on the Statistics tab of the cluster properties (cluster/statistics/mirror 1)',
  );
}
