/**
 * The SSH keys of this login. The private half may lie in an agent or on a hardware key: only the
 * public half is looked at here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The public line of a key: of FILE.pub, or of FILE where that is public itself. */
export function publicLineOf(key: string): string | null {
  for (const file of [`${key}.pub`, key]) {
    if (!existsSync(file)) continue;
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    if (/^(ssh-|ecdsa-|sk-)\S+ \S+/.test(line)) return line.trim();
  }
  return null;
}

/** Keys of this login: `~/.ssh/id_*`, private half or none (an agent has it). */
export function ownKeys(folder = join(homedir(), '.ssh')): { key: string; line: string }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^id_.*\.pub$/.test(name));
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const line = publicLineOf(file.slice(0, -'.pub'.length));
    if (!line) return [];
    const bare = file.slice(0, -'.pub'.length);
    return [{ key: existsSync(bare) ? bare : file, line }];
  });
}
