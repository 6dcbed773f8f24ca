/** SSH keys and signatures (PROTOCOL.sshsig) made in the test, without ssh-keygen. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

function wire(...parts: (Buffer | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

export interface TestKey {
  /** `ssh-ed25519 AAAA…` */
  publicLine: string;
  sign(text: string, namespace?: string): string;
}

export function testKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = wire('ssh-ed25519', raw);
  return {
    publicLine: `ssh-ed25519 ${blob.toString('base64')}`,
    sign(text, namespace = 'drydock.checkpoint') {
      const digest = createHash('sha512').update(text).digest();
      const head = Buffer.from('SSHSIG');
      const about = [namespace, '', 'sha512'];
      const made = sign(null, Buffer.concat([head, wire(...about, digest)]), privateKey);
      const signature = wire('ssh-ed25519', made);
      const version = Buffer.from([0, 0, 0, 1]);
      const whole = Buffer.concat([head, version, wire(blob, ...about, signature)]);
      const lines = whole.toString('base64').match(/.{1,70}/g) as string[];
      return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
    },
  };
}
