/**
 * A disk answers (v3 12.5.2), in the way that the parameter `method` names: TUR (the default), READ
 * or WRITE. Where it is watched for a resource that is active here, no other server may have taken
 * the reservation: what it writes would collide with what is written here.
 */
import { outside, standing } from '../outside.ts';
import { type End, isTimedOut } from '../work.ts';
import { deviceOf, EBUSY, errorOf, tryDevice } from './devices.ts';
import { type Check, type Checking, type CheckResult, fails, passed } from './type.ts';

/** What each method says when it failed, and when it took too long. */
const SAYS = {
  ioctl: ['diskw.ioctl', 'diskw.ioctlTimeout'],
  read: ['diskw.read', 'diskw.readTimeout'],
  write: ['diskw.write', 'diskw.writeTimeout'],
} as const;

type Method = keyof typeof SAYS;

function methodOf({ monitor }: Check): Method {
  const word = String(monitor.parameters.method ?? '').toLowerCase();
  return word === 'read' || word === 'write' ? word : 'ioctl';
}

function failure(method: Method, device: string, end: End): CheckResult | null {
  if (end.type !== 'request.failed') return null;
  const [failed, tookTooLong] = SAYS[method];
  if (isTimedOut(end)) return fails(tookTooLong, device);
  const error = errorOf(end);
  if (error === null) return fails('diskw.internal', end.code);
  if (end.code === 'device.missing') return fails('diskw.open', error, device);
  return fails(failed, error, device);
}

export const diskw: Checking = {
  next(check, [tried, looked]) {
    const device = deviceOf(check);
    const method = methodOf(check);
    if (!tried) return tryDevice(device, method === 'write' ? 'write' : 'read');
    const failed = failure(method, device, tried);
    if (failed) return failed;
    if (check.monitor.target === null) return passed;
    if (!looked) return outside('look', 'disk', device);
    const holder = standing(looked);
    if (holder === null || holder === check.server) return passed;
    return fails(SAYS[method][0], EBUSY, device);
  },
};
