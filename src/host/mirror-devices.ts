/**
 * The mirror devices of a server, as its mirror agent says them when it starts: a configuration that was
 * distributed meanwhile may name another mirror, or other partitions.
 */
import type { JsonObject } from '../core/json.ts';
import { objects, text } from './fields.ts';
import type { MirrorDevices } from './state.ts';
import { change, reply, type Turn } from './turn.ts';

export function noteMirrors(turn: Turn, id: string, body: JsonObject): void {
  const mirrors = objects(body, 'mirrors').map(
    (one): MirrorDevices => ({
      mirror: text(one, 'mirror'),
      device: text(one, 'device'),
      data: text(one, 'data'),
      cluster: text(one, 'cluster'),
      fileSystem: text(one, 'fileSystem'),
    }),
  );
  change(turn, { mirrors });
  reply(turn, id, {});
}
