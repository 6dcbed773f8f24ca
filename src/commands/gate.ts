/**
 * The gate: before a command changes anything, may it? Asked by the program of the command itself,
 * on the server it runs on, so that no way to the command leads around it.
 *
 *   whose          an operation    the server's own record of it says under which authority
 *                  typed by hand   who is really logged in; windows that the cluster holds name people
 *   which policy   the newest that any server that answers holds: a server that was rebuilt, and
 *                  holds none, opens no hole
 *   the judge      src/change/judge.ts, the same that `run` asks before its first step
 *
 * A cluster whose servers hold no policy demands nothing. A policy that cannot be believed lets
 * nobody change anything, and says how to mend it: no command is needed to push a better one.
 */
import type { Act, Judgement } from '../change/types.ts';
import { collectPapers } from '../cluster/index.ts';
import { parseClusterConfiguration } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import type { Authority } from '../ports/authority.ts';
import type { OperationRecord } from '../ports/cluster.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Paper } from '../schema/generated/paper.ts';
import type { Environment } from './environment.ts';

const OWN_TIMEOUT_MS = 10_000;
/** For servers that neither answer nor are known to be off. */
const OTHERS_TIMEOUT_MS = 2_000;

const FREE: Judgement = {
  allowed: true,
  window: null,
  emergency: false,
  why: 'the servers hold no policy',
};

/** The configuration on this server; null where there is none, or none that can be read. */
async function configurationOf(env: Environment): Promise<ClusterConfiguration | null> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) return null;
  try {
    return parseClusterConfiguration(text, CONFIG_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

/** What the servers hold, and the time of this one: its host's clock, and not this program's. */
async function heldPapers(env: Environment, config: ClusterConfiguration | null) {
  const { clock, server: own } = env;
  const wire = {
    request: (to: Address, body: Json, timeoutMs: number) => env.request(to, body, timeoutMs),
  };
  const others = (config?.servers ?? []).map(({ name }) => name).filter((name) => name !== own);
  const held = await collectPapers({
    wire,
    clock,
    servers: [
      { server: own, timeoutMs: OWN_TIMEOUT_MS },
      ...others.map((server) => ({ server, timeoutMs: OTHERS_TIMEOUT_MS })),
    ],
  });
  const answer = held.servers[own];
  const now = held.clocks[own];
  if (answer && 'policy' in answer && now !== undefined) return { ...held, now };
  throw new DrydockError(
    `${own} cannot tell which policy it holds: ${answer && 'unknown' in answer ? answer.unknown : 'its clock says nothing'}`,
    {
      code: 'gate.silent',
      remedy: 'nothing was done; try again when its host answers',
    },
  );
}

/** The host's own record: what an environment says is only where to look. */
async function authorityOf(env: Environment, argv: readonly string[]): Promise<Authority> {
  const { operation, login } = env.caller;
  const nobody = { window: null, run: null, plan: null };
  if (operation === null) return { who: `${login.real.name}@${env.server}`, ...nobody };
  const to = { server: env.server, part: 'host' as const };
  const body = { do: 'operation', operation };
  const found = (await env.request(to, body, OWN_TIMEOUT_MS)) as unknown as OperationRecord | null;
  if (found?.state === 'running' && JSON.stringify(found.argv) === JSON.stringify(argv)) {
    return found.authority ?? { who: 'nobody who is named', ...nobody };
  }
  throw new DrydockError(`${env.server} runs no operation ${operation} that is this command`, {
    code: 'gate.operation',
    remedy: 'start it by its name, or with `drydock run`',
  });
}

/** Where there is no configuration to tell. */
function clusterOf(papers: readonly Paper[]): string {
  const policy = papers.filter(({ name }) => name === 'policy').at(-1);
  return policy ? String((JSON.parse(policy.text) as { cluster?: unknown }).cluster) : '';
}

export async function askGate(env: Environment, name: string, args: string[]): Promise<Judgement> {
  const config = await configurationOf(env);
  const { papers, receipts, now } = await heldPapers(env, config);
  if (papers.length === 0) return FREE;
  // Only where there is something to judge: a command starts in a tenth of a second.
  const [{ benchOf, judge }, { topologyHash }] = await Promise.all([
    import('../change/judge.ts'),
    import('../change/topology.ts'),
  ]);
  const cluster = config?.uuid ?? clusterOf(papers);
  const act: Act = {
    cluster,
    topology: config === null ? null : topologyHash(config),
    server: env.server,
    authority: await authorityOf(env, [name, ...args]),
    command: { name, args },
  };
  return judge(act, benchOf(papers, cluster, now, { held: receipts, unheldAt: null }));
}
