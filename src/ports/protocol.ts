/**
 * The requests that parts of a server answer (bodies of Wire.request). Replies are JSON; a
 * refusal is a RemoteError with one of the codes named here.
 */

import type { Evidence } from '../../machines/mirror-events.ts';
import type { Json } from '../core/json.ts';
import type { Sealed } from '../core/secrets.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type { Authority, Login } from './authority.ts';
import type { Answer } from './commands.ts';
import type { LeaseHeld } from './lease.ts';
import type { Destination, LogEntry } from './log.ts';
import type { ProcessMark } from './machinery.ts';
import type { Medium } from './views.ts';

/** To part `host`: the operating system. Refused with `os.off` while it is not up. */
export type HostRequest =
  | { do: 'status' } // → HostView
  /** The whole server; `withinMs`: so long it waits for a part that is silent. */
  | { do: 'look'; withinMs: number } // → ServerLook
  | { do: 'service'; name: string; op: 'enable' | 'disable' | 'start' | 'stop' }
  /** An orderly shutdown or reboot: answered first, then carried out. */
  | { do: 'power'; op: 'shutdown' | 'reboot' }
  /** Immediate reset without any orderly stop (watchdog, mirror driver). */
  | { do: 'reset'; why: string }
  /**
   * The whole table at once. Without `offsetBytes` a partition follows the one before it. One in
   * use that would move or go is `kept` by the kernel as it was, with all others, until the next
   * boot. → { kept: number[] }
   */
  | {
      do: 'partition';
      device: string;
      partitions: { number: number; sizeBytes: number; offsetBytes?: number }[];
      label?: 'dos' | 'gpt';
      /** Refused `device.busy` where a part of the disk is in use. */
      idle?: boolean;
    }
  | { do: 'disks' } // → { disks: { device: { serial, sizeBytes, partitions: [{ number, offsetBytes, sizeBytes }] } } }
  /**
   * `fs`: `auto` for whatever is there. A write-protected device is mounted read-only, unless
   * `strict`. With the option `loop` the device is a file, which the asker has looked at, and
   * `holds` the device of which it is an image. → as mounted
   */
  | {
      do: 'mount';
      device: string;
      point: string;
      fs: string;
      readOnly: boolean;
      options: string[];
      strict?: boolean;
      holds?: string;
    }
  | { do: 'umount'; target: string }
  /** What a device holds, the mirror's while its agent runs. → { sizeBytes, failed, fileSystem } */
  | { do: 'volume'; device: string }
  /** A logical volume to a size, in whole extents. Refused `volume.room`, `volume.size`, `device.error`. */
  | { do: 'volume.extend'; device: string; sizeBytes: number }
  /** What the mirror agent read in its configuration as it starts. → {} */
  | { do: 'mirrors'; mirrors: Record<string, string>[] }
  /**
   * A new file system over whatever is there, `mark` its UUID, as large as the device or `sizeBytes`.
   * Refused `device.mounted`, `device.busy`.
   */
  | { do: 'format'; device: string; type: string; mark: string; sizeBytes?: number }
  | { do: 'wipe'; device: string }
  | { do: 'fileSystem'; device: string; op: 'check' | 'replay' }
  | { do: 'fileSystem'; device: string; op: 'resize'; sizeBytes: number }
  /** What is installed, and which kernel modules are loaded. → { packages, modules, block, misc } */
  | { do: 'machine' }
  /** Refused `module.missing`, `module.loaded`, `module.busy`. */
  | { do: 'module'; op: 'load' | 'unload'; name: string }
  /** The product goes with its services. Refused `package.missing`, `package.there`, `package.busy`. */
  | { do: 'package'; op: 'erase'; name: string }
  | { do: 'package'; op: 'install'; name: string; version: string; release: string }
  | {
      do: 'exec';
      operation: string;
      argv: string[];
      answers: Answer[];
      /** Values apart from the texts; never kept. */
      secrets?: Sealed;
      timeoutMs: number;
      lease: LeaseHeld | null;
      authority?: Authority | null;
      isLook?: boolean;
    } // → OperationRecord, once ended
  | { do: 'operation'; operation: string } // → OperationRecord | null
  /** What it keeps of a run, without output. */
  | { do: 'operations'; run: string; after?: string } // → { operations: OperationRecord[], next: string | null }
  /** `atLeast`: the newest token known elsewhere, so that the servers' tokens stay in step. */
  | {
      do: 'lease';
      op: 'acquire';
      holder: string;
      about: string;
      atLeast?: number;
      /** Runs whose lease it takes over, and servers that a person gave up. */
      over?: string[];
      without?: string[];
    } // → LeaseView; refused `lease.held`, or `lease.unknown` after a boot
  | { do: 'lease'; op: 'release'; lease: LeaseHeld }
  | { do: 'lease'; op: 'show' } // → LeaseView
  /**
   * A server that was restarted serves on although those are not heard: a person's word. `lease`:
   * of the run that it was leased to; null: nobody holds it.
   */
  | { do: 'lease'; op: 'vouch'; lease: LeaseHeld | null; without: string[] } // → LeaseView
  /** Asks the other servers anew, as after a boot. */
  | { do: 'lease'; op: 'ask' } // → LeaseView
  /** Documents of change windows. Refused `paper.older` (another text is there), `paper.stranger`, `paper.full`. */
  /** What the asker holds of alerts, and what is new of them. → { held: Record<server, ms> } */
  | { do: 'alerts'; held: Record<string, number>; alerts: Json[] }
  /** A message that somebody writes by hand: of module `logcmd`, of now and of this server. */
  | {
      do: 'report';
      level: LogEntry['level'];
      /** From 1. */
      id: number;
      /** One at least. */
      to: Destination[];
      /** At most MOST_TEXT characters, not empty. */
      text: string;
    }
  /** A message of the catalogue that a command raises (src/messages/by-commands.ts); v3 has none of them. */
  | { do: 'say'; key: string; args: string[] }
  | { do: 'paper'; op: 'put'; paper: SignedDocument } // → { kept: true }; refused `paper.malformed` too
  /**
   * Every version of the policy among them; `now` is the clock of that server, `received` when each
   * document came by it, null: before it noted that.
   */
  | { do: 'paper'; op: 'list'; after?: string } // → { now, papers: SignedDocument[], received: (number | null)[], next: string | null }
  /** For an hour the gate lets through what it cannot judge; noted as what people type is. */
  | { do: 'glass'; op: 'break'; reason: string; login: Login } // as show
  | { do: 'glass'; op: 'show' } // → { glass: { until, who, reason } | null }
  /** A changing command typed by hand: noted before it does anything, and when it ended. */
  | {
      do: 'note';
      op: 'begin';
      login: Login;
      byCluster?: boolean;
      argv: string[];
      window: string | null;
      emergency: boolean;
      refused: string | null;
      during?: string[];
    } // → { id }
  | { do: 'note'; op: 'end'; id: string; exitCode: number }
  /** A process and its parents, as the kernel tells them. */
  | { do: 'origin'; ancestry: ProcessMark[] } // → Origin
  | { do: 'notes'; after?: string } // → { notes: HandNote[], next: string | null }, oldest first; the last 1,000
  | { do: 'address'; op: 'add' | 'remove'; address: string } // floating addresses; add refused `address.conflict` when another answers for it
  | { do: 'address'; op: 'probe'; address: string } // → { held: boolean, conflict: string | null }, the other holder heard lately
  /** Whether the interface on that net has a cable in it. */
  | { do: 'link'; net: string } // → { up: boolean }
  /** Things outside the servers (src/host/outside.ts); `text`: this server where it is left out. */
  | {
      do: 'outside';
      op: 'look' | 'take' | 'release';
      kind: 'disk' | 'volumes' | 'name';
      name: string;
      text?: string;
    } // → { text: string | null }, what stands there now
  | { do: 'raw'; op: 'bind'; raw: string; device: string } // refused `raw.bound`, `device.missing`
  | { do: 'raw'; op: 'unbind' | 'look'; raw: string } // → { device: string | null }
  /** Programs of the operating system (src/host/programs.ts). */
  | { do: 'program'; op: 'look' | 'end' | 'start'; name: string } // → { count: 0 | 1 }
  /** Refused `device.missing`, `device.error`, `device.readOnly`. */
  | { do: 'device.check'; device: string; how: 'open' | 'read' | 'write' } // → { size }
  | { do: 'files'; op: 'read'; path: string } // → { text: string | null }
  | { do: 'files'; op: 'list'; path: string } // → { names: string[] }, as Files.list
  | { do: 'files'; op: 'write'; path: string; text: string }
  /** The daemon's word on where it is, for the node's chart; without it a running daemon is `online`. */
  | {
      do: 'node';
      event: 'waiting' | 'online' | 'suspended' | 'stopping';
      /** Types of the heartbeat resources that it read in its configuration. */
      heartbeats: string[];
      /** What the server does when a process of the cluster service ends abnormally. */
      onDeath: 'shutdown' | 'reboot';
      /** … and when it stalls on its way down. */
      onStall?: 'reset' | 'panic' | 'ioFencing';
      /** Devices that heartbeats and resolution go over here. */
      carriers?: { resource: string; kind: string; path: string; net: string }[];
    } // → { carriers: what is wrong with one, by resource }: CarrierFault (src/host/carriers.ts)
  | { do: 'processes' } // → { processes: ProcessView[] }
  /** The cluster daemon pets the watchdog; a stall longer than `timeoutMs` ends the server so. 0 disarms. */
  | { do: 'watchdog'; timeoutMs: number; end?: 'reset' | 'panic' | 'ioFencing' }
  | { do: 'medium' } // → { medium: Medium | null }
  | { do: 'medium.write'; files: Record<string, string> } // adds to the medium in the drive
  | { do: 'blockdev'; device: string; op: 'setro' | 'setrw' | 'getro' } // → { readOnly }
  /** Bytes of a device that is mounted or that no agent uses: a backup, or a copy of it. */
  | { do: 'device.read'; device: string; offset: number; length: number } // → { data: base64 }
  /** Zeros over all of a device that is neither mounted nor used by an agent. */
  | { do: 'device.clear'; device: string }; // → { sizeBytes }

