/**
 * clpcfctrl: distributes a cluster configuration to all servers, or takes a backup of it.
 *
 * Documented: --push, --pull, -l Linux and -w Windows medium, -d DEVICE, -m MOUNT, -x DIR, --force,
 * --nocheck, -c HOST, -h IP, the three prompts, `success.(code:0)` (v3 1.1, 1.2, 6.1; x5 2.22), and
 * --dpush, which adds resources to groups at work (x5 2.28). --compcheck, which only checks, is known
 * from scripts of the field, and so is a DIR that begins where the command was called.
 * Our choice: the file is `clp.conf` on the medium or in DIR, with the scripts that it names beside it
 * (script-files.ts); it is checked before anything is
 * written; a change that needs a suspended or stopped cluster is refused until it is (v3 6.1 leaves
 * it to the operator's word); --force asks nothing, takes the cluster as it is, and writes on the
 * servers that can be reached, naming the others; --nocheck takes a file with another uuid; -c and -h
 * distribute to that one server; the drive has one device, whatever -d and -m call it. Without -l and
 * -w a medium of either format is read. A server that the file leaves out gets it too, and ends (leaving.ts). Line ends are changed for Windows alone: else a file goes out
 * and comes back byte for byte. A backup needs no change window, so --pull writes nowhere in the
 * cluster's own folders.
 */
import { posix } from 'node:path';
import {
  addsResources,
  checkConfiguration,
  type Impact,
  impactOf,
  impactOfAdding,
  parseClusterConfiguration,
} from '../../config/index.ts';
import { hint } from '../../core/nearest.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { Medium } from '../../ports/views.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import { actsDone } from '../data.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { checked } from './clpcfchk.ts';
import { actsUnless, defineBare, refused, request } from './context.ts';
import { distribute, distributeByForce } from './distribution.ts';
import { FILE, fileAt, refuseOwnFolder } from './file-paths.ts';
import { endOn, leavingServers } from './leaving.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';
import { confirmRest } from './reflection.ts';
import { sayHere } from './saying.ts';
import { distributeScripts, type ReadFile, scriptsHere } from './script-files.ts';
import { quietly } from './waiting.ts';

const OPTIONS = {
  push: { names: ['--push'] },
  pull: { names: ['--pull'] },
  dpush: { names: ['--dpush'] },
  compcheck: { names: ['--compcheck'] },
  linux: { names: ['-l'] },
  windows: { names: ['-w'] },
  device: { names: ['-d'], value: 'DEVICE' },
  mount: { names: ['-m'], value: 'MOUNT' },
  directory: { names: ['-x'], value: 'DIR' },
  force: { names: ['--force'] },
  nocheck: { names: ['--nocheck'] },
  server: { names: ['-c'], value: 'HOST' },
  address: { names: ['-h'], value: 'IP' },
};

const SUCCESS = 'success.(code:0)\n';

async function mediumOf(env: Environment): Promise<Medium> {
  const answer = await request(env, env.server, 'host', { do: 'medium' });
  const { medium } = answer as unknown as { medium: Medium | null };
  if (medium !== null) return medium;
  throw refused(`there is no medium in the drive of ${env.server}`, 'insert it, or give -x DIR');
}

function checkFormat(medium: Medium, given: Given): void {
  const wanted = given.has('linux') ? 'linux' : given.has('windows') ? 'windows' : medium.format;
  if (wanted === medium.format) return;
  const option = medium.format === 'linux' ? '-l' : '-w';
  throw refused(`the medium ${medium.label} has the ${medium.format} format`, `use ${option}`);
}

const fileIn = (env: Environment, directory: string) => fileAt(env, `${directory}/${FILE}`);

/** With the line ends of Linux, where it was written for Windows. */
function linuxText(text: string, isWindows: boolean): string {
  return isWindows ? text.replaceAll('\r\n', '\n') : text;
}

interface Source {
  text: string;
  /** What to call it in messages. */
  file: string;
  /** What lies beside it; null: no such file. */
  read: ReadFile;
}

async function sourceOf(env: Environment, given: Given): Promise<Source> {
  const directory = given.value('directory');
  if (directory !== undefined) {
    const { files, path: file } = fileIn(env, directory);
    const text = await files.read(file);
    if (text === null) throw refused(`there is no ${file} on ${env.server}`);
    const read: ReadFile = (name) => files.read(`${posix.dirname(file)}/${name}`);
    return { text: linuxText(text, given.has('windows')), file, read };
  }
  const medium = await mediumOf(env);
  checkFormat(medium, given);
  const text = medium.files[FILE];
  if (text === undefined) throw refused(`there is no ${FILE} on the medium ${medium.label}`);
  const isWindows = medium.format === 'windows';
  const read: ReadFile = async (name) => medium.files[name] ?? null;
  return { text: linuxText(text, isWindows), file: `${medium.label}:${FILE}`, read };
}

function addressee(config: ClusterConfiguration, given: Given): string[] {
  const names = config.servers.map(({ name }) => name);
  const named = given.value('server');
  if (named !== undefined) {
    if (names.includes(named)) return [named];
    throw usageError(`unknown server ${named}`, hint(named, names));
  }
  const address = given.value('address');
  if (address === undefined) return names;
  const found = config.servers.find(({ devices }) => devices.some(({ info }) => info === address));
  if (found !== undefined) return [found.name];
  const known = config.servers.flatMap(({ devices }) => devices.map(({ info }) => info));
  throw usageError(`no server has the address ${address}`, hint(address, known));
}

