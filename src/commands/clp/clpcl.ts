/**
 * clpcl: starts, stops, restarts, suspends and resumes the cluster daemon.
 *
 * Documented: -s -t -r, -a, -h HOST, -w TIME, --suspend, --resume, --web --alert --ib --api --md,
 * --apito TIME, --force; one line a server (v3 5.1, 6.1.4, 6.1.5; x5 2.x).
 * Our choice: on its own server alone the answer is `Command succeeded.`; -s starts the mirror
 * agent first where it is stopped, and returns when the daemon answers; --suspend and --resume act
 * on every server; a suspension that not all servers can take is not begun (with --force: where it
 * can be), and one that fails half-way is taken back; -w and --apito limit the waiting, in seconds
 * or as 30m, 1h; --web, --alert, --ib, --api and --md (the mirror agent) act on that service alone.
 */

import { mirrorsOf } from '../../config/index.ts';
import { WireError } from '../../ports/wire.ts';
import { actsDone } from '../data.ts';
import type { Environment, Report } from '../environment.ts';
import {
  ACTS,
  type Context,
  defineCommand,
  GROUP_TIMEOUT_MS,
  request,
  SUCCEEDED,
  targetOf,
} from './context.ts';
import { actsFor, INVALID_STATUS, linesFor, type Outcome, onEach, reportFor } from './each.ts';
import { atMost, duration, type Given, modeOf, usageError } from './options.ts';
import { type Asked, told } from './saying.ts';
import { daemonOf, isServiceRunning, waitFor } from './waiting.ts';

const START_LIMIT_MS = 60_000;
const GONE_LIMIT_MS = 60_000;

const OPTIONS = {
  start: { names: ['-s'] },
  stop: { names: ['-t'] },
  restart: { names: ['-r'] },
  suspend: { names: ['--suspend'] },
  resume: { names: ['--resume'] },
  all: { names: ['-a'] },
  host: { names: ['-h'], value: 'HOST' },
  wait: { names: ['-w', '--apito'], value: 'TIME' },
  force: { names: ['--force'] },
  web: { names: ['--web'] },
  alert: { names: ['--alert'] },
  ib: { names: ['--ib'] },
  api: { names: ['--api'] },
  md: { names: ['--md'] },
};

const SERVICES = {
  web: 'clusterpro_webmgr',
  alert: 'clusterpro_alertsync',
  ib: 'clusterpro_ib',
  api: 'clusterpro_api',
  md: 'clusterpro_md',
};

const VERBS = { start: 'Start', stop: 'Stop', restart: 'Restart' };

interface Order {
  context: Context;
  all: boolean;
  /** It is started again afterwards. */
  restart?: boolean;
  limitMs: number | null;
}

export async function startDaemon(
  { context, limitMs }: Pick<Order, 'context' | 'limitMs'>,
  server: string,
): Promise<string | null> {
  const { env, config } = context;
  const hasMirror = mirrorsOf(config).length > 0;
  if (hasMirror && (await isServiceRunning(env, server, 'clusterpro_md')) !== true) {
    await request(env, server, 'host', { do: 'service', name: 'clusterpro_md', op: 'start' });
  }
  await request(env, server, 'host', { do: 'service', name: 'clusterpro', op: 'start' });
  await waitFor(
    env,
    `the start of the daemon of ${server}`,
    limitMs ?? START_LIMIT_MS,
    async () => {
      return (await daemonOf(env, server)) !== null;
    },
  );
  return null;
}

export async function stopDaemon(
  { context, all, restart = false, limitMs }: Order,
  server: string,
): Promise<string | null> {
  const { env } = context;
  const patienceMs = limitMs ?? GROUP_TIMEOUT_MS;
  const deadline = env.clock.now() + patienceMs;
  try {
    const body = { do: 'cluster', op: 'stop', all, ...(restart && { restart }) } as const;
    await request(env, server, 'daemon', body, patienceMs);
  } catch (error) {
    // A daemon that goes away cannot always answer any more; its host knows.
    if (!(error instanceof WireError) || env.clock.now() >= deadline) throw error;
    if ((await isServiceRunning(env, server, 'clusterpro')) === null) throw error;
  }
  await waitFor(env, `the stop of the daemon of ${server}`, limitMs ?? GONE_LIMIT_MS, async () => {
    return (await isServiceRunning(env, server, 'clusterpro')) === false;
  });
  return null;
}

async function startOrStop(
  order: Order,
  mode: 'start' | 'stop' | 'restart',
  servers: string[],
): Promise<Report> {
  const { context, all } = order;
  let outcomes: Outcome[] = [];
  if (mode !== 'start') {
    const restart = mode === 'restart';
    outcomes = await onEach(servers, (server) => stopDaemon({ ...order, restart }, server));
  }
  if (mode !== 'stop') {
    const stopped = outcomes.filter(({ failure }) => failure !== null);
    const ready = servers.filter((server) => !stopped.some((one) => one.server === server));
    outcomes = [...stopped, ...(await onEach(ready, (server) => startDaemon(order, server)))];
  }
  const [only] = outcomes;
  const report = reportFor(VERBS[mode], outcomes);
  if (all || only === undefined || only.server !== context.local) return report;
  if (only.failure === null) return { ...report, stdout: SUCCEEDED };
  return { ...report, stdout: '', stderr: `clpcl: ${only.failure}\n` };
}

async function onServices(
  { context }: Order,
  mode: 'start' | 'stop' | 'restart',
  servers: string[],
  services: string[],
): Promise<Report> {
  const { env } = context;
  const steps = mode === 'restart' ? (['stop', 'start'] as const) : ([mode] as const);
  const outcomes = await onEach(servers, async (server) => {
    for (const name of services) {
      for (const op of steps) await request(env, server, 'host', { do: 'service', name, op });
    }
    return null;
  });
  return reportFor(VERBS[mode], outcomes, { kind: 'service', name: services.join(', ') });
}