/** To part `bmc`: chassis. Answers while the power is off. */
export type BmcRequest =
  /** As the host's, and answered whatever becomes of the operating system. */
  | { do: 'look'; withinMs: number } // → ServerLook
  | { do: 'power.status' } // → PowerView
  | { do: 'power.on'; singleUser?: boolean }
  | { do: 'power.reset' } // as the reset button: off the tracks, then a boot
  | { do: 'power.cut' } // immediate; → { power: 'off' } once every process of the server is gone
  | { do: 'disk.replace'; device: string } // → { serial }
  | { do: 'disk.add'; device: string } // → { serial }
  /** Another machine with a fresh operating system, power off. → { machine } */
  | { do: 'server.replace'; keepsDisks: boolean }
  /** The product, as delivered, by a person at the console. Refused `os.off`, `package.there`. */
  | { do: 'product.install' } // → { package }
  /** Files of a medium on the shelf into a folder of the running system. Refused `os.off`, `medium.unknown`. */
  | { do: 'medium.copy'; medium: string; folder: string } // → { names: string[] }
  | { do: 'disk.fail'; device: string; mode: 'all' | 'write' | 'read' }
  | { do: 'disk.heal'; device: string }
  /** An image of every disk onto the shelf; `system`: of the services' switches too, power off. */
  | { do: 'disk.image.take'; image: string; system: boolean } // → { image }
  | { do: 'disk.image.restore'; image: string } // → { image }; new disks in the bays, power off
  | { do: 'cable.pull' | 'cable.plug'; net: string } // out of this server's interface, into it
  | { do: 'address.set'; interface: string; address: string } // of its system: eth1, 10.0.1.2/24
  | { do: 'medium.edit'; medium: string; change: string } // its clp.conf, in the words of clpcfset
  | { do: 'medium.insert'; medium: string } // a name on the shelf beside the server
  | { do: 'media.put'; name: string; medium: Medium } // puts a medium on that shelf
  | { do: 'medium.remove' }
  | { do: 'freeze' }
  | { do: 'thaw' };