/** What the change costs. Refuses where --dpush is asked for more than it does. */
function weigh(given: Given, config: ClusterConfiguration, before: string, after: string): Impact {
  if (!given.has('dpush')) return impactOf(before, after);
  if (!addsResources(config)) throw refused('--dpush needs version 4.0 or later of the X series');
  const impact = impactOfAdding(before, after);
  if (impact.level !== 'stop' && impact.level !== 'shutdown') return impact;
  const [first] = impact.because;
  throw refused(`--dpush only adds resources, and here is more: ${first}`, 'use --push');
}

/** The servers' answers, one after the other; a stopped daemon reads the file when it starts. */
async function reload(env: Environment, servers: readonly string[]): Promise<void> {
  for (const server of servers) await quietly(request(env, server, 'daemon', { do: 'reload' }));
}

/** What reached the servers is in force on them; those that it leaves out end. */
async function takeOn(
  env: Environment,
  before: ClusterConfiguration | null,
  reached: readonly string[],
  leaving: readonly string[],
): Promise<void> {
  const out = reached.filter((server) => leaving.includes(server));
  if (before !== null) await endOn(env, before, out);
  await reload(
    env,
    reached.filter((server) => !out.includes(server)),
  );
}

async function push(env: Environment, given: Given): Promise<Report> {
  const { text, file, read } = await sourceOf(env, given);
  const after = parseClusterConfiguration(text, file);
  const present = await env.files.read(CONFIG_PATH);
  const before = present === null ? null : parseClusterConfiguration(present, CONFIG_PATH);
  const isOther = before !== null && before.uuid !== '' && before.uuid !== after.uuid;
  if (isOther && !given.has('nocheck') && !given.has('force')) {
    throw refused(
      `${file} is of another cluster: its uuid is ${after.uuid || 'empty'}, not ${before.uuid}`,
      'take the right medium, or use --nocheck',
    );
  }
  const isForAll = !given.has('server') && !given.has('address');
  const leaving = before !== null && isForAll ? await leavingServers(env, before, after) : [];
  const members = addressee(after, given);
  const servers = [...members, ...leaving];
  if (before !== null && present !== null && !given.has('force')) {
    await confirmRest(env, before, weigh(given, before, present, text));
  }
  const isForced = given.has('force');
  await distributeScripts(env, members, { config: after, read, isForced });
  const about = { act: 'push', kind: 'configuration', name: null } as const;
  if (!given.has('force')) {
    await distribute(env, servers, text);
    await takeOn(env, before, servers, leaving);
    await sayHere({ env, config: after }, 'configurationUploaded', 'clpcfctrl');
    return done(SUCCESS, actsDone(...servers.map((server) => ({ ...about, server }))));
  }
  const outcomes = await distributeByForce(env, servers, text);
  const missed = outcomes.filter(({ failure }) => failure !== null);
  const reached = outcomes.filter((one) => !missed.includes(one)).map(({ server }) => server);
  await takeOn(env, before, reached, leaving);
  await sayHere({ env, config: after }, 'configurationUploaded', 'clpcfctrl');
  const left = missed.map(({ server, failure }) => {
    return `${server} keeps its old configuration: ${failure}; push again when it is back\n`;
  });
  const report = done(SUCCESS, actsDone(...outcomes.map((one) => ({ ...about, ...one }))));
  return { ...report, stderr: left.join('') };
}

/** Only whether it is right, and fits this cluster. */
async function compare(env: Environment, given: Given): Promise<Report> {
  const { text, file } = await sourceOf(env, given);
  return checked(checkConfiguration(text, file).problems, SUCCESS);
}

async function pull(env: Environment, given: Given): Promise<Report> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) throw refused(`${env.server} has no cluster configuration`);
  const act = { act: 'pull', kind: 'configuration', server: env.server } as const;
  const written = given.has('windows') ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  const scripts = await scriptsHere(env, text);
  const directory = given.value('directory');
  if (directory !== undefined) {
    const backup = fileIn(env, directory);
    refuseOwnFolder(env, backup, 'a backup');
    const beside = posix.dirname(backup.path);
    for (const [name, script] of Object.entries(scripts)) {
      await backup.files.write(`${beside}/${name}`, script);
    }
    await backup.files.write(backup.path, written);
    return done(SUCCESS, actsDone({ ...act, name: backup.path }));
  }
  checkFormat(await mediumOf(env), given);
  await request(env, env.server, 'host', {
    do: 'medium.write',
    files: { ...scripts, [FILE]: written },
  });
  return done(SUCCESS, actsDone(act));
}

async function run(env: Environment, given: Given): Promise<Report> {
  atMost(given, 0);
  const mode = modeOf(given, OPTIONS, ['push', 'dpush', 'compcheck', 'pull']);
  if (given.has('linux') && given.has('windows')) throw usageError('-l and -w exclude each other');
  if (given.has('server') && given.has('address')) throw usageError('-c and -h exclude each other');
  if (mode === 'compcheck') return compare(env, given);
  return mode === 'pull' ? pull(env, given) : push(env, given);
}

export const clpcfctrl = defineBare(
  {
    name: 'clpcfctrl',
    summary: 'Distributes a cluster configuration, or takes a backup of it',
    usage: [
      'clpcfctrl --push [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR] [-c HOST|-h IP] [--force] [--nocheck]',
      'clpcfctrl --dpush [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR] [--force] [--nocheck]',
      'clpcfctrl --compcheck [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR]',
      'clpcfctrl --pull [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR]',
    ],
    options: OPTIONS,
    traits: actsUnless('pull', 'compcheck'),
  },
  run,
);
