/**
 * clpmdctrl: activates, breaks, recovers and forces mirror disk resources.
 *
 * Documented: --active/-a [-nomount] [-f], --deactive/-d, --break/-b, --force/-f [SERVER] NAME
 * (asks y/n), --recovery/-r, --cancel/-c, --rwait [-timeout SEC] [-rcancel] (v3 11.8.1, 11.9,
 * 11.10.4 to 11.10.6; x5 2.14); --recovery and --force return when the recovery has started.
 * Our choice: --force says what each copy holds and names the one that dies before it asks;
 * without SERVER it means this server's copy; what --getreplace, --setreplace and --statsave do
 * (mirror-marks.ts); -keep FILE of --force, which keeps the victim's differing blocks in a file of
 * its server first; the words of all that is printed. Orders that change a running mirror are in
 * mirror-options.ts.
 */
import { actsDone } from '../data.ts';
import { type Command, done, type Report, type Traits } from '../environment.ts';
import {
  type Context,
  defineCommand,
  mirrorNamed,
  type Named,
  refused,
  request,
  SUCCEEDED,
} from './context.ts';
import { pairOf, pairWord } from './mirror.ts';
import { getReplace, saveStatistics, setReplace } from './mirror-marks.ts';
import {
  CHANGE_MODES,
  CHANGE_OPTIONS,
  type ChangeMode,
  change,
  checkChange,
} from './mirror-options.ts';
import { force, recover } from './mirror-recovery.ts';
import { viewOf } from './mirror-table.ts';
import { atMost, type Given, modeOf, usageError, wholeNumber } from './options.ts';
import { waitFor } from './waiting.ts';

/** Mounting may check the file system first. */
const MOUNT_TIMEOUT_MS = 600_000;
const RECOVERY_LIMIT_MS = 7 * 86_400_000;

const OPTIONS = {
  active: { names: ['--active', '-a'] },
  deactive: { names: ['--deactive', '-d'] },
  break: { names: ['--break', '-b'] },
  force: { names: ['--force', '-f'] },
  recovery: { names: ['--recovery', '-r'] },
  cancel: { names: ['--cancel', '-c'] },
  rwait: { names: ['--rwait'] },
  nomount: { names: ['-nomount'] },
  timeout: { names: ['-timeout'], value: 'SEC' },
  rcancel: { names: ['-rcancel'] },
  getreplace: { names: ['--getreplace'] },
  setreplace: { names: ['--setreplace'] },
  keep: { names: ['-keep'], value: 'FILE' },
  ...CHANGE_OPTIONS,
  statsave: { names: ['--statsave'] },
};

const MODES = [
  'active',
  'deactive',
  'break',
  'force',
  'recovery',
  'cancel',
  'rwait',
  'getreplace',
  'setreplace',
  'statsave',
] as const;

async function activate(context: Context, name: string, given: Given): Promise<Report> {
  const { env, local } = context;
  const pair = await pairOf(context, name);
  const other = Object.entries(pair.copies).find(
    ([server, { role }]) => server !== local && role === 'primary',
  );
  if (other !== undefined) throw refused(`${name} is active on ${other[0]}`, 'deactivate it there');
  if (pair.copies[local]?.role === 'primary')
    return done(`${name} is active already.\n${SUCCEEDED}`, actsDone());
  const mount = !given.has('nomount');
  const isForced = given.has('force');
  const body = { do: 'activate', mirror: name, mount, force: isForced, evidence: null } as const;
  await request(env, local, 'agent', body, MOUNT_TIMEOUT_MS);
  return done(SUCCEEDED, actsDone({ act: 'active', kind: 'mirror', name, server: local }));
}

async function wait(context: Context, name: string, given: Given): Promise<Report> {
  const { env, local } = context;
  const text = given.value('timeout');
  const limitMs =
    text === undefined ? RECOVERY_LIMIT_MS : wholeNumber(text, 'the timeout', 1, 999_999) * 1000;
  try {
    await waitFor(env, `the recovery of ${name}`, limitMs, async () => {
      return (await pairOf(context, name)).state !== 'syncing';
    });
  } catch (error) {
    if (given.has('rcancel')) await request(env, local, 'agent', { do: 'cancel', mirror: name });
    throw error;
  }
  const pair = await pairOf(context, name);
  if (pair.state === 'inSync') return done(SUCCEEDED, viewOf(pair));
  const words = `the recovery of ${name} ended and it is ${pairWord(pair)}`;
  throw refused(words, `look: clp${pair.kind}stat -m ${name}`);
}

