/**
 * The gate: before a command changes anything, may it? Asked by the program of the command itself,
 * on the server it runs on, so that no way to the command leads around it.
 *
 *   whose          an operation    the server's own record of it says under which authority, and
 *                                  as whom the wire knew the caller
 *                  typed by hand   who is really logged in; windows that the cluster holds name people
 *   which policy   the newest that any server that answers holds: a server that was rebuilt, and
 *                  holds none, opens no hole
 *   in time        a run that is late: what the servers' records of operations show of it
 *   the judge      src/change/judge.ts, the same that `run` asks before its first step
 *
 * A cluster whose servers hold no policy demands nothing. A policy that cannot be believed lets
 * nobody change anything, and says how to mend it: no command is needed to push a better one.
 */
import type { Act, DoneBefore, Judgement } from '../change/types.ts';
import { collectDocuments, collectOperations } from '../cluster/index.ts';
import { sharedConfiguration } from '../config/index.ts';
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import type { Authority } from '../ports/authority.ts';
import type { OperationRecord } from '../ports/commands.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
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
    return sharedConfiguration(text, CONFIG_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

/** What the servers hold, and the time of this one: its host's clock, and not this program's. */
function wireOf(env: Environment) {
  return {
    request: (to: Address, body: Json, timeoutMs: number) => env.request(to, body, timeoutMs),
  };
}

function serversOf({ server: own }: Environment, config: ClusterConfiguration | null) {
  const others = (config?.servers ?? []).map(({ name }) => name).filter((name) => name !== own);
  return [
    { server: own, timeoutMs: OWN_TIMEOUT_MS },
    ...others.map((server) => ({ server, timeoutMs: OTHERS_TIMEOUT_MS })),
  ];
}

async function heldDocuments(env: Environment, config: ClusterConfiguration | null) {
  const { clock, server: own } = env;
  const held = await collectDocuments({
    wire: wireOf(env),
    clock,
    servers: serversOf(env, config),
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

interface Ordered {
  authority: Authority;
  answers: DoneBefore['answers'];
}

/** By the host's own record. */
async function orderedBy(env: Environment, argv: readonly string[]): Promise<Ordered> {
  const { operation, login } = env.caller;
  const nobody = { window: null, run: null, plan: null };
  if (operation === null) {
    return { authority: { who: `${login.real.name}@${env.server}`, ...nobody }, answers: null };
  }
  const to = { server: env.server, part: 'host' as const };
  const body = { do: 'operation', operation };
  const found = (await env.request(to, body, OWN_TIMEOUT_MS)) as unknown as OperationRecord | null;
  if (found?.state === 'running' && JSON.stringify(found.argv) === JSON.stringify(argv)) {
    const authority = found.authority ?? { who: 'nobody who is named', ...nobody };
    return { authority, answers: found.answers ?? null };
  }
  throw new DrydockError(`${env.server} runs no operation ${operation} that is this command`, {
    code: 'gate.operation',
    remedy: 'start it by its name, or with `drydock run`',
  });
}

/** Where there is no configuration to tell. */
function clusterOf(documents: readonly SignedDocument[]): string {
  const policy = documents.filter(({ name }) => name === 'policy').at(-1);
  return policy ? String((JSON.parse(policy.text) as { cluster?: unknown }).cluster) : '';
}

/** Refusals that what was begun in time may lift. */
const LATE = new Set(['window.over', 'window.frozen']);

/** What the servers' records show of the run, and of the one that it takes back. */
async function doneBefore(
  env: Environment,
  config: ClusterConfiguration | null,
  { run, plan }: Authority,
): Promise<DoneBefore[]> {
  const runs = [run, plan?.undoes].filter((one) => typeof one === 'string');
  const servers = serversOf(env, config);
  const world = { wire: wireOf(env), clock: env.clock, servers };
  const found = await Promise.all(runs.map((one) => collectOperations(world, one)));
  return found.flat().map(({ server, record }) => ({
    server,
    argv: record.argv,
    answers: record.answers ?? null,
    startedAt: record.startedAt,
    authority: record.authority ?? null,
    refused: (record.refused ?? null) !== null || record.operation === env.caller.operation,
  }));
}

export async function askGate(env: Environment, name: string, args: string[]): Promise<Judgement> {
  const config = await configurationOf(env);
  const { papers: documents, receipts, now } = await heldDocuments(env, config);
  if (documents.length === 0) return FREE;
  // Only where there is something to judge: a command starts in a tenth of a second.
  const [{ basisOf, judge }, { topologyHash }] = await Promise.all([
    import('../change/judge.ts'),
    import('../change/topology.ts'),
  ]);
  const cluster = config?.uuid ?? clusterOf(documents);
  const { authority, answers } = await orderedBy(env, [name, ...args]);
  const act: Act = {
    cluster,
    topology: config === null ? null : topologyHash(config),
    server: env.server,
    authority,
    command: { name, args, answers },
  };
  const basis = basisOf(documents, cluster, now, { held: receipts, unheldAt: null });
  const judged = judge(act, basis);
  if (judged.allowed || !LATE.has(judged.code) || authority.run === null) return judged;
  return judge({ ...act, done: await doneBefore(env, config, authority) }, basis);
}
