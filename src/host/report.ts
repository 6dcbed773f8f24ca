/**
 * Messages that commands write: one by hand (clplogcmd), and those of the catalogue that are theirs
 * (src/messages/by-commands.ts). They are logged as any other of this server, so that its logs, the
 * other servers and mail get them on the same way (reports.ts); who asks chooses neither a module that
 * is not a command's, nor the time, nor the server.
 */
import type { JsonObject } from '../core/json.ts';
import { BY_COMMANDS } from '../messages/by-commands.ts';
import { messageIfKnown } from '../messages/index.ts';
import { type Destination, MOST_TEXT } from '../ports/log.ts';
import { MESSAGES } from '../schema/generated/raised-messages.ts';
import { text, texts, whole, word } from './fields.ts';
import { emit, refusal, reply, type Turn } from './turn.ts';

const KNOWN: readonly string[] = ['alert', 'syslog', 'mail'] satisfies Destination[];

function destinationsOf(body: JsonObject): Destination[] {
  const to = [...new Set(texts(body, 'to'))];
  if (to.length > 0 && to.every((one) => KNOWN.includes(one))) return to as Destination[];
  throw refusal('request.malformed', `request report: to is not some of ${KNOWN.join(', ')}`);
}

export function takeReport(turn: Turn, id: string, body: JsonObject): void {
  const level = word(body, 'level', ['Error', 'Warning', 'Info']);
  const event = whole(body, 'id', 1);
  const to = destinationsOf(body);
  const said = text(body, 'text');
  if (said.length > MOST_TEXT) {
    throw refusal('request.malformed', `request report: text is longer than ${MOST_TEXT}`);
  }
  emit(turn, { type: 'log', module: 'logcmd', level, id: event, to, text: said });
  reply(turn, id, {});
}

export function takeSaying(turn: Turn, id: string, body: JsonObject): void {
  const key = word(body, 'key', BY_COMMANDS);
  const args = texts(body, 'args');
  const wanted = new Set(MESSAGES.x5[key].text.match(/%\d/g)).size;
  if (args.length !== wanted) {
    throw refusal('request.malformed', `request say: ${key} is given ${wanted} words`);
  }
  const message = messageIfKnown(turn.state.manual, key, args);
  if (message !== null && message.text.length > MOST_TEXT) {
    throw refusal('request.malformed', `request say: its text is longer than ${MOST_TEXT}`);
  }
  if (message !== null) emit(turn, { type: 'log', ...message });
  reply(turn, id, {});
}
