/**
 * clpmonctrl: suspends and resumes monitor resources on one server, and lets them fail on trial.
 *
 * Documented: -s, -r, -h HOST, -m MONITOR, -w, -v; without -h on the server where it is run (x5
 * 2.13). Our choice: -n and -e begin and end a dummy failure, which the monitor's checks find until
 * then, and which its recovery follows; -m may stand several times; -w TIME limits the waiting; -v
 * names each monitor.
 */
import { type Act, actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { ACTS, defineCommand, monitorNamed, request, SUCCEEDED, targetOf } from './context.ts';
import { atMost, duration, modeOf } from './options.ts';

const OPTIONS = {
  suspend: { names: ['-s'] },
  resume: { names: ['-r'] },
  fail: { names: ['-n'] },
  heal: { names: ['-e'] },
  host: { names: ['-h'], value: 'HOST' },
  monitor: { names: ['-m'], value: 'MONITOR', many: true },
  wait: { names: ['-w'], value: 'TIME' },
  verbose: { names: ['-v'] },
};

const VERBS = { suspend: 'Suspend', resume: 'Resume', fail: 'Fail', heal: 'Heal' };

const WAIT_MS = 30_000;

export const clpmonctrl = defineCommand(
  {
    name: 'clpmonctrl',
    summary: 'Suspends or resumes monitor resources, or lets them fail on trial',
    usage: ['clpmonctrl -s|-r|-n|-e [-h HOST] [-m MONITOR]… [-w TIME] [-v]'],
    options: OPTIONS,
    traits: (given) => ({ ...ACTS, endangers: given.has('fail') }),
  },
  async (context, given) => {
    atMost(given, 0);
    const mode = modeOf(given, OPTIONS, ['suspend', 'resume', 'fail', 'heal']);
    const server = targetOf(context, given);
    const named = given.values('monitor').map((name) => monitorNamed(context, name));
    const wait = given.value('wait');
    const limitMs = wait === undefined ? WAIT_MS : duration(wait, 'the wait');
    const monitors = named.length === 0 ? [null] : named;
    for (const monitor of monitors) {
      const body = { do: 'monitor', op: mode, monitor } as const;
      await request(context.env, server, 'daemon', body, limitMs);
    }
    const acts = monitors.map((name): Act => ({ act: mode, kind: 'monitor', name, server }));
    const data = actsDone(...acts);
    if (!given.has('verbose')) return done(SUCCEEDED, data);
    const names = named.length > 0 ? named : context.config.monitors.map(({ name }) => name);
    const verb = VERBS[mode];
    return done(names.map((name) => `${verb} ${name} on ${server} : ${SUCCEEDED}`).join(''), data);
  },
);
