/**
 * clpcfctrl: distributes a cluster configuration to all servers, or takes a backup of it.
 *
 * Documented: --push, --pull, -l Linux and -w Windows medium, -d DEVICE, -m MOUNT, -x DIR, --force,
 * --nocheck, -c HOST, -h IP, the three prompts, `success.(code:0)` (v3 1.1, 1.2, 6.1; x5 2.22).
 * Our choice: the file is `clp.conf` on the medium or in DIR; it is checked before anything is
 * written; a change that needs a suspended or stopped cluster is refused until it is (v3 6.1 leaves
 * it to the operator's word); --force asks nothing and takes the cluster as it is; --nocheck takes
 * a file with another uuid; -c and -h distribute to that one server; the drive has one device,
 * whatever -d and -m call it. Without -l and -w a medium of either format is read. A backup needs no
 * change window, so --pull writes nowhere in the cluster's own folders.
 */
import { impactOf, parseClusterConfiguration } from '../../config/index.ts';
import { hint } from '../../core/nearest.ts';
import { CONFIG_PATH, INSTALL_PATH, isClusterPath } from '../../core/paths.ts';
import type { Medium } from '../../ports/views.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import { actsDone } from '../data.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { actsUnless, defineBare, refused, request } from './context.ts';
import { distribute } from './distribution.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';
import { confirmRest } from './reflection.ts';
import { quietly } from './waiting.ts';

const OPTIONS = {
  push: { names: ['--push'] },
  pull: { names: ['--pull'] },
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
const FILE = 'clp.conf';

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

/** The text to distribute, with the line ends of Linux, and what to call it in messages. */
async function sourceOf(env: Environment, given: Given): Promise<{ text: string; file: string }> {
  const directory = given.value('directory');
  if (directory !== undefined) {
    const file = `${directory.replace(/\/+$/, '')}/${FILE}`;
    const text = await env.files.read(file);
    if (text === null) throw refused(`there is no ${file} on ${env.server}`);
    return { text: text.replaceAll('\r\n', '\n'), file };
  }
  const medium = await mediumOf(env);
  checkFormat(medium, given);
  const text = medium.files[FILE];
  if (text === undefined) throw refused(`there is no ${FILE} on the medium ${medium.label}`);
  return { text: text.replaceAll('\r\n', '\n'), file: `${medium.label}:${FILE}` };
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

async function push(env: Environment, given: Given): Promise<Report> {
  const { text, file } = await sourceOf(env, given);
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
  const servers = addressee(after, given);
  if (before !== null && !given.has('force')) {
    await confirmRest(env, before, impactOf(before, after));
  }
  await distribute(env, servers, text);
  for (const server of servers) {
    // A stopped daemon reads the file when it starts.
    await quietly(request(env, server, 'daemon', { do: 'reload' }));
  }
  const about = { act: 'push', kind: 'configuration', name: null } as const;
  return done(SUCCESS, actsDone(...servers.map((server) => ({ ...about, server }))));
}

async function pull(env: Environment, given: Given): Promise<Report> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) throw refused(`${env.server} has no cluster configuration`);
  const act = { act: 'pull', kind: 'configuration', server: env.server } as const;
  const written = given.has('windows') ? text.replaceAll('\n', '\r\n') : text;
  const directory = given.value('directory');
  if (directory !== undefined) {
    const file = `${directory.replace(/\/+$/, '')}/${FILE}`;
    if (isClusterPath(file)) {
      throw refused(`a backup does not go into ${INSTALL_PATH}`, 'name a folder outside of it');
    }
    await env.files.write(file, written);
    return done(SUCCESS, actsDone({ ...act, name: file }));
  }
  checkFormat(await mediumOf(env), given);
  await request(env, env.server, 'host', { do: 'medium.write', files: { [FILE]: written } });
  return done(SUCCESS, actsDone(act));
}

async function run(env: Environment, given: Given): Promise<Report> {
  atMost(given, 0);
  const mode = modeOf(given, OPTIONS, ['push', 'pull']);
  if (given.has('linux') && given.has('windows')) throw usageError('-l and -w exclude each other');
  if (given.has('server') && given.has('address')) throw usageError('-c and -h exclude each other');
  const directory = given.value('directory');
  if (directory !== undefined && !directory.startsWith('/')) {
    throw usageError(`the directory ${directory} is not absolute`);
  }
  return mode === 'push' ? push(env, given) : pull(env, given);
}

export const clpcfctrl = defineBare(
  {
    name: 'clpcfctrl',
    summary: 'Distributes a cluster configuration, or takes a backup of it',
    usage: [
      'clpcfctrl --push [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR] [-c HOST|-h IP] [--force] [--nocheck]',
      'clpcfctrl --pull [-l|-w] [-d DEVICE] [-m MOUNT] [-x DIR]',
    ],
    options: OPTIONS,
    traits: actsUnless('pull'),
  },
  run,
);
