/**
 * clplogcmd: writes a message of one's own to the logs of the server that it runs on, as module
 * `logcmd`.
 *
 * Documented: -m MESSAGE, -l LEVEL, -i ID, --alert, --syslog, --mail; the field says -L as well. Our
 * choice: levels are ERR, WARN and INFO, in either case; without them INFO and event 1; without a
 * destination the message goes to syslog and alert log. Where clp.conf names no mail server that is
 * said, and the others still get it. It adds to logs and changes nothing that runs, so no window is
 * asked for: scripts of groups and monitors call it whenever they run.
 */
import { sharedMailServer } from '../../config/index.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import { type Destination, MOST_TEXT } from '../../ports/log.ts';
import { done, type Environment } from '../environment.ts';
import { defineBare, LOOKS_ONLY, request, SUCCEEDED } from './context.ts';
import { atMost, type Given, usageError, wholeNumber } from './options.ts';

const OPTIONS = {
  message: { names: ['-m'], value: 'MESSAGE', isText: true },
  level: { names: ['-l', '-L'], value: 'LEVEL' },
  id: { names: ['-i'], value: 'ID' },
  alert: { names: ['--alert'] },
  syslog: { names: ['--syslog'] },
  mail: { names: ['--mail'] },
};

const LEVELS: Record<string, 'Error' | 'Warning' | 'Info'> = {
  ERR: 'Error',
  WARN: 'Warning',
  INFO: 'Info',
};
const MOST_ID = 99_999;

function levelOf(given: Given): 'Error' | 'Warning' | 'Info' {
  const word = given.value('level') ?? 'INFO';
  const level = Object.hasOwn(LEVELS, word.toUpperCase()) ? LEVELS[word.toUpperCase()] : undefined;
  if (level === undefined) throw usageError(`${word} is no level`, 'say ERR, WARN or INFO');
  return level;
}

function messageOf(given: Given): string {
  const text = given.value('message');
  if (text === undefined) throw usageError('there is no message', 'give one: -m MESSAGE');
  if (text.length <= MOST_TEXT) return text;
  throw usageError(`the message is longer than ${MOST_TEXT} characters`, 'shorten it');
}

async function isMailed(env: Environment): Promise<boolean> {
  const text = await env.files.read(CONFIG_PATH);
  return text !== null && sharedMailServer(text, CONFIG_PATH) !== null;
}

export const clplogcmd = defineBare(
  {
    name: 'clplogcmd',
    summary: 'Writes a message to syslog, alert log and mail',
    usage: ['clplogcmd -m MESSAGE [-l LEVEL] [-i ID] [--alert] [--syslog] [--mail]'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  async (env, given) => {
    atMost(given, 0);
    const named = (['alert', 'syslog', 'mail'] as const).filter((key) => given.has(key));
    const to: Destination[] = named.length > 0 ? named : ['alert', 'syslog'];
    const id = wholeNumber(given.value('id') ?? '1', 'the event', 1, MOST_ID);
    const [level, text] = [levelOf(given), messageOf(given)];
    await request(env, env.server, 'host', { do: 'report', level, id, to, text });
    const report = done(SUCCEEDED);
    if (!given.has('mail') || (await isMailed(env))) return report;
    return { ...report, stderr: 'clplogcmd: no mail: clp.conf names no mail server\n' };
  },
);
