/** A raw device is bound to its device here, and that can be read (v3 12.5.4). */
import { objectOf } from '../../config/index.ts';
import { isTimedOut } from '../work.ts';
import { deviceOf, errorOf, tryDevice } from './devices.ts';
import { type Check, type Checking, fails, passed } from './type.ts';

/** The raw device itself: the monitor's own parameter, else that of what it is bound to. */
function rawOf({ monitor, config }: Check): string {
  const { raw } = monitor.parameters;
  if (typeof raw === 'string') return raw;
  const object = objectOf(monitor);
  const resource = config.resources.find(({ name }) => name === object);
  return String(resource?.parameters.raw ?? '');
}

export const raww: Checking = {
  next(check, [looked, read]) {
    const raw = rawOf(check);
    const device = deviceOf(check);
    if (!looked) return { by: 'host', body: { do: 'raw', op: 'look', raw } };
    if (looked.type === 'request.failed') {
      return isTimedOut(looked)
        ? fails('raww.openTimeout', device)
        : fails('raww.internal', looked.code);
    }
    const body = looked.type === 'request.answered' ? looked.body : null;
    const bound = (body as { device?: unknown } | null)?.device ?? null;
    if (bound === null) return fails('raww.unbound', raw, device);
    if (bound !== device) return fails('raww.boundElsewhere', raw, device);
    if (!read) return tryDevice(device, 'read');
    if (read.type !== 'request.failed') return passed;
    if (isTimedOut(read)) return fails('raww.readTimeout', device);
    if (read.code === 'device.missing') return fails('raww.badDevice', device);
    const error = errorOf(read);
    return error === null ? fails('raww.internal', read.code) : fails('raww.read', error, device);
  },
};
