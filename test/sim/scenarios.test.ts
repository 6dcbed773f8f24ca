/**
 * Every text of fixtures/scenarios, played on a twin and compared whole. `REWRITE=1` writes what
 * came out instead; commit a difference only if you understand it.
 *
 * The first line names the cluster: `cluster v3le|x5mirror|x5shared|x5hybrid [autorecovery=off] [ondeath=reboot]
 * [reboots=N] [RESOURCE.PARAMETER=VALUE] [seed=N]`, or
 * says how it is made: `cluster made …` (test/support/made-cluster.ts), or `cluster NAME servers=N …`,
 * as a simulated history does (test/simulation/worlds.ts). `reboots`: so many at most, and genw1
 * goes at once to a final action that reboots.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import type { TwinOptions } from '../../src/sim/twin-options.ts';
import { twinOptionsOf, worldFrom } from '../simulation/worlds.ts';
import { madeCluster } from '../support/made-cluster.ts';
import { parseScenario, playBlock, writeScenario } from '../support/scenario.ts';

const folder = new URL('../../fixtures/scenarios/', import.meta.url);
const clusters = new URL('../../fixtures/clusters/', import.meta.url);

function limitOf(
  { monitors }: ClusterConfiguration,
  reboots: string | undefined,
): Partial<ClusterConfiguration> {
  if (reboots === undefined) return {};
  const finalAction = 'stopDaemonAndReboot' as const;
  return {
    rebootLimit: { max: Number(reboots), resetMs: 600_000 },
    monitors: monitors.map((monitor) => {
      if (monitor.name !== 'genw1') return monitor;
      const recovery = { ...monitor.recovery, restart: 0, failover: 0, finalAction };
      return { ...monitor, recovery };
    }),
  };
}

/** `md1.fullcopy=0`: of a resource by its name. */
function withParameters(
  { resources }: ClusterConfiguration,
  options: Record<string, string>,
): ClusterConfiguration['resources'] {
  return resources.map((resource) => {
    const own = Object.entries(options).flatMap(([key, value]) => {
      const [name, parameter] = key.split('.');
      return name === resource.name && parameter !== undefined ? [[parameter, value]] : [];
    });
    return { ...resource, parameters: { ...resource.parameters, ...Object.fromEntries(own) } };
  });
}

function clusterText(line: string): TwinOptions {
  const [, name, ...words] = line.split(' ');
  if (name === 'made') return { configText: madeCluster(words), seed: '1' };
  if (line.includes(' servers=')) return twinOptionsOf(worldFrom(line));
  const original = readFileSync(new URL(`${name}.clp.conf`, clusters), 'utf8');
  const options = Object.fromEntries(words.map((word) => word.split('='))) as Record<
    string,
    string
  >;
  const config = parseClusterConfiguration(original, `${name}.clp.conf`);
  const autoRecovery = options.autorecovery !== 'off';
  const wishes =
    options.ondeath === 'reboot' ? { processAction: 'stopDaemonAndReboot' as const } : {};
  const limit = limitOf(config, options.reboots);
  const resources = withParameters(config, options);
  const changed = { ...config, resources, autoRecovery, ...wishes, ...limit };
  const configText = writeClusterConfiguration(changed, original);
  return { configText, seed: options.seed ?? '1' };
}

async function play(text: string): Promise<string> {
  const [head = '', ...rest] = text.split('\n');
  const twin = await buildTwin(clusterText(head));
  if (head.includes(' servers=')) twin.scripts.durationMs = worldFrom(head).scriptMs;
  const stage = { twin, logSeen: 0 };
  const blocks = [];
  for (const block of parseScenario(rest.join('\n'))) {
    blocks.push({ ...block, output: await playBlock(stage, block) });
  }
  return `${head}\n\n${writeScenario(blocks)}`;
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  test.serial(`the scenario ${name.replace('.txt', '')} goes as written`, async (t) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, 'utf8');
    const played = await play(text);
    if (process.env.REWRITE) writeFileSync(file, played);
    else t.is(played, text);
    t.false(played.includes('VIOLATION'), 'an oracle objected');
  });
}

test.serial('one seed gives one history, message for message', async (t) => {
  const text = readFileSync(new URL('mirror-break.txt', folder), 'utf8');
  const history = async (seed: string) => {
    const [head = '', ...rest] = text.split('\n');
    const twin = await buildTwin({ ...clusterText(head), seed });
    const stage = { twin, logSeen: 0 };
    let said = '';
    for (const block of parseScenario(rest.join('\n'))) said += await playBlock(stage, block);
    return { said, log: twin.log, at: twin.clock.exact(), fired: twin.clock.fired };
  };
  const first = await history('7');
  t.deepEqual(await history('7'), first);
  t.notDeepEqual((await history('8')).at, first.at, 'another seed, other latencies');
});
