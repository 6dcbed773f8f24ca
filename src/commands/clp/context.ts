/**
 * What every clp* command starts from: the configuration that lies on its server, names checked
 * against it, and requests to the parts of the servers.
 *
 * Exit codes (our choice; only "success is 0" is documented): 1 failed or refused by the cluster,
 * 2 wrong usage or unknown names, with nothing done.
 */
import { collectStatus, soundAnswer } from '../../cluster/index.ts';
import { mirrorsOf, sharedConfiguration } from '../../config/index.ts';
import { badInput, DrydockError, describeError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { hint } from '../../core/nearest.ts';
import type { PartName } from '../../core/part.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { AgentRequest, DaemonRequest, HostRequest } from '../../ports/protocol.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type {
  ClusterConfiguration,
  ConfiguredGroup,
} from '../../schema/generated/cluster-configuration.ts';
import type { Status } from '../../schema/generated/status.ts';
import {
  type Command,
  done,
  type Environment,
  failed,
  LOOKS,
  type Report,
  type Traits,
  traitsFrom,
} from '../environment.ts';
import { type Given, type Options, parseOptions } from './options.ts';

/** Groups with slow scripts take their time; a script's own limit is 30 minutes by default. */
export const GROUP_TIMEOUT_MS = 3_600_000;
export const SHORT_TIMEOUT_MS = 5000;

export interface Context {
  env: Environment;
  config: ClusterConfiguration;
  /** The server that the command runs on. */
  local: string;
}

interface Parts {
  host: HostRequest;
  daemon: DaemonRequest;
  agent: AgentRequest;
}

/** A request to a part of a server; rejects with WireError or RemoteError. */
export function request<P extends keyof Parts>(
  env: Environment,
  server: string,
  part: P,
  body: Parts[P],
  timeoutMs: number = SHORT_TIMEOUT_MS,
): Promise<Json> {
  const to = { server, part: part as PartName };
  const asked = body as unknown as Json;
  return env.request(to, asked, timeoutMs).then((answer) => soundAnswer(to, asked, answer));
}

export function statusOf(context: Context): Promise<Status> {
  const { env, config } = context;
  const wire = {
    server: env.server,
    request: (to: Parameters<Environment['request']>[0], body: Json, timeoutMs: number) =>
      env.request(to, body, timeoutMs),
  };
  return collectStatus(wire, config, env.clock);
}

/** Throws where it is unknown. */
export function named(what: string, name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  throw badInput(`unknown ${what} ${name}`, { code: `${what}.unknown`, remedy: hint(name, known) });
}

const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name);

export function serverNamed({ config }: Context, name: string): string {
  return named('server', name, namesOf(config.servers));
}

export function groupNamed({ config }: Context, name: string): ConfiguredGroup {
  named('group', name, namesOf(config.groups));
  return config.groups.find((group) => group.name === name) as ConfiguredGroup;
}

export function resourceNamed({ config }: Context, name: string): string {
  return named('resource', name, namesOf(config.resources));
}

export function monitorNamed({ config }: Context, name: string): string {
  return named('monitor', name, namesOf(config.monitors));
}

export function mirrorNamed({ config }: Context, name: string): string {
  return named('mirror', name, namesOf(mirrorsOf(config)));
}

/** The server after `-h`, else the one that the command runs on. */
export function targetOf(context: Context, given: Given, key = 'host'): string {
  const name = given.value(key);
  return name === undefined ? context.local : serverNamed(context, name);
}

export function refused(message: string, remedy?: string): DrydockError {
  const details = { code: 'command.refused', ...(remedy === undefined ? {} : { remedy }) };
  return new DrydockError(message, details);
}

/** Why a request failed, on one line. Throws what is no failure of a request. */
export function wordsOf(error: unknown): string {
  const isKnown =
    error instanceof RemoteError || error instanceof WireError || error instanceof DrydockError;
  if (!isKnown) throw error;
  return describeError(error).replaceAll(/\s*\n\s*/g, ' ');
}

export async function readConfiguration(env: Environment): Promise<ClusterConfiguration> {
  const text = await env.files.read(CONFIG_PATH);
  if (text !== null) return sharedConfiguration(text, CONFIG_PATH);
  throw refused(
    `${env.server} has no cluster configuration`,
    'distribute one with clpcfctrl --push',
  );
}

/** Which options were named. */
export type Named = Pick<Given, 'has'>;

interface Definition {
  name: string;
  summary: string;
  usage: string[];
  options: Options;
  traits: Partial<Traits> | ((given: Named) => Partial<Traits>);
  /** Its arguments are words, also those that begin with a dash; alone --help is what it is. */
  isVerbatim?: boolean;
}

function read({ options, isVerbatim }: Definition, args: readonly string[]): Given {
  const isHelp = args.length === 1 && args[0] === '--help';
  if (!isVerbatim || isHelp) return parseOptions({ ...options, ...HELP }, args);
  return { ...parseOptions({}, []), rest: [...args] };
}

function reportOf(name: string, error: unknown): Report {
  const isUsage = error instanceof DrydockError && error.exit === 2;
  return failed(`${name}: ${wordsOf(error)}`, isUsage ? 2 : 1);
}

const HELP = { help: { names: ['--help'] } };

/** For `traits`: this command only looks; this one always acts. */
export const LOOKS_ONLY = { changes: false };
export const ACTS = { changes: true };
/** For `traits`: it acts unless it was asked for one of these. */
export function actsUnless(...keys: string[]): Definition['traits'] {
  return (given) => ({ changes: !keys.some((key) => given.has(key)) });
}

/** Arguments that cannot be read may change anything, and do what their words name. */
function traitsOf(definition: Definition, args: readonly string[]): Traits {
  const { options, traits } = definition;
  const said = (given: Named) => (typeof traits === 'function' ? traits(given) : traits);
  try {
    const given = read(definition, args);
    return given.has('help') ? LOOKS : traitsFrom(said(given));
  } catch {
    const has = (key: string) => options[key]?.names.some((name) => args.includes(name)) ?? false;
    return traitsFrom({ ...said({ has }), changes: traits !== LOOKS_ONLY });
  }
}

/** A command whose arguments are parsed, but which needs no configuration. */
export function defineBare(
  definition: Definition,
  run: (env: Environment, given: Given) => Promise<Report>,
): Command {
  const { name, summary, usage } = definition;
  return {
    name,
    kind: 'clp',
    summary,
    usage,
    traits: (args) => traitsOf(definition, args),
    run: async (env, args) => {
      try {
        const given = read(definition, args);
        if (given.has('help')) return done(`${[summary, ...usage].join('\n')}\n`);
        return await run(env, given);
      } catch (error) {
        return reportOf(name, error);
      }
    },
  };
}

/** A command on a configured server. */
export function defineCommand(
  definition: Definition,
  run: (context: Context, given: Given) => Promise<Report>,
): Command {
  return defineBare(definition, async (env, given) => {
    const config = await readConfiguration(env);
    return run({ env, config, local: env.server }, given);
  });
}

export const SUCCEEDED = 'Command succeeded.\n';
