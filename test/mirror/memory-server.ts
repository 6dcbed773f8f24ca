/** A server of the tests' world: its disk, its files, its host's answers, and the agent that runs there. */
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Address } from '../../src/core/part.ts';
import type { MirrorAgent, MirrorAgentPorts } from '../../src/mirror/agent/agent.ts';
import type { LogFiles } from '../../src/ports/files.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import { type Link, WireError } from '../../src/ports/wire.ts';
import type { MemoryBulk } from './memory-bulk.ts';
import type { MemoryPartition } from './memory-partition.ts';

export interface ServerOf {
  name: string;
  cp: MemoryPartition;
  dp: MemoryPartition;
  agent: MirrorAgent | null;
  files: Map<string, string>;
  bulk: MemoryBulk;
  /** Of its disk, as the host tells it. */
  serial: string;
  power: 'on' | 'off';
  /** How often its power was turned on. */
  boots: number;
  /** Its system goes down in order. */
  goingDown: boolean;
  /** Ports that only some tests have. */
  extra: Partial<MirrorAgentPorts>;
  /** Times the agent said that the disk failed. */
  diskErrors: string[];
  log: LogEntry[];
  events: Json[];
  handler: ((from: Address, body: Json) => Promise<Json>) | null;
  listener: ((link: Link) => void) | null;
}

export function filesOf({ files }: ServerOf): LogFiles {
  return {
    read: async (path) => files.get(path) ?? null,
    write: async (path, text) => void files.set(path, text),
    append: async (path, text) => {
      files.set(path, (files.get(path) ?? '') + text);
      return files.get(path)!.length;
    },
    rename: async (from, to) => {
      files.set(to, files.get(from) ?? '');
      files.delete(from);
    },
    list: async (folder) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    remove: async (path) => void files.delete(path),
  };
}

/** What its host answers. */
export async function askHost(server: ServerOf, body: JsonObject): Promise<Json> {
  if (server.power === 'off') throw new WireError('timeout', 'the server is off');
  if (body.do === 'files' && body.op === 'write') {
    server.files.set(String(body.path), String(body.text));
    return {};
  }
  if (body.do === 'files') return { text: server.files.get(String(body.path)) ?? null };
  if (body.do === 'status') {
    const node = server.goingDown ? 'shuttingDown' : 'online';
    const disks = { '/dev/sdb': { serial: server.serial } };
    return { disks, node, bootId: `boot ${server.boots}` };
  }
  return {};
}
