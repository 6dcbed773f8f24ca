/**
 * A lab: a live cluster of processes on this machine. This is the room's face: bring one up, open
 * one that runs, break it, look at it, take it down.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../adapters/system-clock.ts';
import { configurationOn, createDoor, physicalActs } from '../cluster/index.ts';
import { netsOf, parseClusterConfiguration, writeClusterConfiguration } from '../config/index.ts';
import { textOfBytes } from '../core/byte-text.ts';
import { badInput } from '../core/errors.ts';
import { hint } from '../core/nearest.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import { cableEnds, type Fault } from '../host/faults.ts';
import { DATA_BYTES } from '../host/hardware.ts';
import type { HostTiming } from '../host/state.ts';
import type { Authority } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { Answer, OperationRecord } from '../ports/commands.ts';
import type { Operator } from '../ports/operator.ts';
import type { Medium } from '../ports/views.ts';
import type { Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import { type DownResult, takeDown } from './down.ts';
import { openSurroundings, type Plugged, plugIn } from './environment.ts';
import { applyFault } from './faults.ts';
import { checkRealMounts } from './file-systems.ts';
import { LabIo } from './io.ts';
import type { LabFile } from './lab-file.ts';
import { layoutOf } from './layout.ts';
import { powerFromFile } from './power-file.ts';
import { prepareLab } from './prepare.ts';
import type { SwitchView } from './switch-protocol.ts';
import { awaitHealthy, constructMirrors, powerOnAll, startDaemons, startPrograms } from './up.ts';
import { writeLabFile } from './write-lab-file.ts';

const EXEC_TIMEOUT_MS = 120_000;
const BMC_TIMEOUT_MS = 5000;

export interface LabUpOptions {
  /** Made when it is missing; must be empty when it is not. */
  folder: string;
  /** A clp.conf. */
  configText: string;
  configFile?: string;
  /** Path below the servers' scripts folder → text; the shipped ones unless given. */
  scripts?: Record<string, string>;
  /** Scripts for types that are not built in: `awsvip.sh` → its text. */
  agents?: Record<string, string>;
  /** Size of each data partition. */
  dataBytes?: number;
  /** Mirrors are mounted for real, in a mount namespace of each server: root only. */
  realMounts?: boolean;
  /** A file that says who cuts the servers' power: src/lab/power-file.ts. */
  powerControl?: string;
  /** Overrides what the configuration says (v3 11.10.1). */
  autoRecovery?: boolean;
  timing?: Partial<HostTiming>;
  onProgress?: (words: string) => void;
}

export class Lab {
  readonly folder: string;
  readonly file: LabFile;
  /** As it lay on its servers when this was opened. */
  readonly configText: string;
  readonly config: ClusterConfiguration;
  readonly clock: Clock;
  readonly io: LabIo;
  #plugged: Plugged;
  #door: ClusterDoor;

  constructor(folder: string, clock: Clock) {
    const around = openSurroundings(folder);
    this.folder = folder;
    this.file = around.lab;
    this.clock = clock;
    const { text, config } = currentConfiguration(folder, around.lab);
    this.configText = text;
    this.config = config;
    this.#plugged = plugIn(around, 'control', 'control', clock);
    const { wire } = this.#plugged;
    this.#door = createDoor({
      wire,
      machines: around.lab.servers,
      config: () => currentConfiguration(folder, around.lab).config,
      clock,
    });
    this.io = new LabIo({ wire, config: this.config, layout: layoutOf(folder) });
  }

  get servers(): string[] {
    return this.file.servers;
  }

  /** The control host's wire. */
  wire(): Wire {
    return this.#plugged.wire;
  }

  door(): ClusterDoor {
    return this.#door;
  }

  /** Carries out physical acts; a caller adds who answers questions. */
  operator(): Pick<Operator, 'perform'> {
    return physicalActs(this.#plugged.wire);
  }

  status(): Promise<Status> {
    return this.#door.observation.status();
  }

  /** Runs a command on a server, under an operation id of its own. */
  exec(
    server: string,
    argv: string[],
    options: {
      answers?: Answer[];
      timeoutMs?: number;
      authority?: Authority;
      onOutput?: (text: string) => void;
    } = {},
  ): Promise<OperationRecord> {
    this.#needServer(server);
    const { answers = [], timeoutMs = EXEC_TIMEOUT_MS, authority = null, onOutput } = options;
    const operation = `lab/${randomUUID()}`;
    const request = { server, operation, argv, answers, timeoutMs, lease: null, authority };
    return this.#door.commands.exec(onOutput ? { ...request, onOutput } : request);
  }

  /** A folder for PATH in which every command acts as on that server. */
  path(server: string): string {
    this.#needServer(server);
    return layoutOf(this.folder).server(server).bin;
  }

  /** Resolves when the fault is in effect. */
  fault(fault: Fault): Promise<void> {
    const { wire, transport } = this.#plugged;
    const [nets, ends] = [netsOf(this.config), cableEnds(this.config)];
    return applyFault({ wire, transport, lab: this.file, nets, ends }, fault);
  }

  /** Puts a medium on the shelf beside a server, for `insertMedium`. */
  async putMedium(server: string, name: string, medium: Medium): Promise<void> {
    this.#needServer(server);
    const body = { do: 'media.put', name, medium: { ...medium } };
    await this.wire().request({ server, part: 'bmc' }, body, BMC_TIMEOUT_MS);
  }

  /** Which parts are listening, cables that are not sound, and what each has carried. */
  async cables(): Promise<SwitchView> {
    return (await this.#plugged.transport.ask({ do: 'status' })) as unknown as SwitchView;
  }

  /** The lab came up whole. */
  markUp(): void {
    writeLabFile(this.folder, { ...this.file, state: 'up' });
  }

  /** Lets go of the lab, which runs on. */
  close(): void {
    this.#plugged.wire.close();
  }

  down(options: { keep?: boolean } = {}): Promise<DownResult> {
    this.close();
    return labDown(this.folder, options);
  }

  #needServer(server: string): void {
    if (this.servers.includes(server)) return;
    throw badInput(`there is no server ${server} in this lab`, {
      code: 'server.unknown',
      remedy: hint(server, this.servers) || `one of ${this.servers.join(', ')}`,
    });
  }
}