async function daemonIs(env: Environment, server: string, state: string): Promise<boolean> {
  return (await daemonOf(env, server))?.state === state;
}

async function suspend(context: Context, servers: string[], isForced: boolean): Promise<Report> {
  const { env } = context;
  const looked = await onEach(servers, async (server) => {
    return (await daemonIs(env, server, 'Online')) ? null : INVALID_STATUS;
  });
  const unfit = looked.filter(({ failure }) => failure !== null);
  const fit = looked.filter(({ failure }) => failure === null).map(({ server }) => server);
  if (fit.length === 0 || (unfit.length > 0 && !isForced)) return reportFor('Suspend', unfit);
  const outcomes = await onEach(fit, async (server) => {
    await request(env, server, 'daemon', { do: 'cluster', op: 'suspend', all: true }, 60_000);
    return null;
  });
  const isWhole = outcomes.every(({ failure }) => failure === null);
  if (isWhole) {
    const all = [...outcomes, ...unfit];
    return { ...reportFor('Suspend', all), code: 0 };
  }
  const begun = outcomes.filter(({ failure }) => failure === null).map(({ server }) => server);
  const back = await onEach(begun, async (server) => {
    await request(env, server, 'daemon', { do: 'cluster', op: 'resume', all: true }, 60_000);
    return null;
  });
  const data = actsDone(...actsFor('Suspend', outcomes), ...actsFor('Resume', back));
  const stdout = linesFor('Suspend', outcomes) + linesFor('Resume', back);
  return { code: 1, data, stdout, stderr: '' };
}

/** A server that is not suspended is named and left alone; the others are resumed. */
async function resume(context: Context, servers: string[]): Promise<Report> {
  const { env } = context;
  const outcomes = await onEach(servers, async (server) => {
    if (!(await daemonIs(env, server, 'Suspend'))) return INVALID_STATUS;
    await request(env, server, 'daemon', { do: 'cluster', op: 'resume', all: true }, 60_000);
    return null;
  });
  return reportFor('Resume', outcomes);
}

/** What is logged of each (saying.ts); `what`: the cluster, or one server. */
const SAYS = {
  start: {
    asked: ['startRequested'],
    failed: 'startRequestFailed',
    onSome: { key: 'startFailedOnSome', what: 'cluster' },
  },
  stop: {
    asked: ['stopRequested'],
    failed: 'stopRequestFailed',
    onSome: { key: 'stopFailedOnSome', what: 'cluster' },
  },
  restart: {
    asked: ['stopRequested', 'startRequested'],
    failed: 'startRequestFailed',
    onSome: { key: 'startFailedOnSome', what: 'cluster' },
  },
  suspend: {
    asked: ['suspendRequested'],
    failed: 'suspendRequestFailed',
    onSome: { key: 'requestFailedOnSome', what: 'suspend' },
  },
  resume: {
    asked: ['resumeRequested'],
    failed: 'resumeRequestFailed',
    onSome: { key: 'requestFailedOnSome', what: 'resume' },
  },
} satisfies Record<string, Asked>;

async function run(context: Context, given: Given): Promise<Report> {
  atMost(given, 0);
  const mode = modeOf(given, OPTIONS, ['start', 'stop', 'restart', 'suspend', 'resume']);
  const all = given.has('all');
  if (all && given.has('host')) throw usageError('-a and -h exclude each other');
  const everyone = context.config.servers.map(({ name }) => name);
  const chosen = given.has('host') ? [targetOf(context, given)] : everyone;
  const isWhole = all || ((mode === 'suspend' || mode === 'resume') && !given.has('host'));
  const what = isWhole ? 'cluster' : targetOf(context, given);
  const tell = (act: () => Promise<Report>) => told(context, SAYS[mode], [what, 'clpcl'], act);
  if (mode === 'suspend') return tell(() => suspend(context, chosen, given.has('force')));
  if (mode === 'resume') return tell(() => resume(context, chosen));
  const wait = given.value('wait');
  const limitMs = wait === undefined ? null : duration(wait, 'the wait');
  const servers = all ? everyone : [targetOf(context, given)];
  const order = { context, all, limitMs };
  const keys = Object.keys(SERVICES) as (keyof typeof SERVICES)[];
  const services = keys.filter((key) => given.has(key)).map((key) => SERVICES[key]);
  if (services.length === 0) return tell(() => startOrStop(order, mode, servers));
  const [first = context.local] = servers;
  const needsAgent = mode === 'stop' && services.includes(SERVICES.md);
  const isHeld = needsAgent && (await isServiceRunning(context.env, first, 'clusterpro')) === true;
  const says: Asked = isHeld ? { ...SAYS.stop, failed: 'stopWhileRunning' } : SAYS[mode];
  const by: [string, string] = [services.join(', '), 'clpcl'];
  return told(context, says, by, () => onServices(order, mode, servers, services));
}

export const clpcl = defineCommand(
  {
    name: 'clpcl',
    summary: 'Starts, stops, restarts, suspends or resumes the cluster daemon',
    usage: [
      'clpcl -s|-t|-r [-a | -h HOST] [-w TIME] [--web] [--alert] [--ib] [--api] [--md]',
      'clpcl --suspend [--force] | --resume [-h HOST]',
    ],
    options: OPTIONS,
    traits: (given) => ({ ...ACTS, interrupts: given.has('stop') || given.has('suspend') }),
  },
  run,
);
