/**
 * clptoratio: stretches the heartbeat timeout for a while, on all servers.
 *
 * Documented: -r RATIO -t TIME (`1h`, `1d`, `30m`), -i back to normal, -s show (v3 9.1.1, 11.4; x5
 * 2.13). Our choice: RATIO is a whole number up to 10000, TIME at most 30 days; the layout of -s.
 * Any one daemon is told; the daemons pass it on among themselves.
 */
import type { TimeoutRatioShown } from '../../schema/generated/reports/timeout-ratio.ts';
import { actsDone } from '../data.ts';
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

function ratioWords({ ratio, timeoutMs, until }: TimeoutRatioShown): string {
  const lines = [`present toratio : ${ratio}`, `heartbeat timeout : ${timeoutMs} ms`];
  if (until !== null) lines.push(`until : ${stamp(until)}`);
  return `${lines.join('\n')}\n`;
}

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
      return done(SUCCEEDED, actsDone({ act: 'set', kind: 'timeoutRatio', server: local }));
    }
    if (mode === 'initial') {
      await request(env, local, 'daemon', { do: 'toratio', op: 'reset' });
      return done(SUCCEEDED, actsDone({ act: 'reset', kind: 'timeoutRatio', server: local }));
    }
    const answer = await request(env, local, 'daemon', { do: 'toratio', op: 'show' });
    const { ratio, until } = answer as { ratio?: number; until?: number | null };
    if (typeof ratio !== 'number') throw refused(`the daemon of ${local} does not tell its ratio`);
    const shown: TimeoutRatioShown = {
      schema: 'drydock.timeout-ratio/1',
      ratio,
      timeoutMs: config.heartbeat.timeoutMs * ratio,
      until: typeof until === 'number' ? until : null,
    };
    return done(ratioWords(shown), shown);
  },
);
