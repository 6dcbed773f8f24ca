/**
 * The scripts that a configuration names go with it, below `scripts` beside clp.conf: a backup takes
 * those that lie on the server, and whoever distributes it hands out those that lie there. So a new
 * machine gets them back with its configuration (v3 11.6, x5 2.15). Choices: the folder's name is that
 * of the product's own; scripts that are not beside the file stay as they are on each server.
 */
import { namedScripts, parseClusterConfiguration } from '../../config/index.ts';
import { DrydockError } from '../../core/errors.ts';
import { CONFIG_PATH, SCRIPTS_PATH } from '../../core/paths.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Environment } from '../environment.ts';
import { refused, request } from './context.ts';
import { onEach } from './each.ts';

export type ReadFile = (name: string) => Promise<string | null>;

async function scriptsIn(
  config: ClusterConfiguration,
  read: (path: string) => Promise<string | null>,
): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [];
  for (const { path } of namedScripts(config)) {
    const text = await read(path);
    if (text !== null) found.push([path, text]);
  }
  return found;
}

/** A backup is taken of a file that nothing can be read from, too. */
function configurationIn(text: string): ClusterConfiguration | null {
  try {
    return parseClusterConfiguration(text, CONFIG_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

/** Of this server, with the configuration `text`: name beside clp.conf → text. */
export async function scriptsHere(
  { files }: Environment,
  text: string,
): Promise<Record<string, string>> {
  const config = configurationIn(text);
  if (config === null) return {};
  const found = await scriptsIn(config, (path) => files.read(`${SCRIPTS_PATH}/${path}`));
  return Object.fromEntries(found.map(([path, text]) => [`scripts/${path}`, text]));
}

/** Before the configuration, which decides: a server that does not take them keeps it from all. */
export async function distributeScripts(
  env: Environment,
  servers: string[],
  { config, read, isForced }: { config: ClusterConfiguration; read: ReadFile; isForced: boolean },
): Promise<void> {
  const scripts = await scriptsIn(config, (path) => read(`scripts/${path}`));
  if (scripts.length === 0) return;
  const outcomes = await onEach(servers, async (server) => {
    for (const [path, text] of scripts) {
      const write = { do: 'files', op: 'write', path: `${SCRIPTS_PATH}/${path}`, text } as const;
      await request(env, server, 'host', write);
    }
    return null;
  });
  const missed = outcomes.find(({ failure }) => failure !== null);
  if (missed === undefined || isForced) return;
  throw refused(
    `cannot write scripts on ${missed.server}: ${missed.failure}`,
    'the configuration was not distributed',
  );
}
