/**
 * What a host supervisor knows of its server: the chassis and the operating system on it. Plain
 * JSON. All of it but `live` is saved before anything is done about it; `live` is what the
 * supervisor itself forgets when it dies (who waits for an answer, what is under way).
 *
 * A supervisor that comes back finds a server that lost its power: it ends what is left of the
 * processes and boots, as a chassis set to "power on after a power loss" does.
 */
import type { NodeContext, NodeState } from '../../machines/node.machine.ts';
import type { Carrier } from '../config/index.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { CommonEffect, CommonEvent } from '../core/part.ts';
import type { Generation } from '../messages/index.ts';
import type { HandNote } from '../ports/authority.ts';
import type { OperationRecord } from '../ports/commands.ts';
import type { LeaseView } from '../ports/lease.ts';
import type { CommandEnd, CommandRun, Origin, ProcessMark, Service } from '../ports/machinery.ts';
import type { Medium, PartSaid } from '../ports/views.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type { MountStatus } from '../schema/generated/status.ts';
import type { InstalledPackage } from './machine.ts';
import type { Process, ProcessEnd } from './process-state.ts';
import type { Stalls } from './stalls.ts';

/** Limits and delays of the model. All may be changed before a server is first started. */
export interface HostTiming {
  /** From power on to the operating system being up. */
  bootMs: number;
  /** Longest orderly shutdown; a stall beyond it ends in a reset. v3 10.6. */
  shutdownMs: number;
  /** How long commands that still run may take to end at the end of a shutdown. */
  drainMs: number;
  /** Longest orderly stop of one service. */
  stopMs: number;
  /** How long a floating address is probed for before it is taken. */
  arpProbeMs: number;
  /** How often held addresses are announced. */
  announceMs: number;
}

export const DEFAULT_TIMING: HostTiming = {
  bootMs: 300,
  shutdownMs: 60_000,
  drainMs: 2_000,
  stopMs: 60_000,
  arpProbeMs: 60,
  announceMs: 2_000,
};

export interface Partition {
  number: number;
  offsetBytes: number;
  sizeBytes: number;
}

export interface Disk {
  serial: string;
  sizeBytes: number;
  failed: 'all' | 'write' | 'read' | null;
  /** It stands beside the servers, and several of them reach it; `failed` is the way to it. */
  shared?: true;
  /** A logical volume: how far it may grow, in the space that its group has left for it. */
  roomBytes?: number;
  /** The kernel's. */
  partitions: Partition[];
  /** Which kind of table is on it; none is said of one that fdisk never wrote. */
  label?: 'dos' | 'gpt';
  /** The table on the disk where the kernel kept its own: in force from the next boot on. */
  written?: Partition[];
}

/** A file system as it was made, or that there is none any more. */
export interface FileSystem {
  type: string | null;
  sizeBytes: number;
  /** Its journal has to be replayed. */
  isDirty: boolean;
  /** Nobody mounted it for writing since it was made or checked. */
  isChecked: boolean;
  /** What tells it from others: its UUID. */
  mark: string;
}

/** Every disk of a server as it was, by device; its bytes are kept under `blob`. */
export interface DiskImage {
  at: number;
  disks: Record<string, { blob: string; sizeBytes: number; partitions: Partition[] }>;
  /** What the system disk said of the services; null when the image does not hold it. */
  services: Record<string, { enabled: boolean }> | null;
  /** Likewise, of the documents of change windows. */
  papers?: Record<string, SignedDocument> | null;
}

/** A disk that is being copied whole, known by their serials or blobs. */
export interface DiskCopy {
  from: string;
  to: string;
}

/** The devices of one mirror disk resource: what nobody else may touch while the agent runs. */
export interface MirrorDevices {
  mirror: string;
  /** Mirror partition device, e.g. /dev/NMP1. */
  device: string;
  data: string;
  cluster: string;
  /** What the data partition is formatted with; not said by servers put up long ago. */
  fileSystem?: string;
}

