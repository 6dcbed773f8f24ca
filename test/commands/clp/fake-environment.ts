/** A command on a server of the fake cluster: its report, what it showed, what it asked. */

import type { Environment, Report } from '../../../src/commands/environment.ts';
import { commands } from '../../../src/commands/index.ts';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import type { Files } from '../../../src/ports/files.ts';
import { type FakeServers, fakeClock, fakeServers, V3_TEXT } from '../../cluster/fake-servers.ts';
import { wordsOf } from '../../support/report-schemas.ts';

export interface Stage {
  servers: FakeServers;
  files: Map<string, string>;
  /** Replies to prompts, in order; a missing one means that nobody is there. */
  replies: string[];
  prompts: string[];
  shown: string;
}

export function stage(text: string | null = V3_TEXT): Stage {
  const files = new Map<string, string>();
  if (text !== null) files.set(CONFIG_PATH, text);
  return { servers: fakeServers(), files, replies: [], prompts: [], shown: '' };
}

export function environment(on: Stage, server = 'server1'): Environment {
  const files: Files = {
    read: async (path) => on.files.get(path) ?? null,
    write: async (path, text) => {
      on.files.set(path, text);
    },
    list: async () => [],
    remove: async (path) => {
      on.files.delete(path);
    },
  };
  return {
    server,
    clock: fakeClock(),
    files,
    here: { files, path: '/root' },
    request: (to, body, timeoutMs) => on.servers.request(to, body, timeoutMs),
    reaches: async () => false,
    runScript: async (path) => ({ code: 127, timedOut: false, output: `${path}\n` }),
    random: { id: () => '0123456789abcdef', next: () => 0.5 },
    caller: {
      operation: 'test',
      login: {
        real: { uid: 0, name: 'root' },
        effective: { uid: 0, name: 'root' },
        terminal: null,
      },
    },
    ask: async (prompt) => {
      on.prompts.push(prompt);
      const reply = on.replies.shift();
      if (reply === undefined) throw new Error('nobody is there');
      return reply;
    },
    progress: (text) => {
      on.shown += text;
    },
  };
}

/** `run(stage, 'clpgrp -s failover1', 'server2')` */
export async function run(
  on: Stage,
  line: string,
  server = 'server1',
): Promise<Omit<Report, 'data'>> {
  const [name = '', ...args] = line.split(' ');
  const command = commands.get(name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return wordsOf(await command.run(environment(on, server), args));
}
