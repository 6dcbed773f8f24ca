/**
 * clpecap: an archive for the investigation of a failure, which a server of X makes by itself (x5 2.9;
 * src/host/investigations.ts starts it). `log/ecap/TIME_MODULE_ID.tar.gz` below the installation holds
 *
 *     common/…         what programs of the operating system print, as clplogcc collects it
 *     TYPE.ecap.md     what the programs of that type print; other types have none
 *
 * The program's name and options are our choice, as that the newest 20 archives are kept. An archive
 * that is there already stays: of two such events within a second the first counts, which the manual
 * warns of.
 */
import { addressOf, objectOf, recordOf } from '../../config/index.ts';
import { textOfBytes } from '../../core/byte-text.ts';
import { ECAP_PATH } from '../../core/paths.ts';
import type {
  ConfiguredMonitor,
  ConfiguredResource,
} from '../../schema/generated/cluster-configuration.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { ethtool } from '../os/ethtool.ts';
import { ip } from '../os/ip.ts';
import { dig, nslookup } from '../os/names.ts';
import { ping } from '../os/ping.ts';
import { archiveOf, type Member } from './archive.ts';
import { type Call, collectSystem, outputOf } from './collection.ts';
import { type Context, defineCommand, LOOKS_ONLY, named, wordsOf } from './context.ts';
import { atMost, type Given, usageError } from './options.ts';

const OPTIONS = {
  time: { names: ['-t'], value: 'TIME' },
  module: { names: ['-m'], value: 'MODULE' },
  event: { names: ['-e'], value: 'ID' },
  name: { names: ['-n'], value: 'NAME' },
};

const MOST_KEPT = 20;
const ARCHIVE = /^\d{14}_[a-z]+_\d+\.tar\.gz$/;

type Investigated = ConfiguredResource | ConfiguredMonitor;
type Config = Context['config'];

/** Of the resource itself, or of the one that a monitor watches. */
function hostNameOf(config: Config, one: Investigated): string {
  if (!('recovery' in one)) return recordOf(one).name;
  const resource = config.resources.find(({ name }) => name === objectOf(one));
  return resource === undefined ? '' : recordOf(resource).name;
}

const ADDRESS = (config: Config, one: Investigated): Call[] => [
  [ip, 'n'],
  [ping, '-w', '3', addressOf(config, one)],
];
const HOST_NAME = (config: Config, one: Investigated): Call[] => [
  [nslookup, '-timeout=3', hostNameOf(config, one)],
  [dig, 'any', '+time=3', hostNameOf(config, one)],
];

/** The table of x5 2.9, by type. */
const PROGRAMS: Record<string, (config: Config, one: Investigated) => Call[]> = {
  fip: ADDRESS,
  fipw: ADDRESS,
  ddns: HOST_NAME,
  ddnsw: HOST_NAME,
  miiw: (_, one) => [[ethtool, 'recovery' in one ? objectOf(one) : '']],
};

/** Indented, so that nothing in it is taken for Markdown. */
async function section(env: Environment, call: Call): Promise<string> {
  const [{ name }, ...args] = call;
  const { code, text } = await outputOf(env, call).catch((error: unknown) => {
    return { code: null, text: `${wordsOf(error)}\n` };
  });
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
  return `## ${[name, ...args].join(' ')}\n\n${shown}\n\nExit status: ${code ?? 'unknown'}\n`;
}

async function ofType({ env, config }: Context, one: Investigated | null): Promise<Member[]> {
  const calls = one === null ? [] : (PROGRAMS[one.type]?.(config, one) ?? []);
  if (one === null || calls.length === 0) return [];
  const sections = [`# ${one.name}\n`];
  for (const call of calls) sections.push(await section(env, call));
  return [{ name: `${one.type}.ecap.md`, text: sections.join('\n') }];
}

/** `rm` is the module of monitors. null: none was named. */
function investigated({ config }: Context, given: Given): Investigated | null {
  const name = given.value('name');
  if (name === undefined) return null;
  const [what, all]: [string, Investigated[]] =
    given.value('module') === 'rm' ? ['monitor', config.monitors] : ['resource', config.resources];
  const known = named(
    what,
    name,
    all.map((one) => one.name),
  );
  return all.find((one) => one.name === known) ?? null;
}

function fileOf(given: Given): string {
  const [time, module, event] = ['time', 'module', 'event'].map((key) => given.value(key));
  const file = `${time}_${module}_${event}.tar.gz`;
  if (ARCHIVE.test(file)) return file;
  throw usageError(
    'no event is named',
    'give its time as 14 digits, its module and its id: -t 20260131235959 -m rc -e 32',
  );
}

async function removeOldest({ files }: Environment, made: string): Promise<void> {
  const all = (await files.list(ECAP_PATH)).filter((name) => ARCHIVE.test(name)).sort();
  const others = all.filter((name) => name !== made);
  for (const name of others.slice(0, Math.max(0, all.length - MOST_KEPT))) {
    await files.remove(`${ECAP_PATH}/${name}`);
  }
}

async function run(context: Context, given: Given): Promise<Report> {
  atMost(given, 0);
  const { env } = context;
  const file = fileOf(given);
  const one = investigated(context, given);
  if ((await env.files.list(ECAP_PATH)).includes(file)) return done(`${file} is there already\n`);
  const members = [...(await collectSystem(env, 'common')), ...(await ofType(context, one))];
  const bytes = await archiveOf(members, env.clock.now());
  await env.files.write(`${ECAP_PATH}/${file}`, textOfBytes(bytes));
  await removeOldest(env, file);
  return done(`${ECAP_PATH}/${file}\n`);
}

export const clpecap = defineCommand(
  {
    name: 'clpecap',
    summary: 'Collects what an investigation of a failure needs',
    usage: ['clpecap -t TIME -m MODULE -e ID [-n NAME]'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  run,
);
