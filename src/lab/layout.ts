/**
 * Where things lie in a lab's folder.
 *
 *     lab.json  key  io/                  the lab; its cluster key; records of acknowledged writes
 *     switch.log
 *     outside/  shared/                 what several servers reach: claims and names; disks
 *     servers/NAME/
 *       root/                             the server's `/`
 *       host.json  hardware.json          stored state of its chassis; what it was made of
 *       kept/                             durable facts of its daemon
 *       disks/SERIAL.img  SERIAL.fault    its disks' bytes; why they fail, when they do
 *       run/NMP1.sock                     the mirror it serves, as a block device: NBD
 *       run/host.sock, daemon.sock …      where its parts are asked from within
 *       run/ocf/BOOT/                     state files of OCF agents, for as long as it is up
 *       run/daemon.edition, agent.edition which editions of their views those are at
 *       bin/                              its programs, for PATH
 *       usual/                            those of which a machine has as good ones: for its scripts
 *       log/                              its logs
 */
import { join } from 'node:path';

export interface ServerLayout {
  folder: string;
  root: string;
  host: string;
  hardware: string;
  kept: string;
  disks: string;
  run: string;
  bin: string;
  usual: string;
  log: string;
  guard: string;
  /** Of the whole lab. */
  sharedDisks: string;
  outside: string;
}

export interface LabLayout {
  folder: string;
  lab: string;
  key: string;
  io: string;
  switchLog: string;
  server(name: string): ServerLayout;
}

export function layoutOf(folder: string): LabLayout {
  return {
    folder,
    lab: join(folder, 'lab.json'),
    key: join(folder, 'key'),
    io: join(folder, 'io'),
    switchLog: join(folder, 'switch.log'),
    server: (name) => {
      const own = join(folder, 'servers', name);
      return {
        folder: own,
        root: join(own, 'root'),
        host: join(own, 'host.json'),
        hardware: join(own, 'hardware.json'),
        kept: join(own, 'kept'),
        disks: join(own, 'disks'),
        run: join(own, 'run'),
        bin: join(own, 'bin'),
        usual: join(own, 'usual'),
        log: join(own, 'log'),
        guard: join(own, 'guard.sh'),
        sharedDisks: join(folder, 'shared'),
        outside: join(folder, 'outside'),
      };
    },
  };
}

/** Where an active mirror disk is exported, as long as it is active there. */
export function socketPath(server: ServerLayout, device: string): string {
  return join(server.run, `${encodeURIComponent(device)}.sock`);
}

/** What one of its processes counts the editions of its view in. */
export function editionPath(server: ServerLayout, part: 'daemon' | 'agent'): string {
  return join(server.run, `${part}.edition`);
}

export function imagePath(disks: string, serial: string): string {
  return join(disks, `${encodeURIComponent(serial)}.img`);
}

export function faultPath(disks: string, serial: string): string {
  return join(disks, `${encodeURIComponent(serial)}.fault`);
}
