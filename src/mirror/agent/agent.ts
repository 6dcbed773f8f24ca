/**
 * The mirror agent of one server: a copy of every mirror disk of the configuration, the
 * connections to the other server's copies, and the requests of part `agent`.
 *
 * File-based for now: what it needs of the world is a BlockStore for each partition
 * (src/ports/devices.ts), Links to the other agent and requests (src/ports/wire.ts), a clock and
 * chance. States and edges are machines/mirror.machine.ts; who is newer is generations.ts.
 *
 * v3 10.8, 10.9, 11.10, 12.1 (mdagent), 12.2; ARCHITECTURE.
 */
import { HeldView } from '../../core/held-view.ts';
import { failureOf } from '../../messages/index.ts';
import type { Clock } from '../../ports/clock.ts';
import { DeviceError } from '../../ports/devices.ts';
import type { Edition } from '../../ports/edition.ts';
import type { AgentView } from '../../ports/views.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import { sayGoodbye } from '../copy/backup.ts';
import { failDisk } from '../copy/failure.ts';
import { heedOtherDisk, openCopy } from '../copy/restoration.ts';
import { learnSerial } from '../copy/serial.ts';
import { MirrorDisk } from '../disk.ts';
import { Life } from '../life.ts';
import { deactivate } from '../pair/activation.ts';
import { seekAnswer } from '../pair/inquiry.ts';
import { sayEnding } from '../pair/peer-power.ts';
import type { MirrorPorts } from '../ports.ts';
import { refused } from '../refused.ts';
import { SAMPLING_MS, type Sampling } from '../statistics/sampling.ts';
import { flushMirror } from '../writes/flush.ts';
import { openHistory } from '../writes/history.ts';
import { readMirror, writeMirror } from '../writes/replicate.ts';
import { Caller } from './caller.ts';
import { Effects } from './effects.ts';
import { mirrorParameters } from './parameters.ts';
import { answerRequest } from './requests.ts';
import { viewOf } from './view.ts';

export interface MirrorAgentPorts extends MirrorPorts {
  config: ClusterConfiguration;
  /** Of what it answers to `status`. */
  edition: Edition;
}

/** A recovery is shown with the time that it took and takes. */
function isTimeless({ mirrors }: AgentView): boolean {
  return Object.values(mirrors).every(({ recovery }) => recovery === null);
}

export class MirrorAgent {
  readonly disks: readonly MirrorDisk[];
  readonly #ports: MirrorAgentPorts;
  readonly #clock: Clock;
  readonly #life = new Life();
  readonly #caller: Caller;
  readonly #held: HeldView<AgentView>;
  readonly #unserve: (() => void)[] = [];
  readonly #timers = new Set<() => void>();

