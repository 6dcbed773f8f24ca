/** The real ssh-keygen signs, with keys made for the test; where it lacks the tests say so. */
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { sshKeygen } from '../../src/adapters/ssh-keygen.ts';
import { verifySignature } from '../../src/signing/index.ts';

const KINDS = [
  ['ed25519', '-t', 'ed25519'],
  ['ecdsa 256', '-t', 'ecdsa', '-b', '256'],
  ['ecdsa 384', '-t', 'ecdsa', '-b', '384'],
  ['ecdsa 521', '-t', 'ecdsa', '-b', '521'],
  ['rsa 2048', '-t', 'rsa', '-b', '2048'],
] as const;

/** A folder with a fresh key; null, and the reason told, without ssh-keygen. */
async function freshKey(t: ExecutionContext, args: readonly string[], passphrase = '') {
  const folder = mkdtempSync(join(tmpdir(), 'signer-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const key = join(folder, 'key');
  const made = await execa('ssh-keygen', ['-q', '-N', passphrase, '-f', key, ...args], {
    reject: false,
  });
  if (made.exitCode === 0) return { folder, key, line: readFileSync(`${key}.pub`, 'utf8').trim() };
  t.log(`skipped: no key of that kind can be made here: ${made.stderr || made.message}`);
  t.pass();
  return null;
}

const verdict = (text: string, signature: string, line: string) =>
  verifySignature(text, signature, {
    trust: { signers: [`anna ${line}`], revoked: [] },
    principal: 'anna',
    namespace: 'drydock.window',
    at: 0,
  }).ok;

for (const [kind, ...args] of KINDS) {
  test(`what ssh-keygen signs with ${kind} is verified without it`, async (t) => {
    const fresh = await freshKey(t, args);
    if (!fresh) return;
    const text = '{"title":"Grüße, 世界 \\n"}';
    const signature = await sshKeygen().sign(text, 'drydock.window', fresh.key);
    t.true(verdict(text, signature, fresh.line));
    t.false(verdict(`${text} `, signature, fresh.line));
    t.deepEqual(readdirSync(fresh.folder).sort(), ['key', 'key.pub']);
  });
}

test('an agent signs for a public key', async (t) => {
  const fresh = await freshKey(t, ['-t', 'ed25519']);
  if (!fresh) return;
  const agent = await execa('ssh-agent', ['-c', '-a', join(fresh.folder, 'agent')], {
    reject: false,
  });
  const pid = Number(/SSH_AGENT_PID (\d+)/.exec(agent.stdout)?.[1]);
  if (agent.exitCode !== 0 || !pid) {
    t.log('skipped: no ssh-agent can be started here');
    t.pass();
    return;
  }
  t.teardown(() => process.kill(pid));
  const env = { SSH_AUTH_SOCK: join(fresh.folder, 'agent') };
  await execa('ssh-add', ['-q', fresh.key], { env });
  const only = join(fresh.folder, 'elsewhere.pub');
  copyFileSync(`${fresh.key}.pub`, only);
  const signature = await sshKeygen({ env }).sign('text', 'drydock.window', only);
  t.true(verdict('text', signature, fresh.line));
});

test('what keeps ssh-keygen from signing is told with a remedy', async (t) => {
  const fresh = await freshKey(t, ['-t', 'ed25519'], 'a passphrase');
  if (!fresh) return;
  const missing = join(fresh.folder, 'none');
  await t.throwsAsync(sshKeygen().sign('text', 'drydock.window', missing), {
    message: new RegExp(`^ssh-keygen could not sign with ${missing}: .*No such file`),
    code: 'signer.refused',
  });
  // Nobody is at a terminal to type the passphrase.
  const env = { SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force' };
  const locked = await t.throwsAsync(sshKeygen({ env }).sign('text', 'drydock.window', fresh.key));
  t.regex(String(locked?.message), /passphrase/);
  chmodSync(fresh.key, 0o644);
  const open = await t.throwsAsync(sshKeygen({ env }).sign('text', 'drydock.window', fresh.key));
  t.is((open as { remedy?: string }).remedy, 'chmod 600 the key file');
});

test('a missing ssh-keygen is named, with what to install', async (t) => {
  const signer = sshKeygen({ program: 'there-is-no-such-program' });
  await t.throwsAsync(signer.sign('text', 'drydock.window', 'key'), {
    message: 'cannot sign: there is no program there-is-no-such-program',
    code: 'signer.missing',
  });
});
