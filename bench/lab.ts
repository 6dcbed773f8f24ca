/** A lab for a benchmark: up, used, down, whatever happens. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findByEnvironment } from '../src/adapters/process-table.ts';
import { parseClusterConfiguration, writeClusterConfiguration } from '../src/config/index.ts';
import { type Lab, labDown, labUp } from '../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../src/runbook/language/expressions/expresscluster.ts';
import type { ClusterConfiguration } from '../src/schema/generated/cluster-configuration.ts';
import type { Status } from '../src/schema/generated/status-1.ts';

const LOOK_EVERY_MS = 20;
const LOG_LINES = 60;

export interface LabWish {
  /** A clp.conf of its own, or a fixture with what is changed in it. */
  configText?: string;
  fixture?: 'v3le' | 'x5mirror';
  change?: (config: ClusterConfiguration) => ClusterConfiguration;
  dataBytes?: number;
  autoRecovery?: boolean;
}

export function fixtureText(fixture: string, change = (config: ClusterConfiguration) => config) {
  const file = new URL(`../fixtures/clusters/${fixture}.clp.conf`, import.meta.url);
  const text = readFileSync(file, 'utf8');
  return writeClusterConfiguration(change(parseClusterConfiguration(text, file.pathname)), text);
}

export async function withLab<T>(wish: LabWish, use: (lab: Lab) => Promise<T>): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  const folder = join(parent, 'lab');
  const { dataBytes, autoRecovery } = wish;
  const takeDown = async () => {
    await labDown(folder);
    const left = findByEnvironment({ DRYDOCK_LAB_FOLDER: folder });
    rmSync(parent, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`the lab left processes: ${JSON.stringify(left)}`);
  };
  let result: T;
  try {
    const lab = await labUp({
      folder,
      configText: wish.configText ?? fixtureText(wish.fixture ?? 'x5mirror', wish.change),
      ...(dataBytes === undefined ? {} : { dataBytes }),
      ...(autoRecovery === undefined ? {} : { autoRecovery }),
    });
    result = await use(lab).finally(() => lab.close());
  } catch (error) {
    await takeDown().catch(() => undefined);
    throw error;
  }
  await takeDown();
  return result;
}

/** Looks until it holds; after a minute it throws with what was seen last and the servers' logs. */
export async function until(
  lab: Lab,
  what: string,
  holds: (status: Status) => boolean | Promise<boolean>,
) {
  const limit = performance.now() + 60_000;
  for (;;) {
    const status = viewOf(await lab.status());
    if (await holds(status)) return status;
    if (performance.now() > limit) {
      throw new Error(`not within a minute: ${what}\n${inWords(status)}\n${logs(lab.folder)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** A cluster in a few lines. */
export function inWords({ servers, groups, mirrors }: Status): string {
  const sides = (mirror: Status['mirrors'][string]) =>
    Object.entries(mirror.servers).map(
      ([server, side]) =>
        `${server} ${side.color}${side.active ? ' active' : ''}${side.latest ? ' latest' : ''}` +
        `${side.connected ? ' connected' : ''}${side.diskError ? ' disk error' : ''}` +
        `${side.autoRecoveryHeld ? ' held' : ''} ${side.generation}`,
    );
  return [
    ...Object.values(servers).map((one) => `${one.name}: ${one.power} ${one.node} ${one.state}`),
    ...Object.values(groups).map((one) => `${one.name}: ${one.state} on ${one.activeOn}`),
    ...Object.values(mirrors).map((one) => `${one.name}: ${one.state}, ${sides(one).join(', ')}`),
  ].join('\n');
}

/** The newest lines of every log below the lab's folder. */
export function logs(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.log'))
    .map((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
      return [`-- ${file}`, ...lines.slice(-LOG_LINES)].join('\n');
    })
    .join('\n');
}

/** Heartbeat timeout of one second. */
export function quick(config: ClusterConfiguration): ClusterConfiguration {
  return { ...config, heartbeat: { intervalMs: 200, timeoutMs: 1000 } };
}
