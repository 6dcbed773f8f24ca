/**
 * Resources that mount a device which several servers reach (v3 12.4.2, 12.4.7). The device is
 * reserved first, whoever held it: a server that is gone still does.
 *
 *     activate    take the device ─► mount, again up to mount/retry times
 *     deactivate  unmount, again up to umount/retry times ─► let go of the device
 *
 * One whose `disktype` is raw is reserved only. That a mount which fails is not preceded by a check
 * of the file system is a choice: there is no file system here that one could mend.
 */
import { parameterOf } from '../../config/index.ts';
import type { ConfiguredResource } from '../../schema/generated/cluster-configuration.ts';
import { outside } from '../outside.ts';
import type { End, Work } from '../work.ts';
import { type Attempt, fails, type ResourceType, type Result, succeeded } from './type.ts';

type Mounting = 'disk' | 'vxvol';

/** What mount(8) and umount(8) exit with when they fail. */
const MOUNT_FAILED = 32;

function textOf(resource: ConfiguredResource, path: string): string {
  return String(parameterOf(resource, path) ?? '');
}

function mountOf(resource: ConfiguredResource): Work {
  const options = textOf(resource, 'mount/option').split(',').filter(Boolean);
  const body = {
    do: 'mount',
    device: textOf(resource, 'device'),
    point: textOf(resource, 'mount/point'),
    fs: textOf(resource, 'fs') || 'auto',
    readOnly: options.includes('ro'),
    options,
  };
  return { by: 'host', body };
}

/** Whether it may work the next time, or what is wrong for good. */
function judge(type: Mounting, { resource, op, wasActive }: Attempt, end: End): Result | 'again' {
  if (end.type !== 'request.failed') return succeeded;
  const point = textOf(resource, 'mount/point');
  switch (end.code) {
    case 'mount.busy':
      return fails(`${type}.mounted`, point);
    case 'mount.none':
      // Somebody unmounted it by hand; or it never was mounted, and there is nothing to do.
      if (!wasActive) return succeeded;
      return fails(`${type}.notMounted`, point);
    case 'mount.point':
    case 'request.malformed':
      return fails(`${type}.badPoint`, point);
    case 'device.missing':
      return fails(`${type}.command`, op === 'activate' ? 'mount' : 'umount', MOUNT_FAILED);
    default:
      return 'again';
  }
}

/** The result of what was tried so often by now, or null: once more. */
function resultOf(type: Mounting, about: Attempt, tries: readonly End[]): Result | null {
  const last = tries.at(-1);
  if (!last) return null;
  const judged = judge(type, about, last);
  if (judged !== 'again') return judged;
  const command = about.op === 'activate' ? 'mount' : 'umount';
  const most = Number(parameterOf(about.resource, `${command}/retry`) ?? 0);
  if (tries.length <= most) return null;
  if (most === 0) return fails(`${type}.command`, command, MOUNT_FAILED);
  return fails(`${type}.retryOver`, textOf(about.resource, 'device'), most);
}

function activate(type: Mounting, about: Attempt, ends: readonly End[]): Work | Result {
  const { resource } = about;
  const device = textOf(resource, 'device');
  const [taken, ...tries] = ends;
  if (!taken) return outside('take', 'disk', device);
  if (taken.type === 'request.failed')
    return fails(`${type}.command`, `clproset -w -d ${device}`, 1);
  if (textOf(resource, 'disktype') === 'raw') return succeeded;
  return resultOf(type, about, tries) ?? mountOf(resource);
}

function deactivate(type: Mounting, about: Attempt, ends: readonly End[]): Work | Result {
  const { resource } = about;
  const release = outside('release', 'disk', textOf(resource, 'device'));
  if (textOf(resource, 'disktype') === 'raw') return ends.length > 0 ? succeeded : release;
  const last = ends.at(-1);
  const isUnmounted = (end: End) => {
    const judged = judge(type, about, end);
    return judged !== 'again' && judged.succeeded;
  };
  // What was let go of, or could not be: the next server takes it in any case.
  if (ends.slice(0, -1).some(isUnmounted)) return succeeded;
  if (last && isUnmounted(last)) return release;
  const umount: Work = {
    by: 'host',
    body: { do: 'umount', target: textOf(resource, 'mount/point') },
  };
  return resultOf(type, about, ends) ?? umount;
}

export function mounting(type: Mounting): ResourceType {
  return {
    evidenceCode: null,
    next: (about, ends) =>
      about.op === 'activate' ? activate(type, about, ends) : deactivate(type, about, ends),
  };
}
