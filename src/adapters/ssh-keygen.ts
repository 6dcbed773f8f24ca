/**
 * Signs with OpenSSH's own program, so that a private key never comes near this one: it may lie in
 * a file, in an agent (SSH_AUTH_SOCK is passed on, the key file then is the public one) or on a
 * hardware key. What is signed goes in on stdin; a passphrase is asked at the terminal, which
 * ssh-keygen opens by itself. What it says about touching a hardware key is passed on.
 */
import { execa } from 'execa';
import { DrydockError } from '../core/errors.ts';
import type { Signer } from '../ports/signatures.ts';

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n[\s\S]+\n-----END SSH SIGNATURE-----\n?$/;

/** What ssh-keygen says, and what to do about it. */
const REMEDIES: [RegExp, string][] = [
  [/No such file/i, 'name the key file: --key FILE, or DRYDOCK_KEY'],
  [/UNPROTECTED|too open|bad permissions/i, 'chmod 600 the key file'],
  [/incorrect passphrase|passphrase/i, 'try again, at a terminal, or add the key to an agent'],
  [/agent|No private key/i, 'add the key to the agent: ssh-add, and see ssh-add -l'],
  [/unknown option|illegal option|usage:/i, 'install OpenSSH 8.2 or newer'],
  [/device|authenticator|FIDO|security key/i, 'plug the hardware key in and touch it when it asks'],
];

function refused(key: string, said: string, exitCode: number | undefined): DrydockError {
  const reported = said.trim().replace(/\s*\r?\n\s*/g, '; ') || `exit code ${exitCode ?? 'none'}`;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(reported))?.[1];
  return new DrydockError(`ssh-keygen could not sign with ${key}: ${reported}`, {
    code: 'signer.refused',
    remedy: remedy ?? 'see that the key file is one of yours and can be read',
  });
}

export interface SshKeygenOptions {
  /** Its path, where it is not on PATH. */
  program?: string;
  env?: Record<string, string>;
}

/** At the terminal, and not in a window of a desktop that may have none to ask with. */
function askHere(): Record<string, string> {
  const { SSH_ASKPASS, SSH_ASKPASS_REQUIRE } = process.env;
  return SSH_ASKPASS || SSH_ASKPASS_REQUIRE ? {} : { SSH_ASKPASS_REQUIRE: 'never' };
}

export function sshKeygen(options: SshKeygenOptions = {}): Signer {
  const program = options.program ?? 'ssh-keygen';
  return {
    async sign(text, namespace, key) {
      const said: string[] = [];
      function* passOn(line: unknown) {
        said.push(String(line));
        if (/presence|touch/i.test(String(line))) yield line;
      }
      const end = await execa(program, ['-Y', 'sign', '-q', '-n', namespace, '-f', key], {
        input: text,
        env: { ...askHere(), ...options.env },
        extendEnv: true,
        shell: false,
        reject: false,
        stripFinalNewline: false,
        stderr: [passOn, 'inherit'],
      });
      if (end.code === 'ENOENT') {
        throw new DrydockError(`cannot sign: there is no program ${program}`, {
          code: 'signer.missing',
          remedy: 'install OpenSSH’s client programs (8.2 or newer)',
          cause: end,
        });
      }
      if (end.exitCode !== 0 || !ARMOR.test(end.stdout)) {
        throw refused(key, said.join('\n'), end.exitCode);
      }
      return end.stdout;
    },
  };
}
