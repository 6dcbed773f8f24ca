/**
 * Scenarios as text: a command a line, `----`, and the whole of what it leads to. A block ends with
 * an empty line. `REWRITE=1 npx ava test/engine/scenarios.test.ts` writes the outputs anew; commit
 * a difference only if you understand it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { madeCluster } from '../support/made-cluster.ts';
import { manyServers, monitor, twoServers } from './config.ts';
import { Cluster } from './harness.ts';

const folder = new URL('scenarios/', import.meta.url);

/** Only what is about the course of things; starts of monitors and of each resource are noise. */
const noise = / (rm [12]|rc [34]0|rc [34]1|nm [3-9]|pm 9003):? /;

function createCluster(words: string[]): Cluster {
  if (words[1] === 'made') {
    return new Cluster(parseClusterConfiguration(madeCluster(words.slice(2)), 'clp.conf'));
  }
  const forceStop = { type: 'bmc' as const, timeoutMs: 3000 };
  const forced = words.includes('forcestop') ? { forceStop } : {};
  const count = { three: 3, five: 5 }[words[1] ?? ''];
  const config = count ? manyServers(count, forced.forceStop) : twoServers(forced);
  if (words.includes('x5')) Object.assign(config, { manual: 'x5', edition: 'X' });
  if (words.includes('quick')) {
    config.heartbeat = { intervalMs: 300, timeoutMs: 1000 };
  }
  if (words.includes('manual')) {
    const [, second] = config.groups;
    config.groups.push({ ...second!, name: 'failover3', failover: 'none', resources: ['exec3'] });
    const exec2 = config.resources.find(({ name }) => name === 'exec2')!;
    config.resources.push({ ...exec2, name: 'exec3', dependsOn: [] });
  }
  const [pattern] = config.groups.slice(-1);
  for (const word of words.filter((one) => one.startsWith('group='))) {
    const [name, ...servers] = word.slice('group='.length).split(',');
    config.groups.push({ ...pattern!, name: name!, servers, resources: [`exec-${name}`] });
    const exec2 = config.resources.find((one) => one.name === 'exec2')!;
    config.resources.push({ ...exec2, name: `exec-${name}`, dependsOn: [] });
  }
  if (words.includes('watched')) {
    const watches = config.servers.map((_, at) => monitor(`own${at + 1}`, 'genw', null));
    config.monitors.push(...watches);
  }
  if (words.includes('final')) {
    config.monitors.push(monitor('genw2', 'genw', 'exec2', { finalAction: 'stopDaemonAndReboot' }));
  }
  return new Cluster(config);
}

/** `set groups/failover2/autoFailback true`: members of lists by their names. */
function set(config: ClusterConfiguration, path: string, value: Json): void {
  const steps = path.split('/');
  const last = steps.pop()!;
  let here = config as unknown as Record<string, unknown>;
  for (const step of steps) {
    const next = Array.isArray(here) ? here.find(({ name }) => name === step) : here[step];
    here = next as Record<string, unknown>;
  }
  here[last] = value;
}

function run(cluster: Cluster, words: string[]): string[] {
  const [verb = '', name = '', ...rest] = words;
  switch (verb) {
    case 'up':
      for (const server of [name, ...rest]) cluster.up(server);
      return [];
    case 'wait':
      cluster.advance(Number(name));
      return [];
    case 'set':
      set(cluster.config, name, JSON.parse(rest.join(' ')) as Json);
      return [];
    case 'add-resource': {
      // As clpcfctrl distributes it: the file, then a reload on every server.
      const { text } = cluster.configText;
      const config =
        typeof text !== 'string'
          ? structuredClone(cluster.config)
          : parseClusterConfiguration(text, 'clp.conf');
      const like = config.resources.find((one) => one.name === rest[1])!;
      config.resources.push({ ...like, name: rest[0]!, dependsOn: [] });
      config.groups.find((group) => group.name === name)!.resources.push(rest[0]!);
      cluster.configText.text = writeClusterConfiguration(config);
      for (const server of Object.keys(cluster.boxes)) cluster.order(server, { do: 'reload' });
      return [];
    }
    case 'resources':
      return cluster.resources(name);
    case 'order':
      cluster.order(name, JSON.parse(rest.join(' ')) as Json);
      return [];
    case 'sigterm':
      cluster.tell(name, { type: 'stop.requested' });
      return [];
    case 'power-cut':
      cluster.cutPower(name);
      return [];
    case 'kill-daemon':
      cluster.killDaemon(name);
      return [];
    case 'start-daemon':
      cluster.startDaemon(name);
      return [];
    case 'freeze':
    case 'thaw':
      cluster.freeze(name, verb === 'freeze');
      return [];
    case 'cut':
    case 'heal':
      cluster.cables([name, ...rest], verb === 'heal');
      return [];
    case 'apart':
    case 'join':
      // Two ends, and the nets between them.
      for (const [from, to] of [
        [name, rest[0]!],
        [rest[0]!, name],
      ] as const) {
        cluster.cables(rest.slice(1), verb === 'join', { from, to });
      }
      return [];
    case 'one-way':
      // Nothing arrives from the first at the second any more.
      cluster.cables(rest.slice(1), false, { from: name, to: rest[0]! });
      return [];
    case 'configuration':
      // As somebody left the file on every server.
      cluster.configText.text = name === 'missing' ? null : name;
      return [];
    case 'deaf-host':
      cluster.deafHosts.add(name);
      return [];
    case 'licence':
      cluster.licences.set(name, `serial=A1\n${rest.join('\n')}\n`);
      return [];
    case 'slow':
      // A script that takes so long, ms.
      cluster.slowScripts.set(`${name} ${rest[0]}`, Number(rest[1]));
      return [];
    case 'script':
      cluster.scripts.set(`${name} ${rest[0]}`, rest[1] === 'hangs' ? 'hangs' : Number(rest[1]));
      return [];
    case 'controllers':
      // How long each takes to cut the power once it is asked, ms.
      cluster.bmcMs = Number(name);
      return [];
    case 'deaf-controller':
      cluster.deafControllers.add(name);
      return [];
    case 'mended-controller':
      cluster.deafControllers.delete(name);
      return [];
    case 'show':
      return cluster.show();
    default:
      throw new Error(`no command ${verb}`);
  }
}

function play(text: string): string {
  let cluster = createCluster([]);
  const out: string[] = [];
  for (const block of text.trim().split(/\n\n+/)) {
    const lines = block.split('\n');
    const cutAt = lines.indexOf('----');
    const commands = cutAt < 0 ? lines : lines.slice(0, cutAt);
    out.push(...commands);
    if (commands.every((line) => line.startsWith('#'))) {
      out.push('');
      continue;
    }
    const said: string[] = [];
    for (const command of commands.filter((line) => !line.startsWith('#'))) {
      const words = command.split(' ');
      if (words[0] === 'cluster') cluster = createCluster(words);
      else said.push(...run(cluster, words));
    }
    out.push('----', ...cluster.log.splice(0).filter((line) => !noise.test(line)), ...said, '');
  }
  return out.join('\n');
}

for (const name of readdirSync(folder)) {
  test(`scenario ${name.replace('.txt', '').replaceAll('-', ' ')}`, (t) => {
    const file = new URL(name, folder);
    const expected = readFileSync(file, 'utf8');
    const actual = play(expected);
    if (process.env.REWRITE) writeFileSync(file, actual);
    else t.is(actual, expected);
    t.true(actual.includes('----'));
  });
}
