/**
 * clpmdinit: constructs a mirror for the first time, or anew.
 *
 * Documented: --create normal|quick|force NAME (v3 6.5; x5 2.14, 2.23), also on both servers one after
 * the other while the services are off. Our choice: `force` gives up what this server's copy holds, so
 * it is refused while the copy is active, and where it is the only one known to be the latest as long
 * as the cluster daemon runs here.
 */
import { mirrorSides } from '../../config/index.ts';
import { actsDone } from '../data.ts';
import { type Command, done } from '../environment.ts';
import { isRunning, withAgent } from './agent-service.ts';
import {
  ACTS,
  type Context,
  defineCommand,
  mirrorNamed,
  refused,
  request,
  SUCCEEDED,
} from './context.ts';
import { copyOf, type Pair, pairOf, peerOf } from './mirror.ts';
import { atMost, modeOf, usageError } from './options.ts';

const OPTIONS = { create: { names: ['--create'], value: 'normal|quick|force' } };
const WAYS = ['normal', 'quick', 'force'] as const;
const DAEMON = 'clusterpro';
const CREATE_TIMEOUT_MS = 120_000;

/** Who has this server's copy open: itself; of a hybrid disk the current server of its group. */
function holderOf({ config, local }: Context, pair: Pair): string {
  const side = mirrorSides(config, pair.name).find(({ servers }) => servers.includes(local));
  return side?.servers.find((server) => pair.copies[server] !== undefined) ?? local;
}

async function checkForce(context: Context, name: string): Promise<void> {
  const pair = await pairOf(context, name);
  const holder = holderOf(context, pair);
  const own = copyOf(pair, holder);
  const other = peerOf(pair, holder);
  if (own.role === 'primary')
    throw refused(`${name} is active on ${holder}`, 'stop its group first');
  const isOnlyOne = own.state === 'upToDate' && copyOf(pair, other).state !== 'upToDate';
  if (isOnlyOne && (await isRunning(context, DAEMON))) {
    throw refused(
      `the copy of ${name} here is the only one known to be the latest`,
      `recover the other first, or give this one up: clp${pair.kind}ctrl --force ${other} ${name}`,
    );
  }
}

const create: Parameters<typeof defineCommand>[1] = async (context, given) => {
  atMost(given, 1);
  modeOf(given, OPTIONS, ['create']);
  const mode = WAYS.find((way) => way === given.value('create'));
  if (mode === undefined) throw usageError('--create takes normal, quick or force');
  const [word] = given.rest;
  if (word === undefined) throw usageError('the name of a mirror disk resource is missing');
  const name = mirrorNamed(context, word);
  const { env, local } = context;
  await withAgent(context, async () => {
    if (mode === 'force') await checkForce(context, name);
    await request(env, local, 'agent', { do: 'create', mirror: name, mode }, CREATE_TIMEOUT_MS);
  });
  const act = { act: 'create', kind: 'mirror', name, server: local } as const;
  return done(SUCCEEDED, actsDone(act));
};

function initialise(name: string, what: string): Command {
  return defineCommand(
    {
      name,
      summary: `Constructs ${what}`,
      usage: [`${name} --create normal|quick|force NAME`],
      options: OPTIONS,
      traits: { ...ACTS, endangers: true },
    },
    create,
  );
}

export const clpmdinit = initialise('clpmdinit', 'a mirror');
/** Makes the server it runs on the current one of its group, unless that one is active. */
export const clphdinit = initialise('clphdinit', 'a hybrid disk');
