/**
 * What a server holds of the things outside it: the reservation of a shared disk, a volume group
 * that it imported, a name that it registered.
 *
 *     kind      name           what stands there
 *     disk      a device path  the server that reserved it; of a disk of one's own always this one
 *     volumes   a volume group the server that imported it
 *     name      a host name    the address that it stands for
 *
 * To take is to preempt: a cluster takes what a server that is gone still holds. Whoever held it
 * before learns of it by looking. Answered with what stands there.
 */
import type { JsonObject } from '../core/json.ts';
import { needDevice } from './disks.ts';
import { text, word } from './fields.ts';
import { changeLive, emit, isGoingDown, own, refusal, reply, type Turn } from './turn.ts';

const MOST_LETTERS = 255;

/** The key under which a shared disk's reservation stands. */
export function reservationOf(serial: string): string {
  return `disk ${serial}`;
}

export function askOutside(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['look', 'take', 'release']);
  const kind = word(body, 'kind', ['disk', 'volumes', 'name']);
  const name = text(body, 'name');
  const { server } = turn.state;
  const said = body.text === undefined ? server : text(body, 'text');
  if (name.length > MOST_LETTERS || said.length > MOST_LETTERS) {
    throw refusal('request.malformed', `a name has at most ${MOST_LETTERS} letters`);
  }
  if (op === 'take' && isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot take ${name}: ${server} is going down`);
  }
  let key = `${kind} ${name}`;
  if (kind === 'disk') {
    const { disk, serial } = needDevice(turn, name);
    if (!own(turn.state.disks, disk)?.shared) {
      reply(turn, id, { text: server });
      return;
    }
    key = reservationOf(serial);
  }
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'outside' } });
  emit(turn, { type: 'askOutside', id, op, key, text: said });
}
