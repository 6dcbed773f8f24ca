/** Raw devices and what they are bound to, as raw(8) does it, and whether a device can be used. */
import type { JsonObject } from '../core/json.ts';
import { ioError, needDevice, writeProtected } from './disks.ts';
import { text, word } from './fields.ts';
import { change, own, refusal, reply, type Turn, without } from './turn.ts';

/** Binding the same again is no error; nor is letting go of what is not bound. */
export function askRaw(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['bind', 'unbind', 'look']);
  const raw = text(body, 'raw');
  const bound = own(turn.state.raw, raw) ?? null;
  if (op === 'bind') {
    const device = text(body, 'device');
    if (bound !== null && bound !== device) {
      throw refusal('raw.bound', `${raw} is bound to ${bound}`);
    }
    needDevice(turn, device);
    change(turn, { raw: { ...turn.state.raw, [raw]: device } });
  } else if (op === 'unbind') change(turn, { raw: without(turn.state.raw, raw) });
  reply(turn, id, { device: own(turn.state.raw, raw) ?? null });
}

/** What opening the device, reading from it or writing to it comes to. */
export function checkDevice(turn: Turn, id: string, body: JsonObject): void {
  const how = word(body, 'how', ['open', 'read', 'write']);
  const device = text(body, 'device');
  const { failed, readOnly, size } = needDevice(turn, device);
  if (how !== 'open' && (failed === 'all' || failed === how)) throw ioError(device);
  if (how === 'write' && readOnly) throw writeProtected(device);
  reply(turn, id, { size });
}
