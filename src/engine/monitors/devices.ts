/** What monitors of devices ask of the host, and the error numbers of what it refuses. */
import { objectOf } from '../../config/index.ts';
import type { End, Work } from '../work.ts';
import type { Check } from './type.ts';

export type Use = 'open' | 'read' | 'write';

/** The monitor's own parameter `object` where that is a device, else what it is bound to has one. */
export function deviceOf(check: Check): string {
  const object = objectOf(check.monitor);
  if (object.startsWith('/')) return object;
  const resource = check.config.resources.find(({ name }) => name === object);
  return String(resource?.parameters.device ?? object);
}

export function tryDevice(device: string, how: Use): Work {
  return { by: 'host', body: { do: 'device.check', device, how } };
}

const ENOENT = 2;
const EIO = 5;
const EROFS = 30;
export const EBUSY = 16;

const NUMBERS: Record<string, number> = {
  'device.missing': ENOENT,
  'device.error': EIO,
  'device.readOnly': EROFS,
};

/** The error number of a refusal; null: it was none of a device. */
export function errorOf(end: End): number | null {
  return end.type === 'request.failed' ? (NUMBERS[end.code] ?? null) : null;
}
