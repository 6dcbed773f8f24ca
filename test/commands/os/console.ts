/** A console on a server whose host is the real step: what is typed, and what is answered. */

import type { Environment, Report } from '../../../src/commands/environment.ts';
import { osCommands } from '../../../src/commands/os/index.ts';
import { DrydockError } from '../../../src/core/errors.ts';
import type { Json } from '../../../src/core/json.ts';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import { resolveDevice } from '../../../src/host/devices.ts';
import type { Files } from '../../../src/ports/files.ts';
import { RemoteError, WireError } from '../../../src/ports/wire.ts';
import { bare, type Chassis } from '../../host/harness.ts';
import { wordsOf } from '../../support/report-schemas.ts';

export interface Console {
  chassis: Chassis;
  files: Map<string, string>;
  /** What was shown while a command ran: prompts with their answers, and progress. */
  shown: string[];
  /** Bytes of devices by path, and the agent's answers by request. */
  devices: Map<string, Uint8Array>;
  /** What stands outside the servers, by kind and name. */
  outside: Map<string, string>;
  agent: ((body: { do: string; [key: string]: Json }) => Json) | null;
  slept: number;
  type(line: string, ...answers: string[]): Promise<Omit<Report, 'data'>>;
}

function answerOf(console: Console): Json {
  const { chassis } = console;
  for (const effect of chassis.effects) {
    if (effect.type === 'readFacts') {
      const facts = { configHash: null, mirrorBreaks: {} };
      chassis.take({ type: 'facts.read', id: effect.id, facts });
    }
    if (effect.type === 'askOutside') {
      const text = console.outside.get(effect.key) ?? null;
      chassis.take({ type: 'outside.said', id: effect.id, text });
    }
    if (effect.type === 'readDevice') {
      const { id, device, offset, length } = effect;
      const bytes = console.devices.get(device)!.subarray(offset, offset + length);
      const data = Buffer.from(bytes).toString('base64');
      chassis.take({ type: 'device.read', id, body: { data } });
    }
    if (effect.type === 'clearDevice') {
      const { id, device } = effect;
      console.devices.get(device)?.fill(0);
      const sizeBytes = resolveDevice(chassis.state, device)!.size;
      chassis.take({ type: 'device.cleared', id, body: { sizeBytes } });
    }
    if (effect.type === 'placeProduct' || effect.type === 'removeProduct') {
      if (effect.type === 'removeProduct') console.files.delete(CONFIG_PATH);
      chassis.take({ type: 'file.written', id: effect.id, body: {} });
    }
  }
  for (const effect of chassis.effects) {
    if (effect.type === 'refuseRequest') throw new RemoteError(effect.code, effect.message);
    if (effect.type === 'sendReply') return effect.body;
  }
  throw new WireError('timeout', 'the host does not answer');
}

function environment(console: Console, answers: string[]): Environment {
  const files: Files = {
    read: async (path) => console.files.get(path) ?? null,
    write: async (path, text) => void console.files.set(path, text),
    list: async (path) =>
      [...console.files.keys()].filter((name) => name.startsWith(`${path}/`)).sort(),
    remove: async (path) => void console.files.delete(path),
  };
  return {
    server: 'server1',
    clock: {
      now: () => Date.UTC(2026, 0, 5, 12, 0, 0),
      at(at, fn) {
        console.slept = at - Date.UTC(2026, 0, 5, 12, 0, 0);
        fn();
        return () => {};
      },
    },
    files,
    here: { files, path: '/' },
    async request(to, body) {
      if (to.part === 'agent') {
        if (console.agent === null) throw new WireError('refused', 'no agent runs');
        return console.agent(body as { do: string });
      }
      console.chassis.ask('host', body, 'server1');
      return answerOf(console);
    },
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
    async ask(prompt) {
      const answer = answers.shift();
      if (answer === undefined) {
        console.shown.push(`${prompt}\n`);
        throw new DrydockError(`nobody answers: ${prompt}`, { code: 'prompt.unanswered' });
      }
      console.shown.push(`${prompt}${answer}\n`);
      return answer;
    },
    progress: (text) => void console.shown.push(text),
  };
}

export function openConsole(chassis = bare()): Console {
  const console: Console = {
    chassis,
    files: new Map(),
    shown: [],
    devices: new Map(),
    outside: new Map(),
    agent: null,
    slept: 0,
    async type(line, ...answers) {
      const [name, ...args] = line.split(' ').filter(Boolean);
      const command = osCommands.find((known) => known.name === name);
      if (!command) throw new Error(`no command ${name}`);
      return wordsOf(await command.run(environment(console, answers), args));
    },
  };
  return console;
}

/** A report on one line: its code, what it said, what it complained of. */
export function said({ code, stdout, stderr }: Omit<Report, 'data'>): string {
  return [String(code), stdout, stderr]
    .map((text) => text.trimEnd())
    .filter(Boolean)
    .join(' | ');
}
