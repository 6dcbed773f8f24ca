/** Keys as hardware holds them (PROTOCOL.u2f), and others, signing as OpenSSH would have them. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export function wire(...parts: (Buffer | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

export function armored(blob: Buffer): string {
  const lines = blob.toString('base64').match(/.{1,70}/g) as string[];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
}

/** A number as SSH writes it: shortest form, positive. */
export function mpint(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const rest = bytes.subarray(first);
  return wire((rest[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), rest]) : rest);
}

/** The blob of a signature, from its parts. */
export function sshsig(parts: {
  key: Buffer;
  text: string;
  namespace?: string;
  hash?: string;
  sign(signed: Buffer): Buffer;
}): Buffer {
  const { key, text, namespace = 'drydock.window', hash = 'sha512' } = parts;
  const digest = createHash(hash === 'sha256' ? 'sha256' : 'sha512')
    .update(text)
    .digest();
  const about = [namespace, '', hash];
  const head = Buffer.from('SSHSIG');
  const signature = parts.sign(Buffer.concat([head, wire(...about, digest)]));
  return Buffer.concat([head, Buffer.from([0, 0, 0, 1]), wire(key, ...about, signature)]);
}

const APPLICATION = 'ssh:';

/** What hardware signs: digest of the application, flags, counter, digest of the data. */
function asHardware(data: Buffer, flags: number): { whole: Buffer; tail: Buffer } {
  const sha = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();
  const tail = Buffer.from([flags, 0, 0, 0, 7]);
  return { whole: Buffer.concat([sha(APPLICATION), tail, sha(data)]), tail };
}

interface HardwareKey {
  publicLine: string;
  sign(text: string, flags: number): string;
}

const rawPoint = (key: KeyObject) => {
  const { x, y } = key.export({ format: 'jwk' });
  const point = Buffer.from(x as string, 'base64url');
  return y === undefined
    ? point
    : Buffer.concat([Buffer.from([4]), point, Buffer.from(y, 'base64url')]);
};

export function hardwareEd25519(): HardwareKey {
  const type = 'sk-ssh-ed25519@openssh.com';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = wire(type, rawPoint(publicKey), APPLICATION);
  return {
    publicLine: `${type} ${key.toString('base64')}`,
    sign: (text, flags) =>
      armored(
        sshsig({
          key,
          text,
          sign(signed) {
            const { whole, tail } = asHardware(signed, flags);
            return Buffer.concat([wire(type, sign(null, whole, privateKey)), tail]);
          },
        }),
      ),
  };
}

export function hardwareEcdsa(): HardwareKey {
  const type = 'sk-ecdsa-sha2-nistp256@openssh.com';
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = wire(type, 'nistp256', rawPoint(publicKey), APPLICATION);
  return {
    publicLine: `${type} ${key.toString('base64')}`,
    sign: (text, flags) =>
      armored(
        sshsig({
          key,
          text,
          sign(signed) {
            const { whole, tail } = asHardware(signed, flags);
            const both = sign('sha256', whole, { key: privateKey, dsaEncoding: 'ieee-p1363' });
            const numbers = [mpint(both.subarray(0, 32)), mpint(both.subarray(32))];
            return Buffer.concat([wire(type, Buffer.concat(numbers)), tail]);
          },
        }),
      ),
  };
}
