/**
 * Devices that the heartbeats go over: what the host finds wrong with one as the daemon starts, and
 * that it is well again once somebody is heard over it (x5: diskhb 10 to 20, comhb 1, bmchb 10, nm 35).
 */

import { carriersOf } from '../../config/index.ts';
import type { Json } from '../../core/json.ts';
import type { MessageKey } from '../../messages/index.ts';
import type { FactOf } from '../facts.ts';
import { sayIfKnown } from '../messages.ts';
import { patch, type Turn } from '../turn.ts';

type Fault = 'missing' | 'notBlock' | 'fileSystem' | 'failed';

/** By the kind of device; each is given the device and the resource, `well` the resource alone. */
const words: Record<string, Partial<Record<Fault | 'well', MessageKey<'x5'>>>> = {
  disk: {
    missing: 'diskhbMissing',
    notBlock: 'diskhbNotBlock',
    fileSystem: 'diskhbFileSystem',
    well: 'diskhbRecovered',
  },
  com: { missing: 'comhbMissing' },
  bmc: { missing: 'bmchbNotInitialised' },
};

const isFault = (value: unknown): value is Fault =>
  value === 'missing' || value === 'notBlock' || value === 'fileSystem' || value === 'failed';

/** The host's answer, as the daemon told it what it read in its configuration. */
export function onCarriersLooked(turn: Turn, body: Json): void {
  const { config, server } = turn.state;
  const found = (body as { carriers?: Record<string, unknown> } | null)?.carriers ?? {};
  const bad = carriersOf(config, server).filter(({ resource }) => isFault(found[resource]));
  for (const { resource, kind, path } of bad) {
    const key = words[kind]?.[found[resource] as Fault];
    if (key && config.heartbeats.some(({ name }) => name === resource)) {
      sayIfKnown(turn, key, path, resource);
    }
    // A mirror has no resource that starts with the daemon; what it says of its connect is its own.
    if (kind !== 'mdc') sayIfKnown(turn, 'resourceNotStarted', resource, server);
  }
  patch(turn, { badCarriers: bad.map(({ resource }) => resource) });
}

export function onBeatUp(turn: Turn, { resource }: FactOf<'beat.up'>): void {
  const { badCarriers, config, server, born } = turn.state;
  // What was on its way as the device was found to be bad tells nothing of it.
  const isEarly = turn.now - born < config.heartbeat.timeoutMs;
  if (isEarly || !badCarriers.includes(resource)) return;
  patch(turn, { badCarriers: badCarriers.filter((name) => name !== resource) });
  const { kind = '' } = carriersOf(config, server).find((one) => one.resource === resource) ?? {};
  const key = words[kind]?.well;
  if (key) sayIfKnown(turn, key, resource);
}
