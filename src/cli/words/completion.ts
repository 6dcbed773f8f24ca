/**
 * Names that the shell can complete: runbooks, runs, clusters and cluster commands. Only file names
 * and the record are looked at: nothing on a cluster is asked while someone types.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inventoryFolder, stateFolder } from '../context.ts';
import { CLUSTER_WORDS } from '../verbs/cluster.ts';
import { WINDOW_WORDS } from '../verbs/window-options.ts';

const ENDING = '.runbook.yaml';

async function runbookIds(): Promise<string[]> {
  const { packageRoot } = await import('../../runbook/language/package-root.ts');
  const folder = join(packageRoot(), 'runbooks');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(name.lastIndexOf('/') + 1, -ENDING.length));
}

async function runIds(env: NodeJS.ProcessEnv): Promise<string[]> {
  const file = join(stateFolder(env, homedir()), 'journal.sqlite');
  if (!existsSync(file)) return [];
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT DISTINCT run FROM entries WHERE run IS NOT NULL').all();
  database.close();
  return rows.map(({ run }) => String(run));
}

async function commandNames(): Promise<string[]> {
  const { commands } = await import('../../commands/index.ts');
  return [...commands.values()].filter(({ kind }) => kind === 'clp').map(({ name }) => name);
}

async function clusterNames(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { inventoryNames } = await import('../cluster/cluster.ts');
  const { kinds } = await import('../cluster/kinds.ts');
  const inventory = inventoryNames({ inventory: inventoryFolder(env, homedir()) });
  const own = kinds.flatMap((kind) => kind.own(stateFolder(env, homedir())));
  return [...new Set([...inventory, ...own.map(({ name }) => name)])];
}

const WORDS: Record<string, string[]> = {
  lab: ['up', 'down', 'status', 'exec', 'path', 'fault', 'io', 'medium'],
  audit: ['verify', 'show', 'export', 'checkpoint', 'anchor', 'collect', 'begin'],
  window: [...WINDOW_WORDS],
  cluster: [...CLUSTER_WORDS],
};

/** What may stand where the cursor is, by the verb before it; null: the parser's own suggestions. */
export async function namesFor(words: readonly string[], env: NodeJS.ProcessEnv) {
  const [verb, ...rest] = words.filter((word) => !word.startsWith('-'));
  if (verb === 'cluster' && rest[0] === 'check') return clusterNames(env);
  if (rest.length > 1) return null;
  if (['show', 'run', 'rehearse', 'preflight'].includes(verb ?? '')) return runbookIds();
  if (['resume', 'run-log', 'abort'].includes(verb ?? '')) return runIds(env);
  return verb === 'clp' ? commandNames() : (WORDS[verb ?? ''] ?? null);
}
