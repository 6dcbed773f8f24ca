/**
 * A large cluster on the twin, 32 servers with 100 groups: from all servers off to every group
 * online, and its status. Beside it Pacemaker's simulator, with a cluster of that size which we make.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildTwin } from '../src/sim/twin.ts';
import { twinOptionsOf, worldFrom } from '../test/simulation/worlds.ts';
import { isInstalled } from './device-peers.ts';
import { type Benchmark, type Figure, median, timed } from './figures.ts';

const SERVERS = 32;
const GROUPS = 100;
const ROUNDS = 3;
const LOOKS = 10;
/** Twice what it took where nothing else ran. */
const PEER_LIMIT_MS = 200_000;

const world = worldFrom(`cluster x5mirror servers=${SERVERS} groups=${GROUPS} mirrors=0`);

async function comeUp(seed: number): Promise<{ upMs: number; lookMs: number[] }> {
  const twin = await buildTwin(twinOptionsOf({ ...world, seed }));
  const upMs = await timed(() => twin.up());
  const { groups } = await twin.look();
  const running = Object.values(groups).filter(({ state }) => state === 'started').length;
  if (running !== GROUPS) throw new Error(`${running} of ${GROUPS} groups are online`);
  const lookMs: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await twin.advance(1000);
    lookMs.push(await timed(() => twin.status()));
  }
  return { upMs, lookMs };
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** A Pacemaker cluster in which nothing runs yet: every resource prefers a node of its own. */
function pacemakerInput(probes: boolean): string {
  const nodes = numbers(SERVERS).map((id) => `<node id="${id}" uname="node${id}"/>`);
  const states = numbers(SERVERS).map(
    (id) =>
      `<node_state id="${id}" uname="node${id}" in_ccm="true" crmd="online" join="member" expected="member"/>`,
  );
  const resources = numbers(GROUPS).map(
    (id) => `<primitive id="r${id}" class="ocf" provider="pacemaker" type="Dummy"/>`,
  );
  const places = numbers(GROUPS).map(
    (id) => `<rsc_location id="l${id}" rsc="r${id}" node="node${1 + (id % SERVERS)}" score="100"/>`,
  );
  const options = { 'stonith-enabled': false, 'enable-startup-probes': probes };
  const pairs = Object.entries(options).map(
    ([name, value]) => `<nvpair id="o-${name}" name="${name}" value="${value}"/>`,
  );
  return `<cib crm_feature_set="3.0.14" validate-with="pacemaker-3.0" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">
<configuration>
<crm_config><cluster_property_set id="options">${pairs.join('')}</cluster_property_set></crm_config>
<nodes>${nodes.join('')}</nodes>
<resources>${resources.join('')}</resources>
<constraints>${places.join('')}</constraints>
</configuration>
<status>${states.join('')}</status>
</cib>
`;
}

/** Seconds until its simulation has started everything; null: not within the limit. */
async function pacemaker(folder: string, probes: boolean): Promise<number | null> {
  const file = join(folder, 'cib.xml');
  writeFileSync(file, pacemakerInput(probes));
  const from = performance.now();
  const ended = await execa('crm_simulate', ['-x', file, '-S'], {
    reject: false,
    timeout: PEER_LIMIT_MS,
  });
  const seconds = (performance.now() - from) / 1000;
  if (ended.timedOut) return null;
  const running = ended.stdout.split('\n').filter((line) => /\bStarted node\d+/.test(line)).length;
  if (running < GROUPS) throw new Error(`crm_simulate started ${running}: ${ended.stderr}`);
  return seconds;
}

async function besides(say: (words: string) => void): Promise<Pick<Figure, 'peer' | 'note'>> {
  if (!(await isInstalled('crm_simulate'))) {
    say('crm_simulate is not installed: left out');
    return { peer: null };
  }
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  try {
    const without = await pacemaker(folder, false);
    say(`crm_simulate without probes: ${without} s`);
    const probing = await pacemaker(folder, true);
    say(`crm_simulate with probes: ${probing} s`);
    const limit = `more than ${PEER_LIMIT_MS / 1000} s`;
    return {
      peer: probing === null ? null : { name: 'crm_simulate -S, with probes', value: probing },
      note: `${probing === null ? `with probes ${limit}; ` : ''}without probes ${without?.toFixed(1) ?? limit}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const scale: Benchmark = {
  name: 'scale',
  run: async (say) => {
    const up: number[] = [];
    const looks: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { upMs, lookMs } = await comeUp(round);
      say(`online in ${upMs.toFixed(0)} ms, a status ${median(lookMs).toFixed(0)} ms`);
      up.push(upMs);
      looks.push(...lookMs);
    }
    return [
      {
        name: `twin: ${SERVERS} servers with ${GROUPS} groups, from off to online`,
        value: median(up) / 1000,
        unit: 's',
        goal: 3,
        ...(await besides(say)),
      },
      {
        name: 'twin: status of that cluster',
        value: median(looks),
        unit: 'ms',
        goal: 50,
        peer: null,
      },
    ];
  },
};