function checkSwitches(given: Given, mode: string): void {
  checkChange(mode, given);
  if (mode !== 'force' && given.has('keep')) throw usageError('-keep goes with --force');
  if (mode !== 'active' && given.has('nomount')) throw usageError('-nomount goes with --active');
  if (mode !== 'rwait' && (given.has('timeout') || given.has('rcancel'))) {
    throw usageError('-timeout and -rcancel go with --rwait');
  }
}

type Mode = (typeof MODES)[number] | ChangeMode;

const isChange = (mode: Mode): mode is ChangeMode => CHANGE_MODES.some((change) => change === mode);

/** `-f` beside --active is its switch; alone it is the command. */
function modeFrom(given: Given): Mode {
  if (given.has('active') && given.has('force')) {
    return modeOf(
      given,
      OPTIONS,
      MODES.filter((mode) => mode !== 'force'),
    );
  }
  return modeOf(given, OPTIONS, [...MODES, ...CHANGE_MODES]);
}

async function run(context: Context, given: Given): Promise<Report> {
  const mode = modeFrom(given);
  checkSwitches(given, mode);
  if (isChange(mode)) return change(context, mode, given);
  atMost(given, mode === 'force' ? 2 : 1);
  const last = given.rest.at(-1);
  if (last === undefined) throw usageError('the name of a mirror disk resource is missing');
  const name = mirrorNamed(context, last);
  const { env, local } = context;
  if (mode === 'force') {
    const server = given.rest.length > 1 ? (given.rest[0] ?? local) : local;
    return force(context, name, server, given.value('keep') ?? null);
  }
  if (mode === 'recovery') return recover(context, name);
  if (mode === 'active') return activate(context, name, given);
  if (mode === 'rwait') return wait(context, name, given);
  if (mode === 'getreplace') return getReplace(context, name);
  if (mode === 'setreplace') return setReplace(context, name);
  if (mode === 'statsave') return saveStatistics(context, name);
  const orders = { deactive: 'deactivate', break: 'break', cancel: 'cancel' } as const;
  await request(env, local, 'agent', { do: orders[mode], mirror: name }, MOUNT_TIMEOUT_MS);
  return done(SUCCEEDED, actsDone({ act: mode, kind: 'mirror', name, server: local }));
}

function traits(given: Named): Partial<Traits> {
  const isForced = given.has('force');
  const forces = isForced && !given.has('active');
  return {
    changes: !given.has('getreplace') && (!given.has('rwait') || given.has('rcancel')),
    copies: forces || given.has('recovery'),
    stopsCopy: given.has('cancel') || given.has('break'),
    endangers: isForced || given.has('recovery') || given.has('break'),
    asks: forces,
  };
}

const USAGE = [
  '--active [-nomount] [-f] NAME',
  '--deactive|--break|--recovery|--cancel NAME',
  '--force [-keep FILE] [SERVER] NAME',
  '--sync|--nosync|--compress|--nocompress|--updatekey NAME',
  '--mdcswitch NAME [PRIORITY]',
  '--resize [-force] SIZE NAME',
  '--verify [-mark] NAME',
  '--pause|--resume NAME',
  '--getreplace|--setreplace|--statsave NAME',
  '--rwait [-timeout SEC] [-rcancel] NAME',
];

function control(name: string, what: string): Command {
  const summary = `Activates, breaks, recovers and forces ${what} resources`;
  const usage = USAGE.map((words) => `${name} ${words}`);
  return defineCommand({ name, summary, usage, options: OPTIONS, traits }, run);
}

export const clpmdctrl = control('clpmdctrl', 'mirror disk');
/** On the current server of a server group; another one refuses, naming it, but for --active. */
export const clphdctrl = control('clphdctrl', 'hybrid disk');