/** A configuration may have been distributed since: what lies on the servers counts. */
function currentConfiguration(
  folder: string,
  { servers }: Pick<LabFile, 'servers'>,
): { text: string; config: ClusterConfiguration } {
  const pathOn = (name: string) => join(layoutOf(folder).server(name).root, CONFIG_PATH);
  const textOn = (name: string) => {
    const path = pathOn(name);
    return existsSync(path) ? textOfBytes(readFileSync(path)) : null;
  };
  const found = configurationOn(servers, textOn);
  if (found) return found;
  // Says what is wrong with the one that should count.
  const path = pathOn(servers[0] as string);
  const text = textOfBytes(readFileSync(path));
  return { text, config: parseClusterConfiguration(text, path) };
}

/** Opens a lab that is up (or half up). */
export function openLab(folder: string, clock: Clock = systemClock()): Lab {
  return new Lab(resolve(folder), clock);
}

/** True when there is a lab in that folder, whatever state it is in. */
export function isLab(folder: string): boolean {
  return existsSync(layoutOf(resolve(folder)).lab);
}

/**
 * Brings a lab up and resolves when the cluster is healthy. When it fails or is interrupted,
 * what was started stays, for a look at it: `labDown` cleans up.
 */
export async function labUp(options: LabUpOptions): Promise<Lab> {
  const { configText, configFile = 'clp.conf', onProgress = () => undefined } = options;
  const clock = systemClock();
  const given = parseClusterConfiguration(configText, configFile);
  const config =
    options.autoRecovery === undefined ? given : { ...given, autoRecovery: options.autoRecovery };
  if (options.realMounts) checkRealMounts(config, options.dataBytes ?? DATA_BYTES);
  if (options.powerControl !== undefined) powerFromFile(options.powerControl);
  const text = config === given ? configText : writeClusterConfiguration(config, configText);
  onProgress('making the servers');
  const prepared = prepareLab({ ...options, config, configText: text });
  await startPrograms(prepared.folder, prepared.lab);
  const lab = openLab(prepared.folder, clock);
  const ask: Wire['request'] = (to, body, timeoutMs) => lab.wire().request(to, body, timeoutMs);
  try {
    onProgress(`powering on ${lab.servers.join(' and ')}`);
    await powerOnAll(ask, lab.file, clock);
    onProgress('constructing the mirrors');
    await constructMirrors(ask, config, lab.file, clock);
    onProgress('starting the cluster');
    await startDaemons(ask, lab.file);
    await awaitHealthy(() => lab.status(), config, clock, lab.file);
    lab.markUp();
    return lab;
  } catch (error) {
    lab.close();
    throw error;
  }
}

/** Takes down whatever is there; resolves also when there is nothing. */
export function labDown(folder: string, options: { keep?: boolean } = {}): Promise<DownResult> {
  return takeDown(resolve(folder), options);
}

export type { Fault } from '../host/faults.ts';
