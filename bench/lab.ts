/** A lab for a benchmark: up, used, down, whatever happens. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClusterConfiguration, writeClusterConfiguration } from '../src/config/index.ts';
import { type Lab, labDown, labUp } from '../src/lab/lab.ts';
import type { ClusterConfiguration } from '../src/schema/generated/cluster-configuration.ts';
import type { Status } from '../src/schema/generated/status.ts';

export interface LabWish {
  fixture: 'v3le' | 'x5mirror';
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
  try {
    const lab = await labUp({
      folder,
      configText: fixtureText(wish.fixture, wish.change),
      ...(dataBytes === undefined ? {} : { dataBytes }),
      ...(autoRecovery === undefined ? {} : { autoRecovery }),
    });
    return await use(lab).finally(() => lab.close());
  } finally {
    await labDown(folder);
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Looks until it holds; throws after a minute. */
export async function until(lab: Lab, what: string, holds: (status: Status) => boolean) {
  const limit = performance.now() + 60_000;
  for (;;) {
    const status = await lab.status();
    if (holds(status)) return status;
    if (performance.now() > limit) throw new Error(`not within a minute: ${what}`);
  }
}

/** Heartbeat timeout of one second. */
export function quick(config: ClusterConfiguration): ClusterConfiguration {
  return { ...config, heartbeat: { intervalMs: 200, timeoutMs: 1000 } };
}