/** The words of servers that do not say which are theirs. */
export const OLD_WORDS: Generation = 'v3';

/** What a server is made of when it is first put up. */
export interface Hardware {
  /** Whose words its messages are in; servers put up long ago do not say. */
  manual?: Generation;
  /** The serial number on the machine (replacement.ts); of one that was never replaced none is said. */
  machine?: string;
  peers: string[];
  timing: HostTiming;
  /** Disks can be swapped while the power is on. */
  hotplug: boolean;
  services: Record<string, { enabled: boolean }>;
  /** What is installed; not said by servers put up long ago: as delivered (src/host/machine.ts). */
  packages?: Record<string, InstalledPackage>;
  /** Services that went with the product's package, for when it is installed anew. */
  removedServices?: string[];
  disks: Record<string, Disk>;
  mirrors: MirrorDevices[];
  /** What devices besides are formatted with. */
  fileSystems?: Record<string, string>;
  /** Programs that monitors look for, and that run from the boot on. */
  programs?: string[];
  /** The shelf of media beside the server, by name. */
  media: Record<string, Medium>;
  /** Name of the medium in the drive. */
  inserted: string | null;
  /** By interface, its address and the length of its mask; servers put up long ago do not say. */
  interfaces?: Record<string, string>;
  /** The shelf of disk images, by name; none when it is left out. */
  images?: Record<string, DiskImage>;
}

export interface HeldAddress {
  since: number;
  /** Another server that answers for it too, and when it was last heard. */
  rival: { server: string; at: number } | null;
}

/**
 * What a supervisor forgets when it dies. The chassis answers whatever becomes of the operating
 * system, so who waits for it goes on waiting over a power loss (`chassisOf`); all the others have
 * to be answered when the operating system goes.
 */
export interface Live {
  /** Whether it heard who holds the cluster since it booted, and from whom so far (lease.ts). */
  told: boolean;
  heard: Record<string, LeaseView>;
  /** `killAll` is under way. */
  killing: boolean;
  /** Orderly shutdown: waiting for commands to end, then no longer. */
  draining: 'no' | 'waiting' | 'over';
  /** Answered when the power is off. */
  cutWaiters: string[];
  /** Serial of a new disk → who waits for it. */
  diskWaiters: Record<string, string[]>;
  /** Who waits for disks to be copied, and which are left. */
  copyWaiters: { id: string; image: string; left: string[] }[];
  /** Who waits for the system of a new machine. */
  systemWaiters: string[];
  stopWaiters: Record<Service, string[]>;
  operationWaiters: Record<string, string[]>;
  /** Output of the commands that run. */
  output: Record<string, { stdout: string; stderr: string; cut: ('stdout' | 'stderr')[] }>;
  /** Addresses being probed for → who wants them. */
  probing: Record<string, string[]>;
  /** Requests whose answer waits for a file or a device, and what they asked for. */
  asked: Record<string, 'status' | 'read' | 'list' | 'write' | 'device' | 'outside' | 'alerts'>;
  /** Looks at the whole server that still wait for a part of it. */
  looking: Record<string, Looking>;
  /** What daemon and agent last said of themselves. */
  held: Partial<Record<Service, Held>>;
  /** Requests that came while the machine hung: they are read when it goes on. */
  unread: Extract<CommonEvent, { type: 'request.received' }>[];
}

/** A part's answer to `status`, with when it came, and the edition that it had been asked at. */
export interface Held {
  view: JsonObject;
  edition: string;
  at: number;
  /** Id under which it is asked for anew, while what it said still stands. */
  renewal?: string;
}

/** What its parts said until now, and when. */
export interface Looking {
  withinMs: number;
  said: { host?: PartSaid; daemon?: PartSaid; agent?: PartSaid };
  at: { host?: number; daemon?: number; agent?: number };
  /** Of the parts that are asked, as it was before. */
  editions: Partial<Record<Service, string | null>>;
}

