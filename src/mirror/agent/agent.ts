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
import type { Json, JsonObject } from '../../core/json.ts';
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
import { isObject, NOT_CURRENT, refused } from '../refused.ts';
import { SAMPLING_MS, type Sampling } from '../statistics/sampling.ts';
import { flushMirror } from '../writes/flush.ts';
import { openHistory } from '../writes/history.ts';
import { readMirror, writeMirror } from '../writes/replicate.ts';
import { Caller } from './caller.ts';
import { Current, LOOK_MS } from './current.ts';
import { Effects } from './effects.ts';
import { answerKnock, knock } from './knocking.ts';
import { type MirrorParameters, mirrorParameters } from './parameters.ts';
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

/** The host of this server is beside it. */
const NAMING_MS = 2000;

export class MirrorAgent {
  /** The mirrors whose copy is open here: of a hybrid disk only while this server is current. */
  readonly disks: MirrorDisk[];
  /** Hybrid disks, and whether this server is their side's current one. */
  readonly #currents: Current[];
  readonly #effects: Effects;
  readonly #ports: MirrorAgentPorts;
  readonly #clock: Clock;
  readonly #life = new Life();
  readonly #caller: Caller;
  readonly #held: HeldView<AgentView>;
  readonly #unserve: (() => void)[] = [];
  readonly #timers = new Set<() => void>();

  constructor(ports: MirrorAgentPorts) {
    const { edition } = ports;
    const now = () => ports.clock.now();
    const held = new HeldView({ now, view: () => this.view(), lasts: isTimeless, edition });
    this.#held = held;
    this.#ports = ports;
    this.#clock = ports.clock;
    const life = this.#life;
    this.#effects = new Effects(() => this.#caller);
    const all = mirrorParameters(ports.config, ports.server);
    this.disks = all.filter((p) => !p.isGrouped).map((p) => this.#make(p, life));
    const grouped = all.filter((p) => p.isGrouped).map((p) => p.name);
    this.#currents = grouped.map((mirror) => this.#currentOf(mirror));
    const later = (ms: number, fn: () => void): void => this.#later(ms, fn);
    this.#caller = new Caller({ disks: this.disks, clock: ports.clock, life, later });
  }

  /** The host keeps others from the partitions, and mounts the devices. */
  #nameDevices(): void {
    const { config, server, wire } = this.#ports;
    const mirrors = mirrorParameters(config, server).map((p) => ({
      mirror: p.name,
      device: p.device,
      data: p.dataDevice,
      cluster: p.partitionDevice,
      fileSystem: p.fs,
    }));
    const body = { do: 'mirrors', mirrors };
    wire.request({ server, part: 'host' }, body, NAMING_MS).catch(() => undefined);
  }

