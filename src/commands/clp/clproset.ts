/**
 * clproset: makes the partition of a shared disk read-only or read-write, or says which it is.
 *
 * Documented: -w read-write, -o read-only, -d DEVICE, -r RESOURCE. Our choice: -a is every disk
 * resource's partition; with neither -w nor -o it shows, `DEVICE : rw`; several devices are looked
 * at before the first one is changed.
 */
import type { Json } from '../../core/json.ts';
import { type Act, actsDone } from '../data.ts';
import { done, type Report } from '../environment.ts';
import { type Context, defineCommand, request, resourceNamed, SUCCEEDED } from './context.ts';
import { atMost, type Given, usageError } from './options.ts';

const OPTIONS = {
  write: { names: ['-w'] },
  only: { names: ['-o'] },
  device: { names: ['-d'], value: 'DEVICE' },
  resource: { names: ['-r'], value: 'RESOURCE' },
  all: { names: ['-a'] },
};

type Op = 'setro' | 'setrw' | 'getro';

function deviceOf({ config }: Context, name: string): string {
  const { type, parameters } = config.resources.find((one) => one.name === name)!;
  const device = parameters.device ?? parameters['diskdev/dppath'];
  if (device !== undefined) return String(device);
  throw usageError(`resource ${name} of type ${type} names no device`, 'give one with -d DEVICE');
}

function devicesFrom(context: Context, given: Given): string[] {
  const ways = ['device', 'resource', 'all'].filter((key) => given.has(key));
  if (ways.length !== 1) throw usageError('give one of -d DEVICE, -r RESOURCE and -a');
  const device = given.value('device');
  if (device !== undefined) return [device];
  const resource = given.value('resource');
  if (resource !== undefined) return [deviceOf(context, resourceNamed(context, resource))];
  const named = context.config.resources.flatMap(({ parameters }) => parameters.device ?? []);
  return named.map(String);
}

async function run(context: Context, given: Given): Promise<Report> {
  atMost(given, 0);
  if (given.has('write') && given.has('only')) throw usageError('-w and -o exclude each other');
  const devices = devicesFrom(context, given);
  const { env, local: server } = context;
  const order = (device: string, op: Op) =>
    request(env, server, 'host', { do: 'blockdev', device, op });
  const found: Json[] = [];
  for (const device of devices) found.push(await order(device, 'getro'));
  if (!given.has('write') && !given.has('only')) {
    const rows = devices.map((device, at) => {
      const { readOnly } = found[at] as { readOnly: boolean };
      return { name: device, value: readOnly ? 'ro' : 'rw' };
    });
    const shown = { kind: 'server', index: null, name: server, properties: rows } as const;
    const data = { schema: 'drydock.properties/1', objects: [shown] } as const;
    return done(rows.map(({ name, value }) => `${name} : ${value}\n`).join(''), {
      ...data,
      objects: [...data.objects],
    });
  }
  const op = given.has('write') ? 'setrw' : 'setro';
  for (const device of devices) await order(device, op);
  const acts = devices.map((name): Act => ({ act: op, kind: 'disk', name, server }));
  return done(SUCCEEDED, actsDone(...acts));
}

export const clproset = defineCommand(
  {
    name: 'clproset',
    summary: 'Makes a partition of a shared disk read-only or read-write, or shows which it is',
    usage: ['clproset -w|-o -d DEVICE | -r RESOURCE | -a', 'clproset -d DEVICE | -r RESOURCE | -a'],
    options: OPTIONS,
    traits: (given) => {
      const changes = given.has('write') || given.has('only');
      return { changes, endangers: given.has('write') };
    },
  },
  run,
);
