/**
 * The programs of a lab server as files in a folder for PATH. Each is a shell script of one line
 * that hands its arguments, untouched, to the command program, under an environment made from
 * nothing (so no NODE_OPTIONS, no PATH, nothing of the caller's reaches it) but the wish for data.
 * What a machine has as good ones of lies apart: a script of the field, with the first folder in
 * front of its PATH, finds the machine's own `cat` and `date`.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurablySync } from '../adapters/durable-file.ts';
import { commands } from '../commands/index.ts';
import { DATA_WANTED, processEnvironment } from './environment.ts';
import type { ServerLayout } from './layout.ts';
import { programPath } from './place.ts';

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function launcher(name: string, env: Record<string, string>): string {
  const words = [
    ...Object.entries(env).map(([key, value]) => quoted(`${key}=${value}`)),
    `\${${DATA_WANTED}:+${DATA_WANTED}=1}`,
    quoted(process.execPath),
    quoted(programPath('command')),
    quoted(name),
  ];
  return `#!/bin/sh\nexec /usr/bin/env -i ${words.join(' ')} "$@"\n`;
}

export function writeLaunchers(
  folder: string,
  lab: string,
  name: string,
  server: ServerLayout,
): void {
  const env = processEnvironment({ folder, lab, server: name });
  for (const bin of [server.bin, server.usual]) {
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin, { recursive: true, mode: 0o700 });
  }
  for (const { name: command, kind } of commands.values()) {
    const path = join(kind === 'usual' ? server.usual : server.bin, command);
    writeDurablySync(path, launcher(command, env), { mode: 0o700, flush: false });
  }
}
