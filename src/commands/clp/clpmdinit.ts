/**
 * clpmdinit: constructs a mirror for the first time, or anew.
 *
 * Documented: --create normal|quick|force NAME (v3 6.5; x5 2.14, 2.23). Our choice: `force` gives
 * up what this server's copy holds, so it is refused while the copy is active, or is the only one
 * known to be the latest.
 */
import { actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { ACTS, defineCommand, mirrorNamed, refused, request, SUCCEEDED } from './context.ts';
import { copyOf, pairOf, peerOf } from './mirror.ts';
import { atMost, modeOf, usageError } from './options.ts';

const OPTIONS = { create: { names: ['--create'], value: 'normal|quick|force' } };
const WAYS = ['normal', 'quick', 'force'] as const;
const CREATE_TIMEOUT_MS = 120_000;

export const clpmdinit = defineCommand(
  {
    name: 'clpmdinit',
    summary: 'Constructs a mirror',
    usage: ['clpmdinit --create normal|quick|force NAME'],
    options: OPTIONS,
    traits: { ...ACTS, endangers: true },
  },
  async (context, given) => {
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
      const own = copyOf(pair, local);
      const other = peerOf(context, name, local);
      if (own.role === 'primary') throw refused(`${name} is active here`, 'stop its group first');
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
  },
);
