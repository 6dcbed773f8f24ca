/**
 * clpmdinit: constructs a mirror for the first time, or anew.
 *
 * Documented: --create normal|quick|force NAME (v3 6.5; x5 2.14, 2.23). Our choice: `force` gives
 * up what this server's copy holds, so it is refused while the copy is active, or is the only one
 * known to be the latest.
 */
import { mirrorSides } from '../../config/index.ts';
import { actsDone } from '../data.ts';
import { type Command, done } from '../environment.ts';
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
const CREATE_TIMEOUT_MS = 120_000;

/** Who has this server's copy open: itself; of a hybrid disk the current server of its group. */
function holderOf({ config, local }: Context, pair: Pair): string {
  const side = mirrorSides(config, pair.name).find(({ servers }) => servers.includes(local));
  return side?.servers.find((server) => pair.copies[server] !== undefined) ?? local;
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
  if (mode === 'force') {
    const pair = await pairOf(context, name);
    const holder = holderOf(context, pair);
    const own = copyOf(pair, holder);
    const other = peerOf(pair, holder);
    if (own.role === 'primary')
      throw refused(`${name} is active on ${holder}`, 'stop its group first');
    if (own.state === 'upToDate' && copyOf(pair, other).state !== 'upToDate') {
      throw refused(
        `the copy of ${name} here is the only one known to be the latest`,
        `recover the other first, or give this one up: clpmdctrl --force ${other} ${name}`,
      );
    }
  }
  await request(env, local, 'agent', { do: 'create', mirror: name, mode }, CREATE_TIMEOUT_MS);
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
