/** Where a process runs and from where it was reached; the login itself is login.ts. */
import { hostname } from 'node:os';
import type { JsonObject } from '../core/json.ts';

/**
 * `ssh` is what sshd left in the environment: `CLIENT PORT SERVER PORT`. Whoever started the
 * process could have changed it, unlike the login.
 */
export function whereabouts(): JsonObject {
  const { SSH_CONNECTION, SSH_CLIENT } = process.env;
  return { host: hostname(), pid: process.pid, ssh: SSH_CONNECTION ?? SSH_CLIENT ?? null };
}