/** To part `daemon`: the cluster daemon. No listener while it is stopped: WireError `refused`. */
export type DaemonRequest =
  | { do: 'status' } // → DaemonView
  | {
      do: 'group';
      op: 'start' | 'stop' | 'move';
      group: string | null;
      target: string | null;
      force?: boolean;
    } // answered when done
  | {
      do: 'resource';
      op: 'start' | 'stop';
      resource: string;
      target: string | null;
      force?: boolean;
    }
  /** `fail`, `heal`: dummy failures, on and off. Refused `monitor.unknown`, `monitor.unfit`. */
  | { do: 'monitor'; op: 'suspend' | 'resume' | 'fail' | 'heal'; monitor: string | null }
  /** This server's daemon. `all`: every server is told the same, so no group fails over. */
  | { do: 'cluster'; op: 'stop' | 'suspend' | 'resume'; all?: boolean; restart?: boolean }
  /** Groups stopped, daemon stopped, then the OS. `all` (clpstdn): no group fails over. */
  | { do: 'shutdown'; reboot: boolean; all?: boolean }
  | { do: 'toratio'; op: 'set'; ratio: number; forMs: number }
  | { do: 'toratio'; op: 'reset' | 'show' } // show → { ratio, until }
  | { do: 'cancel-wait' } // clpbwctrl -c; refused `wait.none`
  /** clprexec: a script in the folder for that. → { code: number | null }, null: not in time */
  | { do: 'script'; script: string; limitMs: number }
  /** clpperfc: its last check, or its last start here. → { ms: number | null } */
  | { do: 'perf'; of: 'monitor' | 'group'; name: string }
  /** From this server's host: work whose process does not do it now (types of heartbeats, `monitors`, `nodes`, `transfer`). */
  | { do: 'idle'; work: string[] }
  /** clpregctrl. → { rc, rm, max, resetMs }, what of them was counted; max 0: there is no limit */
  | { do: 'reboots'; op: 'show' | 'clear'; of: 'rc' | 'rm' }
  /** New configuration lies in /opt/nec/clusterpro/etc/clp.conf: read it again. */
  | { do: 'reload' }
  /** From the agent of this server: a mirror broke, or its peer's word on a break. */
  | { do: 'mirror-event'; mirror: string; event: string; generation?: string } // `broke` is told to the peers → { told: string[] }
  /** Between daemons: start this group; `word` is what the sender's next heartbeat reports. */
  | {
      do: 'take';
      group: string;
      why: 'move' | 'failover';
      failovers: number;
      wait: boolean;
      word: Json;
    }
  /** Between daemons: tell your agent that my side broke the mirror and goes on alone. */
  | { do: 'peer-broke'; mirror: string; server: string; generation: string };

