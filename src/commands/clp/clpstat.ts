/**
 * clpstat: the cluster, as the server that it runs on sees it.
 *
 * Documented: none or -s, --long, -g, -m, -n, -i, -p, -f, --cl, --sv [NAME], --svg, --hb, --np,
 * --fnc, --grp, --rsc, --mon [NAME], --xcl, --detail, --local, -h HOST, and the layouts of the
 * summary, -g and -n (v3 11.5); -p is a matrix as -n is, of the network partition resolution.
 * --local: what this server knows by itself; groups, resources and monitors are in its own state.
 * Our choice: -f and --fnc print the forced stop as --np prints the resolution; -h HOST marks HOST
 * as the server that looks. The command succeeds whatever the state is that it shows.
 */
import { done, type Report } from '../environment.ts';
import { type Context, defineCommand, LOOKS_ONLY, statusOf, targetOf } from './context.ts';
import { atMost, type Given, usageError } from './options.ts';
import { details, EVERYTHING, propertiesOf, type Section } from './stat-details.ts';
import { localOf } from './stat-local.ts';
import { groupMap, heartbeatMap, monitorMap, partitionMap } from './stat-maps.ts';
import { summary } from './stat-summary.ts';
import { type Look, viewOf } from './stat-view.ts';

const OPTIONS = {
  short: { names: ['-s'] },
  long: { names: ['--long'] },
  groups: { names: ['-g'] },
  monitors: { names: ['-m'] },
  heartbeats: { names: ['-n'] },
  everything: { names: ['-i'] },
  partition: { names: ['-p'] },
  fencing: { names: ['-f'] },
  cl: { names: ['--cl'] },
  sv: { names: ['--sv'] },
  svg: { names: ['--svg'] },
  hb: { names: ['--hb'] },
  np: { names: ['--np'] },
  grp: { names: ['--grp'] },
  rsc: { names: ['--rsc'] },
  mon: { names: ['--mon'] },
  fnc: { names: ['--fnc'] },
  xcl: { names: ['--xcl'] },
  detail: { names: ['--detail'] },
  local: { names: ['--local'] },
  host: { names: ['-h'], value: 'HOST' },
};

const SECTIONS: Record<string, Section[]> = {
  everything: EVERYTHING,
  fencing: ['ff'],
  cl: ['cl'],
  sv: ['sv'],
  svg: ['svg'],
  hb: ['hb'],
  np: ['np'],
  grp: ['grp'],
  rsc: ['rsc'],
  mon: ['mon'],
  fnc: ['ff'],
  xcl: ['xcl'],
};

/** Sections of objects with names. */
const NAMED = ['sv', 'svg', 'hb', 'np', 'grp', 'rsc', 'mon', 'xcl'];

const MODES = ['short', 'groups', 'monitors', 'heartbeats', 'partition', ...Object.keys(SECTIONS)];

function modeFrom(given: Given): string {
  const [first = 'short', second] = MODES.filter((mode) => given.has(mode));
  if (second === undefined) return first;
  const names = OPTIONS as Record<string, { names: string[] }>;
  const nameOf = (mode: string) => names[mode]?.names[0];
  throw usageError(`${nameOf(first)} and ${nameOf(second)} exclude each other`);
}

async function run(context: Context, given: Given): Promise<Report> {
  const mode = modeFrom(given);
  atMost(given, NAMED.includes(mode) ? 1 : 0);
  if (given.has('long') && mode !== 'short') throw usageError('--long goes with the summary');
  const viewer = targetOf(context, given);
  const whole: Look = { status: await statusOf(context), config: context.config, viewer };
  const look = given.has('local') ? await localOf(context.env, whole) : whole;
  const sections = SECTIONS[mode];
  if (sections !== undefined) {
    const name = given.rest[0] ?? null;
    const shown = propertiesOf(look, sections, name, given.has('detail'));
    return done(details(shown), shown);
  }
  const view = viewOf(look);
  if (mode === 'groups') return done(groupMap(view), view);
  if (mode === 'monitors') return done(monitorMap(view), view);
  if (mode === 'heartbeats') return done(heartbeatMap(view), view);
  if (mode === 'partition') return done(partitionMap(view), view);
  return done(summary(view, given.has('long')), view);
}

export const clpstat = defineCommand(
  {
    name: 'clpstat',
    summary: 'Shows the cluster',
    usage: [
      'clpstat [-s] [--long] [--local] [-h HOST]',
      'clpstat -g | -m | -n | -p | -f | -i [--detail]',
      'clpstat --cl | --fnc [--detail]',
      'clpstat --sv | --svg | --hb | --np | --grp | --rsc | --mon | --xcl [NAME] [--detail]',
    ],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  run,
);