  /**
   * Reads the copies and serves. A disk that cannot be read leaves its mirror GRAY; the agent
   * starts all the same, so that the disk can be replaced (v3 6.7).
   */
  async start(): Promise<void> {
    this.#nameDevices();
    for (const disk of this.disks) await this.#open(disk);
    if (this.#life.isOver) return;
    const { wire } = this.#ports;
    this.#unserve.push(
      wire.serve('agent', async (_from, body) => {
        if (await this.#heedGroups(body)) return {};
        if (isObject(body) && body.do === 'meet') {
          return await answerKnock(this.disks, this.#caller, body);
        }
        if (isObject(body) && body.do === 'activate') await this.#knock(body);
        return await answerRequest(this.disks, () => this.#held.answer(), body);
      }),
      wire.listen((link) => void this.#caller.welcome(link)),
    );
    this.disks[0]?.log('agentStarted');
    for (const disk of this.disks) this.#begin(disk);
    for (const current of this.#currents) void this.#keepLooking(current);
  }

  #make(p: MirrorParameters, life: Life, ports: MirrorPorts = this.#ports): MirrorDisk {
    const samples = this.#ports.config.mirrorStatistics === true;
    const carryOut: Effects['carryOut'] = (disk, effect) => this.#effects.carryOut(disk, effect);
    const changed = () => this.#held.pass();
    return new MirrorDisk({ p, ports, life, samples, carryOut, changed });
  }

  #begin(disk: MirrorDisk): void {
    this.#caller.call(disk);
    void seekAnswer(disk).catch((error: unknown) => disk.note(error));
  }

  /** Each time that this server becomes current, the copy begins a life of its own. */
  #currentOf(mirror: string): Current {
    const { config, server } = this.#ports;
    const parameters = () => mirrorParameters(config, server).find(({ name }) => name === mirror)!;
    let life = new Life();
    // What another server has reserved cannot be written: that is no disk that fails.
    const onDiskError = (name: string, why: string) => {
      void current.holder().then((holder) => {
        if (holder === server) this.#ports.onDiskError(name, why);
        else current.look().catch(() => undefined);
      });
    };
    const ports = { ...this.#ports, onDiskError };
    const current: Current = new Current({
      p: parameters(),
      ports: this.#ports,
      opened: async () => {
        life = new Life();
        const disk = this.#make(parameters(), life, ports);
        await this.#open(disk);
        if (this.#life.isOver) return true;
        this.disks.push(disk);
        this.#held.pass();
        disk.log('agentStarted');
        this.#begin(disk);
        return disk.copy.isOpen;
      },
      closed: async () => {
        life.end();
        const at = this.disks.findIndex(({ p }) => p.name === mirror);
        const [disk] = at < 0 ? [] : this.disks.splice(at, 1);
        this.#held.pass();
        disk?.kill();
        await disk?.copy.close();
      },
    });
    return current;
  }

  async #keepLooking(current: Current): Promise<void> {
    if (this.#life.isEnding) return;
    await current.look().catch(() => undefined);
    this.#later(LOOK_MS, () => void this.#keepLooking(current));
  }

  /**
   * What an order for a hybrid disk asks of the server group first; true: that was all of it. An
   * order for a copy that another server has open is refused.
   */
  async #heedGroups(body: Json): Promise<boolean> {
    if (!isObject(body)) return false;
    const current = this.#currents.find(({ mirror }) => mirror === body.mirror);
    if (!current) return false;
    if (body.do === 'let-go') {
      await this.#letGo(current);
      return true;
    }
    await current.settled();
    if (current.isCurrent) return false;
    if (body.do === 'activate' || body.do === 'create' || body.do === 'backup') {
      await current.become(body.do === 'create');
      return false;
    }
    const holder = (await current.holder()) ?? 'no server';
    const why = `${holder} is the current server of ${current.mirror} in this server group`;
    throw refused(why, NOT_CURRENT);
  }

  /** In order: the other side hears that this server stops, and stays GREEN. */
  async #letGo(current: Current): Promise<void> {
    const disk = this.disks.find(({ p }) => p.name === current.mirror);
    if (!disk) return;
    const { isActive, isActivating } = disk.pair.now;
    if (isActive || isActivating) {
      const { server } = this.#ports;
      throw refused(`${current.mirror} is active on ${server}`, 'mirror.peerActive');
    }
    disk.life.beginEnding();
    await this.#orFailed(disk, () => sayGoodbye(disk));
    if (disk.copy.isOpen) await disk.copy.outOfSync.commit().catch(() => {});
    await current.giveUp();
  }

  async #knock(order: JsonObject): Promise<void> {
    const disk = this.disks.find(({ p }) => p.name === order.mirror);
    if (disk) await knock(disk, this.#caller, order);
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
    for (const disk of this.disks) {
      disk.life.end();
      disk.kill();
    }
  }

  /**
   * In order: mirrors are deactivated, the other side hears that this one stops and counts as the
   * latest from then on. Rejects with RemoteError `mirror.umount`; the agent then runs on.
   */
  async close(): Promise<void> {
    this.#life.beginEnding();
    for (const { life } of this.disks) life.beginEnding();
    try {
      for (const disk of this.disks) await this.#orFailed(disk, () => deactivate(disk));
      for (const disk of this.disks) {
        await sayEnding(disk);
        await this.#orFailed(disk, () => sayGoodbye(disk));
      }
    } catch (error) {
      this.#life.goOn();
      for (const { life } of this.disks) life.goOn();
      for (const current of this.#currents) void this.#keepLooking(current);
      throw error;
    }
    // Before `stop`: what a stopped agent begins on its devices never ends.
    for (const { copy } of this.disks) {
      if (copy.isOpen) await copy.outOfSync.commit().catch(() => {});
    }
    this.disks[0]?.log('agentStopped');
    this.stop();
    for (const disk of this.disks) await disk.copy.close();
    for (const current of this.#currents) await current.letGo();
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
