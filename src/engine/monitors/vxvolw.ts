/** A VxVM volume can be read (v3 12.5.9). */
import { isTimedOut } from '../work.ts';
import { deviceOf, errorOf, tryDevice } from './devices.ts';
import { type Checking, fails, passed } from './type.ts';

export const vxvolw: Checking = {
  next(check, [read]) {
    const device = deviceOf(check);
    if (!read) return tryDevice(device, 'read');
    if (read.type !== 'request.failed') return passed;
    if (isTimedOut(read)) return fails('vxvolw.readTimeout', device);
    const error = errorOf(read);
    if (error === null) return fails('vxvolw.internal', read.code);
    const key = read.code === 'device.missing' ? 'vxvolw.stat' : 'vxvolw.read';
    return fails(key, error, device);
  },
};
