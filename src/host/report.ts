/**
 * A message that somebody writes by hand (clplogcmd). It is logged as any other of this server, so that
 * its logs, the other servers and mail get it on the same way (reports.ts); who asks chooses neither
 * its module, nor its time, nor its server.
 */
import type { JsonObject } from '../core/json.ts';
import { type Destination, MOST_TEXT } from '../ports/log.ts';
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