export interface HostState extends Hardware, Stalls {
  manual: Generation;
  schema: 'drydock.host/1';
  server: string;
  node: { value: NodeState; context: NodeContext };
  /** False while the operating system of a new machine is still to be made. */
  isSystemMade?: boolean;
  /** null while the power is off. */
  bootId: string | null;
  /** The controller's: of the latest boot. `none` before the first; not said by older records. */
  lastBootId?: string;
  runLevel: number;
  /** Those that run, by their key (service-table.ts). */
  processes: Record<string, Process>;
  /** What the death of a process of the cluster service leads to: the daemon's word. x5 2.12.5. */
  onDeath: 'shutdown' | 'reboot';
  /** Serials of disks that still have to be made, blank. */
  blank: string[];
  images: Record<string, DiskImage>;
  /** Disks that are still being copied. */
  copies: DiskCopy[];
  mounts: MountStatus[];
  /** What programs made, by the disk's serial and the place on it (src/host/file-systems.ts). */
  formats?: Record<string, FileSystem>;
  /** Kernel modules that somebody loaded since the boot. */
  modules?: string[];
  /** The major number that sbull was loaded with. */
  sbullMajor?: number;
  /** Block devices set read-only; a reboot forgets it. */
  readOnly: string[];
  /** Raw devices and what they are bound to; a reboot forgets it. */
  raw: Record<string, string>;
  /** Of the programs, those that ended since the boot. */
  ended: string[];
  /** Nets whose cable is out of this server's interface. */
  unplugged: string[];
  /** What heartbeats go over, as the daemon last said (carriers.ts). */
  carriers: Carrier[];
  addresses: Record<string, HeldAddress>;
  operations: Record<string, OperationRecord>;
  /** Ids of commands that ran here and whose records are gone, oldest first. */
  forgotten: string[];
  lease: LeaseView;
  /** Policy and windows, by name; of the policy every version (src/host/documents.ts). */
  papers: Record<string, SignedDocument>;
  /**
   * When a document came, ms, by the SHA-256 of its text. One that is held and is not here came before
   * servers noted that.
   */
  received: Record<string, number>;
  /** Until when (ms) the gate lets through what it cannot judge, by whom and why (src/host/glass.ts). */
  glass: { until: number; who: string; reason: string } | null;
  /** Changing commands that people typed here, the last ones. */
  notes: HandNote[];
  frozen: boolean;
  /** Source of identifiers, fresh at each start of the supervisor. */
  entropy: { seed: string; drawn: number };
  live: Live;
}

/** What the view takes from the server's files. */
export interface HostFacts {
  configHash: string | null;
  /** Of shared disks that were asked about, by serial: the server that reserved it; null: none. */
  reserved?: Record<string, string | null>;
  mirrorBreaks: Record<string, 'none' | 'broke'>;
}

export type HostEvent =
  | CommonEvent
  | { type: 'process.started'; process: string; pid: number }
  | ({ type: 'process.exited'; process: string } & ProcessEnd)
  /** By SIGSTOP, and by SIGCONT. Not told of parts, nor while the whole server is frozen. */
  | { type: 'process.stopped' | 'process.continued'; process: string }
  | { type: 'processes.gone' }
  | { type: 'command.printed'; operation: string; stream: 'stdout' | 'stderr'; text: string }
  | { type: 'command.ended'; operation: string; end: CommandEnd }
  | { type: 'disk.created'; serial: string }
  | { type: 'disk.copied'; to: string }
  | { type: 'system.made' }
  | { type: 'file.read' | 'outside.said'; id: string; text: string | null }
  | { type: 'facts.read'; id: string; facts: HostFacts }
  | { type: 'alerts.exchanged' | 'files.listed' | 'file.written'; id: string; body: Json }
  | { type: 'device.read' | 'device.cleared'; id: string; body: Json }
  | { type: 'origin.found'; id: string; origin: Origin }
  | { type: 'editions.read'; id: string; editions: Record<Service, string | null> }
  | { type: 'access.failed'; id: string; code: string; message: string };

