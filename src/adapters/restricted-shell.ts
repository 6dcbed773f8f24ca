/**
 * How a resource's own script is run without reaching the real machine: `bash --restricted` (no
 * slash in a command's name, no change of PATH, no output redirection, no exec), a PATH that holds
 * nothing but the server's own programs, and an environment made from nothing.
 *
 * What restricted mode leaves open is closed by a guard file that bash reads before the
 * restrictions begin: the builtin `kill` (it could signal any process of this machine), builtins
 * that write files or turn builtins on again, and variables that change what a program loads.
 * Left open: reading files by `<`. Scripts are configuration; they are confined, not distrusted.
 */
import { existsSync } from 'node:fs';
import { DrydockError } from '../core/errors.ts';
import { OWNER_ONLY, writeDurablySync } from './durable-file.ts';

const GUARD = `# Written by Drydock: read by bash before a resource script (see restricted-shell.ts).
export -n BASH_ENV
ulimit -f 131072
enable -n kill history fc hash bind suspend ulimit compgen complete compopt
enable -n caller disown enable
readonly LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG LD_DEBUG_OUTPUT
readonly NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_REPL_EXTERNAL_MODULE
readonly OPENSSL_CONF GCONV_PATH LOCPATH DRYDOCK_LAB DRYDOCK_SERVER
`;

const SHELLS = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'];

/** Variables a caller may hand to a script: the manuals' CLP_*; nothing a program loads by. */
const ALLOWED_VARIABLE = /^CLP_[A-Z0-9_]+$/;

export interface RestrictedCall {
  file: string;
  args: string[];
  env: Record<string, string>;
}

export function writeGuard(path: string): void {
  writeDurablySync(path, GUARD, { mode: OWNER_ONLY });
}

function findShell(): string {
  const shell = SHELLS.find((path) => existsSync(path));
  if (shell) return shell;
  throw new DrydockError('resource scripts need bash, and there is none on this machine', {
    code: 'shell.missing',
    remedy: 'install bash',
  });
}

export interface Confinement {
  /** The only folders on PATH, as PATH has them. */
  bin: string;
  guard: string;
  /** Marks that every process of a server carries, so that a power cut finds it. */
  marks: Record<string, string>;
}

export function restrictedCall(
  script: string,
  given: Record<string, string>,
  { bin, guard, marks }: Confinement,
  scriptArgs: readonly string[] = [],
): RestrictedCall {
  const passed = Object.entries(given).filter(([name]) => ALLOWED_VARIABLE.test(name));
  return {
    file: findShell(),
    args: ['--restricted', '--noprofile', '--norc', script, ...scriptArgs],
    env: {
      ...Object.fromEntries(passed),
      ...marks,
      PATH: bin,
      BASH_ENV: guard,
      LC_ALL: 'C',
    },
  };
}
