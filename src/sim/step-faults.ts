/**
 * Faults for a rehearsal: what may go wrong at a step, done to a twin.
 *
 *     kill             the runner dies between acting and recording, and is resumed
 *     cut-mirror       every mirror disk connect is cut as the step begins
 *     fail-disk@S      the disk of S that holds a mirror fails as the step begins
 *     kill-server@S    S loses its power as the step begins
 */
import { mirrorsOf } from '../config/index.ts';
import { diskOf } from '../core/device-names.ts';
import { badInput } from '../core/errors.ts';
import { hint } from '../core/nearest.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Twin } from './twin.ts';

export interface StepFault {
  step: string;
  kind: 'kill' | 'cut-mirror' | 'fail-disk' | 'kill-server';
  /** The server it strikes; null for the runner and the cables. */
  server: string | null;
}

const KINDS: StepFault['kind'][] = ['kill', 'cut-mirror', 'fail-disk', 'kill-server'];

/** `fail-disk@server2` */
export function faultName({ kind, server }: Pick<StepFault, 'kind' | 'server'>): string {
  return server === null ? kind : `${kind}@${server}`;
}

function netsOf(config: ClusterConfiguration): string[] {
  const ids = config.servers.flatMap(({ devices }) =>
    devices.filter(({ kind }) => kind === 'mdc').map(({ id }) => `mdc${id}`),
  );
  return [...new Set(ids)];
}

/** Whole disks that mirrors lie on. */
function disksOf(config: ClusterConfiguration): string[] {
  const parts = mirrorsOf(config).map(({ parameters }) => String(parameters['diskdev/dppath']));
  return [...new Set(parts.map((part) => diskOf(part)))];
}

/** Every fault that this cluster can have at a step. */
export function faultsFor(config: ClusterConfiguration): Omit<StepFault, 'step'>[] {
  const servers = config.servers.map(({ name }) => name);
  const onServers = (kind: StepFault['kind']) => servers.map((server) => ({ kind, server }));
  return [
    { kind: 'kill', server: null },
    ...(netsOf(config).length > 0 ? [{ kind: 'cut-mirror' as const, server: null }] : []),
    ...(disksOf(config).length > 0 ? onServers('fail-disk') : []),
    ...onServers('kill-server'),
  ];
}

/** `sweep`: every fault at every step. `STEP:KIND` or `STEP:KIND@SERVER`: that one. */
export function readFaults(
  text: string,
  steps: readonly string[],
  config: ClusterConfiguration,
): StepFault[] {
  const possible = faultsFor(config);
  if (text === 'none') return [];
  if (text === 'sweep') return steps.flatMap((step) => possible.map((one) => ({ step, ...one })));
  const cut = text.lastIndexOf(':');
  const step = text.slice(0, Math.max(0, cut));
  const wanted = text.slice(cut + 1);
  if (cut < 1 || !steps.includes(step)) {
    throw badInput(`--faults ${text}: the plan has no step '${step || text}'`, {
      code: 'step.unknown',
      remedy: cut < 1 ? `${hint(text, ['none', 'sweep'])}; or STEP:KIND` : hint(step, steps),
    });
  }
  const fitting = possible.filter((one) => one.kind === wanted || faultName(one) === wanted);
  if (fitting.length > 0) return fitting.map((one) => ({ step, ...one }));
  const names = [...new Set([...KINDS, ...possible.map(faultName)])];
  throw badInput(`--faults ${text}: there is no fault '${wanted}' here`, {
    code: 'fault.unknown',
    remedy: hint(wanted, names),
  });
}

/** Does it to the twin; `kill` is the runner's own and does nothing here. */
export async function strike(twin: Twin, fault: StepFault): Promise<void> {
  const { config, faults } = twin;
  if (fault.kind === 'cut-mirror') {
    const [first, ...others] = config.servers.map(({ name }) => name);
    for (const net of netsOf(config)) {
      for (const other of others) faults.cut(net, first as string, other);
    }
  }
  if (fault.server === null) return;
  if (fault.kind === 'kill-server') await faults.killServer(fault.server);
  if (fault.kind === 'fail-disk') {
    for (const disk of disksOf(config)) await faults.failDisk(fault.server, disk);
  }
}
