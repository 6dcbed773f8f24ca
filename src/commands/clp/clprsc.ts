/**
 * clprsc: starts and stops a single group resource.
 *
 * Documented: -s, -t RESOURCE, -h, -f, -n. Our choice: the resource is started where its group is
 * active, or on the server after -h; -n prints the server that it is active on.
 */
import { actsDone } from '../data.ts';
import { done, failed } from '../environment.ts';
import {
  actsUnless,
  type Context,
  defineCommand,
  GROUP_TIMEOUT_MS,
  refused,
  request,
  resourceNamed,
  SUCCEEDED,
  serverNamed,
  statusOf,
} from './context.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';

const OPTIONS = {
  start: { names: ['-s'] },
  stop: { names: ['-t'] },
  name: { names: ['-n'] },
  host: { names: ['-h'], value: 'HOST' },
  force: { names: ['-f'] },
};

async function run(context: Context, given: Given) {
  atMost(given, 1);
  const mode = modeOf(given, OPTIONS, ['start', 'stop', 'name']);
  const [name] = given.rest;
  if (name === undefined) throw usageError('the name of a resource is missing');
  const resource = resourceNamed(context, name);
  const host = given.value('host');
  const named = host === undefined ? null : serverNamed(context, host);
  const status = await statusOf(context);
  const found = status.resources[resource];
  if (found === undefined || found.state === null) {
    const why = found?.observed.unknown ?? 'nobody tells';
    throw refused(`it is not known where ${resource} is active: ${why}`, 'look with clpstat');
  }
  if (mode === 'name') {
    const servers = found.current === null ? [] : [found.current];
    const about = { kind: 'resource', name: resource, servers } as const;
    const data = { schema: 'drydock.active-on/1', ...about } as const;
    if (found.current !== null) return done(`${found.current}\n`, data);
    return { ...failed(`clprsc: ${resource} is not active on any server`), data };
  }
  const groupPlace = status.groups[found.group ?? '']?.current ?? null;
  const place = mode === 'stop' ? found.current : groupPlace;
  if (mode === 'stop' && place === null) {
    throw refused(`${resource} is not active on any server`);
  }
  if (named !== null && place !== null && named !== place) {
    throw refused(`${found.group} is active on ${place}, not on ${named}`);
  }
  const target = named ?? place ?? context.local;
  const force = given.has('force');
  const body = { do: 'resource', op: mode, resource, target, force } as const;
  await request(context.env, target, 'daemon', body, GROUP_TIMEOUT_MS);
  const act = { act: mode, kind: 'resource', name: resource, server: target } as const;
  return done(SUCCEEDED, actsDone(act));
}

export const clprsc = defineCommand(
  {
    name: 'clprsc',
    summary: 'Starts or stops a group resource',
    usage: ['clprsc -s|-t RESOURCE [-h HOST] [-f]', 'clprsc -n RESOURCE'],
    options: OPTIONS,
    traits: actsUnless('name'),
  },
  run,
);
