/**
 * The whole environment of a lab's processes, and how a program reads it back. DRYDOCK_LAB and
 * DRYDOCK_SERVER are the marks by which `lab down` and a power cut find every process; nobody is
 * allowed anything by them.
 */
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { ScriptRunnerOptions } from '../adapters/script-runner.ts';
import { type TcpWire, tcpWire } from '../adapters/tcp-wire.ts';
import { DrydockError } from '../core/errors.ts';
import type { PartName } from '../core/part.ts';
import type { Clock } from '../ports/clock.ts';
import { type LabFile, readLabFile } from './lab-file.ts';
import { LabTransport } from './lab-transport.ts';
import { layoutOf, type ServerLayout } from './layout.ts';
import { compileCache } from './place.ts';

export function labMarks(lab: string): Record<string, string> {
  return { DRYDOCK_LAB: lab };
}

export function serverMarks(lab: string, server: string): Record<string, string> {
  return { DRYDOCK_LAB: lab, DRYDOCK_SERVER: server };
}

/** Without `server`: a process that is no part of a server (the switch, a supervisor). */
export function processEnvironment(who: {
  folder: string;
  lab: string;
  server?: string;
}): Record<string, string> {
  return {
    ...(who.server ? serverMarks(who.lab, who.server) : labMarks(who.lab)),
    DRYDOCK_LAB_FOLDER: who.folder,
    NODE_COMPILE_CACHE: compileCache(),
    LC_ALL: 'C',
  };
}

export interface Surroundings {
  folder: string;
  lab: LabFile;
  key: Buffer;
}

export function openSurroundings(folder: string): Surroundings {
  const lab = readLabFile(folder);
  if (!lab) {
    throw new DrydockError(`there is no lab in ${folder}`, {
      code: 'lab.missing',
      exit: 2,
      remedy: 'start one with `drydock lab up`',
    });
  }
  const key = Buffer.from(readFileSync(layoutOf(folder).key, 'utf8').trim(), 'hex');
  return { folder, lab, key };
}

export interface ServerSurroundings extends Surroundings {
  server: string;
  layout: ServerLayout;
}

function needed(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new DrydockError(`this program is started by a lab, with ${name} set`, {
    code: 'lab.environment',
    exit: 2,
    remedy: 'use `drydock lab up`',
  });
}

export function labFolderOfProcess(): string {
  return needed('DRYDOCK_LAB_FOLDER');
}

/** Whether the supervisor has something to hand over that nobody may list. */
export function isSealed(): boolean {
  return process.env.DRYDOCK_SEALED === '1';
}

/**
 * Set for a program of a server by whoever reads its data, beside its words, on file descriptor 3;
 * the output itself may not be mixed with it.
 */
export const DATA_WANTED = 'DRYDOCK_DATA';
export const DATA_DESCRIPTOR = 3;

/** What a program of a server starts from; `server` by DRYDOCK_SERVER unless given. */
export function serverSurroundings(server = needed('DRYDOCK_SERVER')): ServerSurroundings {
  const around = openSurroundings(labFolderOfProcess());
  return { ...around, server, layout: layoutOf(around.folder).server(server) };
}

/** How a server's own scripts are run. */
export function scriptsOf({
  lab,
  server,
  layout,
}: Pick<ServerSurroundings, 'lab' | 'server' | 'layout'>): ScriptRunnerOptions {
  return {
    root: layout.root,
    bin: [layout.bin, layout.usual].join(delimiter),
    guard: layout.guard,
    logs: layout.log,
    marks: serverMarks(lab.id, server),
  };
}

export interface Plugged {
  wire: TcpWire;
  transport: LabTransport;
}

/** A wire over the lab's switch, and within the server; nothing is registered yet. */
export function plugIn(
  { folder, lab, key }: Surroundings,
  server: string,
  part: PartName | 'control',
  clock: Clock,
): Plugged {
  if (!lab.switch) {
    throw new DrydockError('this lab never came up', {
      code: 'lab.partial',
      remedy: 'run `drydock lab down`, then `drydock lab up`',
    });
  }
  const self = { server, part };
  const within = server === 'control' ? {} : { sockets: layoutOf(folder).server(server).run };
  const transport = new LabTransport({ self, place: lab.switch, key, ...within });
  const wire = tcpWire({ server, part, key, transport, lans: lab.lans, clock });
  return { wire, transport };
}