/** To part `agent`: the mirror agent. */
export type AgentRequest =
  | { do: 'status' } // → AgentView
  | { do: 'activate'; mirror: string; mount: boolean; force: boolean; evidence: Evidence | null }
  | { do: 'deactivate'; mirror: string }
  /** A hybrid disk, to its current server: another one of its server group takes the copy over. */
  | { do: 'let-go'; mirror: string } // refused `mirror.peerActive`
  | { do: 'break'; mirror: string }
  | { do: 'recover'; mirror: string; full: boolean } // returns when started → { recovery }
  /** The victim is named by the operator; `keep`: a file of its server for its blocks that differ. */
  | { do: 'force'; mirror: string; latest: string; victim: string; keep?: string | null }
  /** Compares both copies; not in step and equal: in step again. Answered when done → VerifyReport (src/mirror/recovery/verify.ts) */
  | { do: 'verify'; mirror: string; mark?: boolean } // mark: what differs becomes difference, the mirror breaks
  /** This side's copy only; refused `mirror.size` where partitions are too small. */
  | { do: 'resize'; mirror: string; sizeBytes: number; force: boolean } // → { sizeBytes }
  | { do: 'pause'; mirror: string; on: boolean } // the recovery that runs
  | { do: 'cancel'; mirror: string }
  | { do: 'create'; mirror: string; mode: 'normal' | 'quick' | 'force' }
  | { do: 'change-disk'; device: string } // clpmdchng
  | { do: 'read'; mirror: string; offset: number; length: number } // → { data: base64 }
  // base64; answered when acknowledged: as written through, or without a flush.
  | { do: 'write'; mirror: string; offset: number; data: string; durable?: false }
  /** It goes on alone, or an operator `forced` its copy, giving up the one that is told. */
  | { do: 'peer-broke'; mirror: string; server: string; generation: string; forced?: boolean }
  /** Between agents: this copy, before the other one believes its own; → { active, copy, victim } */
  | { do: 'compare'; mirror: string; server: string }
  /** Between agents: I am about to activate, and did not meet you yet: call me; answered after one attempt. */
  | { do: 'meet'; mirror: string; server: string } // → { met }
  /** Between agents: give way durably, so that I count as the latest; → { yielded: boolean } */
  | {
      do: 'yield';
      mirror: string;
      server: string;
      generation: string;
      contact: { confirmed: string | null; proposed: string | null };
    }
  /** Both agents read the key file again and go on under the new key; refused `mirror.key`, `mirror.crypto`. */
  | { do: 'update-key'; mirror: string } // → { key: its name }
  | { do: 'load-key'; mirror: string; key: string } // between agents that are not connected
  /** To the mirror disk connect of that priority, from 1; null: the next one. Refused `mirror.connect`. */
  | { do: 'switch-connect'; mirror: string; priority: number | null } // → { net }
  | { do: 'set-option'; mirror: string; option: 'compress' | 'sync'; on: boolean }
  | { do: 'hold-auto-recovery'; mirror: string; hold: boolean; why: string }
  /** Backup mode: the copy rests, not connected, until it ends; refused `mirror.status` when it cannot. */
  | { do: 'backup'; mirror: string; op: 'begin' | 'end' }
  /** The copy counts as restored from a disk image from now on (clpmdctrl --setreplace). */
  | { do: 'mark-restored'; mirror: string }
  | { do: 'marks'; mirror: string } // → { restored: string | null, backup: string | null }
  /** `save`: writes a sample now. → { isOn, values, shown }: numbers by the names of x5 2.3, words for commands. */
  | { do: 'statistics'; mirror: string; save: boolean };