  constructor(ports: MirrorAgentPorts) {
    const { edition } = ports;
    const held = new HeldView({ view: () => this.view(), lasts: isTimeless, edition });
    this.#held = held;
    this.#ports = ports;
    this.#clock = ports.clock;
    const life = this.#life;
    const effects = new Effects(() => this.#caller);
    this.disks = mirrorParameters(ports.config, ports.server).map((p) => {
      const samples = ports.config.mirrorStatistics === true;
      const carryOut: Effects['carryOut'] = (disk, effect) => effects.carryOut(disk, effect);
      const changed = () => held.pass();
      return new MirrorDisk({ p, ports, life, samples, carryOut, changed });
    });
    const later = (ms: number, fn: () => void): void => this.#later(ms, fn);
    this.#caller = new Caller({ disks: this.disks, clock: ports.clock, life, later });
  }

  /**
   * Reads the copies and serves. A disk that cannot be read leaves its mirror GRAY; the agent
   * starts all the same, so that the disk can be replaced (v3 6.7).
   */
  async start(): Promise<void> {
    for (const disk of this.disks) await this.#open(disk);
    if (this.#life.isOver) return;
    const { wire } = this.#ports;
    this.#unserve.push(
      wire.serve('agent', (_from, body) =>
        answerRequest(this.disks, () => this.#held.answer(), body),
      ),
      wire.listen((link) => void this.#caller.welcome(link)),
    );
    this.disks[0]?.log('agentStarted');
    for (const disk of this.disks) {
      this.#caller.call(disk);
      void seekAnswer(disk).catch((error: unknown) => disk.note(error));
    }
  }

  async #open(disk: MirrorDisk): Promise<void> {
    if (disk.sampling) this.#keepSampling(disk, disk.sampling);
    const note = (error: unknown): void => disk.note(error);
    await openCopy(disk).catch((error: unknown) => {
      disk.pair.tell({ type: 'partition.failed' });
      disk.note(error);
    });
    await openHistory(disk).catch(note);
    await learnSerial(disk);
    await heedOtherDisk(disk).catch(note);
  }

  /** As killed: no call to any port follows. */
  stop(): void {
    this.#life.end();
    for (const undo of this.#unserve.splice(0)) undo();
    for (const cancel of this.#timers) cancel();
    for (const disk of this.disks) disk.kill();
  }

  /**
   * In order: mirrors are deactivated, the other side hears that this one stops and counts as the
   * latest from then on. Rejects with RemoteError `mirror.umount`; the agent then runs on.
   */
  async close(): Promise<void> {
    this.#life.beginEnding();
    try {
      for (const disk of this.disks) await this.#orFailed(disk, () => deactivate(disk));
      for (const disk of this.disks) {
        await sayEnding(disk);
        await this.#orFailed(disk, () => sayGoodbye(disk));
      }
    } catch (error) {
      this.#life.goOn();
      throw error;
    }
    // Before `stop`: what a stopped agent begins on its devices never ends.
    for (const { copy } of this.disks) {
      if (copy.isOpen) await copy.outOfSync.commit().catch(() => {});
    }
    this.disks[0]?.log('agentStopped');
    this.stop();
    for (const disk of this.disks) await disk.copy.close();
  }

  view(): AgentView {
    const mirrors = this.disks.map((disk) => [disk.p.name, viewOf(disk)] as const);
    const { server } = this.#ports;
    return { server, now: this.#clock.now(), mirrors: Object.fromEntries(mirrors) };
  }

  /** Reads of the active copy, without base64; see readMirror. Offsets and lengths in bytes. */
  async read(mirror: string, offset: number, length: number): Promise<Uint8Array> {
    return await readMirror(this.#disk(mirror), offset, length);
  }

  /** Resolves when the write is acknowledged; see writeMirror. */
  async write(mirror: string, offset: number, data: Uint8Array, durable = true): Promise<void> {
    await writeMirror(this.#disk(mirror), offset, data, durable);
  }

  /** Resolves when every write acknowledged before is durable on both copies; see flushMirror. */
  async flush(mirror: string): Promise<void> {
    await flushMirror(this.#disk(mirror));
  }

  #disk(mirror: string): MirrorDisk {
    const disk = this.disks.find(({ p }) => p.name === mirror);
    if (!disk) throw refused(failureOf('md.notInConfig', mirror).text, 'mirror.unknown');
    return disk;
  }

  #keepSampling(disk: MirrorDisk, sampling: Sampling): void {
    this.#later(SAMPLING_MS, () => {
      sampling.take().catch((error: unknown) => disk.note(error));
      this.#keepSampling(disk, sampling);
    });
  }

  /** A disk that fails while the agent stops does not keep it from stopping. */
  async #orFailed(disk: MirrorDisk, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DeviceError) && !disk.pair.now.isFailed) throw error;
      await failDisk(disk, error);
    }
  }

  #later(ms: number, fn: () => void): void {
    const cancel = this.#clock.at(this.#clock.now() + ms, () => {
      this.#timers.delete(cancel);
      if (!this.#life.isOver) fn();
    });
    this.#timers.add(cancel);
  }
}
