/**
 * One mirror disk on one server: four owners, each the only writer of what it knows, and one loop.
 *
 *     copy      devices, record with maps, generations     src/mirror/copy
 *     pair      connection, judgement, roles: the chart    src/mirror/pair
 *     writes    ranges, gates, queue, flushes              src/mirror/writes
 *     recovery  the copying, the verify                    src/mirror/recovery
 *
 *     phase   none ──meeting──► idle ──recovery──► recovering ──finish──► inSync
 *              ▲                 │                    │                    │
 *              └──── link lost ──┴────────────────────┴──── break ─► idle ─┘
 *
 * Order of things, everywhere: what changes who counts as the latest is durable before it is acted
 * on (src/mirror/copy/generations.ts says what). Changes of state go one after the other through the
 * loop; writes do not, they pass a gate that is shut while a break is made durable. Nothing within
 * the loop waits for a write.
 */
import type { MirrorEffect } from '../../machines/mirror-events.ts';
import { whyNoAutomaticRecovery } from '../../machines/mirror-readings.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import {
  type ArgumentsOf,
  type MessageKey,
  messageIfKnown,
  messageOf,
  type Said,
} from '../messages/index.ts';
import { RemoteError } from '../ports/wire.ts';
import type { MirrorParameters } from './agent/parameters.ts';
import { Loop } from './coalesce.ts';
import { forever } from './copy/mortal.ts';
import { OwnCopy } from './copy/own-copy.ts';
import { Device } from './device/device.ts';
import type { Life } from './life.ts';
import { Line } from './link/line.ts';
import { Pair } from './pair/pair.ts';
import type { MirrorPorts } from './ports.ts';
import { Recoveries } from './recovery/recoveries.ts';
import { Sampling } from './statistics/sampling.ts';
import { flushRound } from './writes/flush.ts';
import { Writes } from './writes/writes.ts';

export interface MirrorDiskOptions {
  p: MirrorParameters;
  ports: MirrorPorts;
  life: Life;
  /** Mirror statistics are configured. */
  samples: boolean;
  /** Does what the pair's chart wants; not called once the life is over. */
  carryOut: (disk: MirrorDisk, effect: MirrorEffect) => void;
  /**
   * Something that is shown of this disk may have become another one. Each owner says so, at once,
   * of what it alone writes: nothing that comes of it has left the agent by then.
   */
  changed: () => void;
}

export class MirrorDisk {
  readonly p: MirrorParameters;
  readonly ports: MirrorPorts;
  readonly life: Life;
  readonly loop = new Loop();
  readonly copy: OwnCopy;
  readonly pair: Pair;
  readonly writes: Writes;
  readonly recovery: Recoveries;
  readonly line: Line;
  readonly device: Device;
  /** Mirror statistics; null where they are not configured. */
  readonly sampling: Sampling | null;
  readonly #carryOut: MirrorDiskOptions['carryOut'];

  constructor({ p, ports, life, samples, carryOut, changed }: MirrorDiskOptions) {
    this.p = p;
    this.ports = ports;
    this.life = life;
    this.#carryOut = carryOut;
    this.sampling = samples ? new Sampling(this) : null;
    this.line = new Line(p, ports.bulk);
    this.writes = new Writes(life, () => flushRound(this), changed);
    this.recovery = new Recoveries(changed);
    this.device = new Device(changed);
    this.pair = new Pair({
      fencing: p.fencing,
      clock: ports.clock,
      freeze: (isFrozen) => this.writes.freeze(isFrozen),
      carryOut: (effect) => this.want(effect),
      changed,
    });
    this.copy = new OwnCopy({
      p,
      ports,
      life,
      partitionFailed: (how) => {
        if (!p.isGrouped) return;
        this.logIfKnown(
          how === 'read' ? 'hybridPartitionUnread' : 'hybridPartitionUnwritten',
          p.name,
        );
      },
      count: (store) => this.sampling?.count(store) ?? store,
      tell: (event) => this.pair.tell(event),
      changed,
    });
  }

  /** Has that done, as if the chart had asked for it. */
  want(effect: MirrorEffect): void {
    if (!this.life.isOver) this.#carryOut(this, effect);
  }

  /** Raises a message of the catalogue (src/messages/), in the words of the cluster's generation. */
  log<K extends MessageKey>(key: K, ...args: ArgumentsOf<K>): void {
    if (this.life.isOver) return;
    const { clock, server } = this.ports;
    this.ports.log({ at: clock.now(), server, ...messageOf(this.p.manual, key, ...args) });
  }

  /** One that x5 has a message for, and v3 perhaps none: then nothing is said. */
  logIfKnown(key: MessageKey<'x5'>, ...args: Said[]): boolean {
    const message = messageIfKnown(this.p.manual, key, args);
    if (message === null || this.life.isOver) return false;
    const { clock, server } = this.ports;
    this.ports.log({ at: clock.now(), server, ...message });
    return true;
  }

  /** What goes wrong beside whatever was asked for, for the log. */
  note(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.log('mirrorNote', this.p.name, why);
  }

  async ask(part: 'host' | 'daemon', body: Json, timeoutMs = 1000): Promise<Json> {
    return await this.request({ server: this.ports.server, part }, body, timeoutMs);
  }

  /** Wire.request that ends with the agent's life. */
  async request(to: Address, body: Json, timeoutMs: number): Promise<Json> {
    if (this.life.isOver) return await forever<Json>();
    return await this.ports.wire.request(to, body, timeoutMs);
  }

  /** Why no automatic recovery starts from here now, or null (v3 11.10.1). */
  whyNotAutomatic(): string | null {
    const { peer, session, judgement, now } = this.pair;
    const { stored } = this.copy;
    return whyNoAutomaticRecovery({
      configured: this.p.autoRecovery,
      held: now.isStopped || !this.line.synchronises || stored?.autoRecoveryHeld !== null,
      active: now.isActive,
      latest: stored?.latest === true,
      connected: session !== null,
      peerStatusKnown: peer !== null,
      peerDiskError: peer?.diskError ?? false,
      peerActive: peer?.active ?? false,
      peerIsBehind: judgement?.verdict === 'sourceMe',
      differs: now.phase === 'idle',
    });
  }

  /** As killed: nothing happens afterwards, nothing is written. The life is over already. */
  kill(): void {
    this.writes.end(new RemoteError('mirror.stopped', 'the mirror agent stopped'));
    this.pair.end('the mirror agent stopped');
  }
}
