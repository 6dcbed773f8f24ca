/** A lab for tests: built programs, a folder of its own, and waiting for states instead of time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPrograms } from '../../scripts/build.ts';
import { findByEnvironment } from '../../src/adapters/process-table.ts';
import { type Lab, labUp } from '../../src/lab/lab.ts';
import { sleep } from '../../src/ports/clock.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';

const LIMIT_MS = 40_000;
const LOOK_EVERY_MS = 20;

type Fixture = 'v3le' | 'x5mirror' | 'x5shared' | 'x5hybrid';

export function fixture(name: Fixture): string {
  const path = new URL(`../../fixtures/clusters/${name}.clp.conf`, import.meta.url);
  return readFileSync(fileURLToPath(path), 'utf8');
}

/** A fresh place for labs, and how to leave nothing of it. */
export function makePlace(): { folder: string; lab: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-lab-'));
  return {
    folder,
    lab: join(folder, 'lab'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function startLab(
  folder: string,
  name: Fixture,
  options: { autoRecovery?: boolean } = {},
): Promise<Lab> {
  return startLabOf(folder, fixture(name), options);
}

export async function startLabOf(
  folder: string,
  configText: string,
  options: { autoRecovery?: boolean } = {},
): Promise<Lab> {
  await buildPrograms();
  return labUp({ folder, configText, dataBytes: 4 * 1024 * 1024, ...options });
}

/**
 * Looks at the status until it is so; rejects with what was seen last. Between two looks a busy
 * machine can take a cluster through several states: wait for one that stays until the test itself
 * changes it.
 */
export async function untilStatus(
  lab: Lab,
  what: string,
  isSo: (status: Status) => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<Status> {
  const until = lab.clock.now() + limitMs;
  for (;;) {
    const status = viewOf(await lab.status());
    if (await isSo(status)) return status;
    if (lab.clock.now() > until) throw new Error(`never seen: ${what}\n${summary(status)}`);
    await sleep(lab.clock, LOOK_EVERY_MS);
  }
}

/**
 * As a person who switches on what is off until it is so, again and again: a forced stop may come
 * after somebody did so. None of these acts is still under way when it resolves or rejects.
 */
export function untilSwitchedOn(
  lab: Lab,
  what: string,
  isSo: (status: Status) => boolean,
  servers: readonly string[] = lab.servers,
): Promise<Status> {
  return untilStatus(lab, what, async (status) => {
    for (const server of servers) {
      const isOff = status.servers[server]?.power === 'off';
      if (isOff) await lab.fault({ kind: 'powerOn', server });
    }
    return isSo(status);
  });
}

/** A cluster in a few lines, without what differs from run to run. */
export function summary(status: Status): string {
  const servers = Object.values(status.servers).map(
    ({ name, power, node, state }) => `${name}: power ${power}, ${node}, ${state}`,
  );
  const groups = Object.values(status.groups).map(
    ({ name, state, activeOn }) => `${name}: ${state} on ${activeOn?.join(' and ') || 'none'}`,
  );
  const mirrors = Object.values(status.mirrors).map(({ name, state, servers: sides }) => {
    const colors = Object.entries(sides).map(([server, side]) => `${server} ${side.color}`);
    return `${name}: ${state}, ${colors.join(', ')}`;
  });
  return [...servers, ...groups, ...mirrors].join('\n');
}

/** Processes of this machine that belong to a lab in that folder. */
export function processesIn(folder: string): number[] {
  return findByEnvironment({ DRYDOCK_LAB_FOLDER: folder }).map((mark) => mark.pid);
}