export type HostEffect =
  | CommonEffect
  /** Durable before the effects that follow it. */
  | { type: 'saveHost'; state: HostState }
  | { type: 'startProcess'; process: string; bootId: string; command: string }
  | { type: 'stopProcess'; process: string }
  | { type: 'killAll' }
  | { type: 'freezeAll' }
  | { type: 'thawAll' }
  | { type: 'spawnCommand'; run: CommandRun }
  /** Whose doing a process is; the answer to the request follows. */
  | { type: 'findOrigin'; id: string; ancestry: ProcessMark[] }
  /** Which editions of their views daemon and agent are at. */
  | { type: 'readEditions'; id: string }
  | { type: 'createDisk'; serial: string; sizeBytes: number; shared?: true }
  | ({ type: 'copyDisk' } & DiskCopy)
  /** Nothing is left of what lay on the system disk. */
  | { type: 'makeSystem' }
  /** The product's own files, as they are delivered, or none of them; the answer to the request follows. */
  | { type: 'placeProduct' | 'removeProduct'; id: string }
  /** By path; the answer to the request follows, and is `body`. */
  | { type: 'placeFiles'; id: string; files: Record<string, string>; body: Json }
  | { type: 'setCable'; net: string; up: boolean }
  /** A look at what stands outside, after taking or releasing it. */
  | { type: 'askOutside'; id: string; op: 'look' | 'take' | 'release'; key: string; text: string }
  /** Another server's alerts; the answer to the request follows. */
  | { type: 'exchangeAlerts'; id: string; from: string; body: JsonObject }
  /** A line of a program of the server, for its syslog. */
  | { type: 'printLine'; program: string; text: string }
  | { type: 'readFile' | 'listFiles'; id: string; path: string }
  | { type: 'writeFile'; id: string; path: string; text: string }
  /** What lies in files and belongs into the view; `mirrors` whose agent does not run. */
  | { type: 'readFacts'; id: string; mirrors: string[]; shared?: string[] }
  | { type: 'readDevice'; id: string; device: string; offset: number; length: number }
  /** Zeros from its first byte to its last. */
  | { type: 'clearDevice'; id: string; device: string };

export function freshLive(): Live {
  return {
    told: false,
    heard: {},
    killing: false,
    draining: 'no',
    cutWaiters: [],
    diskWaiters: {},
    copyWaiters: [],
    systemWaiters: [],
    stopWaiters: { agent: [], daemon: [] },
    operationWaiters: {},
    output: {},
    probing: {},
    asked: {},
    looking: {},
    held: {},
    unread: [],
  };
}

/** What is left of it when the operating system is gone: who waits for the chassis. */
export function chassisOf(live: Live): Live {
  const { cutWaiters, diskWaiters, copyWaiters, systemWaiters } = live;
  return { ...freshLive(), cutWaiters, diskWaiters, copyWaiters, systemWaiters };
}

/** What lies on the system disk, when nobody has worked with it yet. */
export const freshSystem = () =>
  ({
    operations: {},
    forgotten: [],
    lease: { holder: null, token: 0, about: '', since: 0 },
    papers: {},
    received: {},
    glass: null,
    notes: [],
    carriers: [],
  }) satisfies Partial<HostState>;

/** The server as it is delivered: its power is off, its disks are still to be made. */
export function initialHost(hardware: Hardware, server: string): HostState {
  return {
    ...hardware,
    manual: hardware.manual ?? OLD_WORDS,
    schema: 'drydock.host/1',
    server,
    node: { value: 'poweredOff', context: { next: 'off', singleUser: false } },
    bootId: null,
    lastBootId: 'none',
    runLevel: 0,
    processes: {},
    onDeath: 'shutdown',
    blank: Object.values(hardware.disks).map((disk) => disk.serial),
    images: hardware.images ?? {},
    copies: [],
    mounts: [],
    readOnly: [],
    raw: {},
    ended: [],
    unplugged: [],
    addresses: {},
    ...freshSystem(),
    watchdogMs: null,
    frozen: false,
    entropy: { seed: server, drawn: 0 },
    live: freshLive(),
  };
}
