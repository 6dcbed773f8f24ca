/**
 * Messages as lines. Pure.
 *
 * Syslog, v3 as in 11.1 (8) and (9):
 *
 *     Sep 10 05:47:58 server1 CLUSTERPRO: <type: pm><event: 1> Cluster daemon has started properly
 *     Sep 10 05:47:58 server1 kernel: liscal: NMP1 I/O port is opened
 *
 * Syslog, x5: the manual shows none. Our choice is the same shape, with the name of x5's package and the level
 * in one letter, `expresscls: [I] <type: pm><event: 1> …`.
 *
 * The alert log is a file of lines with tabs. No manual shows its form; our choice is the columns in which
 * alerts are listed: level, when this server received it, when it happened, server, module, event, words. Of one
 * server no two alerts have the same time, so that server and time name an alert.
 *
 * Times are UTC.
 */
import { inOneLine, visible } from '../core/visible.ts';
import type { Generation } from '../messages/index.ts';
import { type LogEntry, MOST_TEXT } from '../ports/log.ts';

/** What the syslog of a server holds besides messages: lines of its other programs. */
export interface ProgramLine {
  at: number;
  server: string;
  program: string;
  text: string;
}

export type Alert = Pick<LogEntry, 'at' | 'server' | 'module' | 'level' | 'id' | 'text'>;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Nearly every cell holds nothing else, and a large cluster writes many. */
const PLAIN = /^[\x20-\x7e]*$/;

/** One line without a tab, whatever is in it. */
function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  return visible(inOneLine(text)).replaceAll('\t', ' ');
}

function syslogTime(at: number): string {
  const time = new Date(at);
  const day = String(time.getUTCDate()).padStart(2, ' ');
  return `${MONTHS[time.getUTCMonth()]} ${day} ${time.toISOString().slice(11, 19)}`;
}

export function programLine({ at, server, program, text }: ProgramLine): string {
  return `${syslogTime(at)} ${server} ${program}:${text === '' ? '' : ` ${clean(text)}`}\n`;
}

export function syslogLine(generation: Generation, entry: LogEntry): string {
  const { at, server, module, level, id } = entry;
  if (id === 0) return programLine({ at, server, program: `kernel: ${module}`, text: entry.text });
  const program = generation === 'v3' ? 'CLUSTERPRO' : 'expresscls';
  const mark = generation === 'v3' ? '' : `[${level.charAt(0)}] `;
  const text = `${mark}<type: ${module}><event: ${id}> ${entry.text}`;
  return programLine({ at, server, program, text });
}

/** The second that was written last: alerts come in bursts. */
let lastSecond = { at: Number.NaN, text: '' };

/** `2026/11/30 18:00:00.123` */
function alertTime(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond.at) {
    const iso = new Date(at).toISOString();
    const text = `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)}`;
    lastSecond = { at: second, text };
  }
  return `${lastSecond.text}.${String(at - second * 1000).padStart(3, '0')}`;
}

function readTime(text: string): number {
  return /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(text)
    ? Date.parse(`${text.replaceAll('/', '-').replace(' ', 'T')}Z`)
    : Number.NaN;
}

export function alertLine(alert: Alert, receivedAt: number): string {
  const { at, server, module, level, id, text } = alert;
  const cells = [level, alertTime(receivedAt), alertTime(at), server, module, String(id), text];
  return `${cells.map(clean).join('\t')}\n`;
}

/** An alert that came from outside; null when it is none. */
export function alertOf(given: unknown): Alert | null {
  if (typeof given !== 'object' || given === null) return null;
  const { at, server, module, level, id, text } = given as Record<string, unknown>;
  const isNumbered = Number.isSafeInteger(at) && Number.isSafeInteger(id);
  if (!isNumbered || !['Info', 'Warning', 'Error'].includes(String(level))) return null;
  if (typeof text !== 'string' || text.length > MOST_TEXT) return null;
  if (!/^[\w.-]{1,63}$/.test(String(server)) || !/^[a-z]{1,20}$/.test(String(module))) return null;
  return { at, server, module, level, id, text } as Alert;
}

/** The alert in a line of the file; null for a line that was cut off, or is none. */
export function readAlertLine(line: string): Alert | null {
  const [level, received, at, server, module, id, ...text] = line.split('\t');
  if (received === undefined || text.length !== 1) return null;
  return alertOf({ at: readTime(at ?? ''), server, module, level, id: Number(id), text: text[0] });
}
