/**
 * clptoratio: stretches the heartbeat timeout for a while, on all servers.
 *
 * Documented: -r RATIO -t TIME (`1h`, `1d`, `30m`), -i back to normal, -s show (v3 9.1.1, 11.4; x5
 * 2.13). Our choice: RATIO is a whole number up to 10000, TIME at most 30 days; the layout of -s.
 * Any one daemon is told; the daemons pass it on among themselves.
 */
import { done } from '../environment.ts';
import { defineCommand, refused, request, SUCCEEDED } from './context.ts';
import { atMost, duration, modeOf, usageError, wholeNumber } from './options.ts';
import { stamp } from './stamp.ts';

const OPTIONS = {
  ratio: { names: ['-r'], value: 'RATIO' },
  time: { names: ['-t'], value: 'TIME' },
  initial: { names: ['-i'] },
  show: { names: ['-s'] },
};

const LONGEST_MS = 30 * 86_400_000;

export const clptoratio = defineCommand(
  {
    name: 'clptoratio',
    summary: 'Stretches the heartbeat timeout for a while',
    usage: ['clptoratio -r RATIO -t TIME', 'clptoratio -i', 'clptoratio -s'],
    options: OPTIONS,
    traits: (given) => ({ changes: !given.has('show'), endangers: given.has('ratio') }),
  },
  async ({ env, config, local }, given) => {
    atMost(given, 0);
    const mode = modeOf(given, OPTIONS, ['ratio', 'initial', 'show']);
    if (mode !== 'ratio' && given.has('time')) throw usageError('-t goes with -r');
    if (mode === 'ratio') {
      const time = given.value('time');
      if (time === undefined) throw usageError('-r needs -t', 'give the time, e.g. -t 1h');
      const ratio = wholeNumber(given.value('ratio') ?? '', 'the ratio', 1, 10_000);
      const forMs = duration(time, 'the time');
      if (forMs > LONGEST_MS) throw usageError(`the time ${time} is longer than 30 days`);
      await request(env, local, 'daemon', { do: 'toratio', op: 'set', ratio, forMs });
      return done(SUCCEEDED);
    }
    if (mode === 'initial') {
      await request(env, local, 'daemon', { do: 'toratio', op: 'reset' });
      return done(SUCCEEDED);
    }
    const answer = await request(env, local, 'daemon', { do: 'toratio', op: 'show' });
    const { ratio, until } = answer as { ratio?: number; until?: number | null };
    if (typeof ratio !== 'number') throw refused(`the daemon of ${local} does not tell its ratio`);
    const timeoutMs = config.heartbeat.timeoutMs * ratio;
    const lines = [`present toratio : ${ratio}`, `heartbeat timeout : ${timeoutMs} ms`];
    if (typeof until === 'number') lines.push(`until : ${stamp(until)}`);
    return done(`${lines.join('\n')}\n`);
  },
);
