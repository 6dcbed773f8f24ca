/**
 * Public keys as SSH writes them (RFC 4253 section 6.6, RFC 5656, RFC 8709; PROTOCOL.u2f for keys
 * in hardware), and what each has to do with a signature. Node's crypto does the arithmetic.
 *
 *   ssh-ed25519                          string type, string point
 *   ecdsa-sha2-nistp256, 384, 521        string type, string curve, string point
 *   ssh-rsa                              string type, mpint e, mpint n
 *   sk-ssh-ed25519@openssh.com           as without sk-, and string application
 *   sk-ecdsa-sha2-nistp256@openssh.com   likewise
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { base64, Problem, WireReader } from './wire.ts';

const ED25519_POINT_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 16_384;
const MOST_RSA_EXPONENT_BYTES = 8;
/** The person touched the key (PROTOCOL.u2f). */
const USER_PRESENT = 0x01;

const CURVES: Record<string, { jwk: string; bytes: number; hash: string }> = {
  nistp256: { jwk: 'P-256', bytes: 32, hash: 'sha256' },
  nistp384: { jwk: 'P-384', bytes: 48, hash: 'sha384' },
  nistp521: { jwk: 'P-521', bytes: 66, hash: 'sha512' },
};

/** SHA-1 ("ssh-rsa" as a signature) is left out on purpose. */
const RSA_HASHES: Record<string, string> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

export interface PublicKey {
  type: string;
  /** `SHA256:…`, as ssh-keygen -l prints it. */
  fingerprint: string;
  /** Throws a Problem that says why the signature is none; returns when it is good. */
  check(signed: Buffer, signature: Buffer): void;
}

function fingerprint(blob: Buffer): string {
  const hash = createHash('sha256').update(blob).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}

function keyOf(jwk: JsonWebKey, type: string): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new Problem(`the ${type} key is no point of its curve, or no such key at all`);
  }
}

function demand(isGood: boolean): void {
  if (!isGood) throw new Problem('the signature does not fit the text: one of them was changed');
}

type Verifier = (signed: Buffer, reader: WireReader) => void;

function ed25519(reader: WireReader, type: string): Verifier {
  const point = reader.string();
  if (point.length !== ED25519_POINT_BYTES) throw new Problem(`the ${type} key has a wrong length`);
  const key = keyOf({ kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, type);
  return (signed, signature) => {
    const bytes = signature.string();
    demand(bytes.length === ED25519_SIGNATURE_BYTES && verify(null, signed, key, bytes));
  };
}

function ecdsa(reader: WireReader, type: string): Verifier {
  const name = reader.word();
  const curve = CURVES[name];
  if (!curve || !type.replace(/@.*$/, '').endsWith(`-${name}`)) {
    throw new Problem(`the ${type} key names the curve ${name}`);
  }
  const point = reader.string();
  if (point.length !== 1 + 2 * curve.bytes || point[0] !== 4) {
    throw new Problem(`the ${type} key has a wrong length`);
  }
  const x = point.subarray(1, 1 + curve.bytes).toString('base64url');
  const y = point.subarray(1 + curve.bytes).toString('base64url');
  const key = keyOf({ kty: 'EC', crv: curve.jwk, x, y }, type);
  return (signed, signature) => {
    const numbers = new WireReader(signature.string(), 'the signature');
    const both = [numbers.mpint(), numbers.mpint()].map((number) => {
      if (number.length > curve.bytes) throw new Problem('the signature holds too large a number');
      return Buffer.concat([Buffer.alloc(curve.bytes - number.length), number]);
    });
    numbers.end();
    demand(verify(curve.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(both)));
  };
}

function rsa(reader: WireReader, type: string): (algorithm: string) => Verifier {
  const e = reader.mpint();
  const n = reader.mpint();
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits < LEAST_RSA_BITS) {
    throw new Problem(`the RSA key has ${bits} bits; ${LEAST_RSA_BITS} are the least`);
  }
  if (bits > MOST_RSA_BITS || e.length > MOST_RSA_EXPONENT_BYTES) {
    throw new Problem('the RSA key is too large');
  }
  const key = keyOf({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }, type);
  return (algorithm) => (signed, signature) => {
    const bytes = signature.string();
    const hash = RSA_HASHES[algorithm] as string;
    demand(bytes.length === n.length && verify(hash, signed, key, bytes));
  };
}

/** A key in hardware signs a digest of what it is given, with a counter and whether it was touched. */
function inHardware(reader: WireReader, inner: Verifier): Verifier {
  const application = createHash('sha256').update(reader.string()).digest();
  return (signed, signature) => {
    // Its own part comes first, flags and counter after it: they are part of what is signed.
    const own = signature.string();
    const tail = signature.take(5);
    if (((tail[0] ?? 0) & USER_PRESENT) === 0) {
      throw new Problem('nobody touched the hardware key when it signed');
    }
    const whole = [application, tail, createHash('sha256').update(signed).digest()];
    const length = Buffer.alloc(4);
    length.writeUInt32BE(own.length);
    const part = new WireReader(Buffer.concat([length, own]), 'the signature');
    inner(Buffer.concat(whole), part);
  };
}

/** By type of key: how the rest of it is read, and the verifier by the signature's algorithm. */
function verifierOf(type: string, reader: WireReader): (algorithm: string) => Verifier | null {
  const only = (verifier: Verifier) => (algorithm: string) =>
    algorithm === type ? verifier : null;
  switch (type) {
    case 'ssh-ed25519':
      return only(ed25519(reader, type));
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return only(ecdsa(reader, type));
    case 'sk-ssh-ed25519@openssh.com': {
      const inner = ed25519(reader, type);
      return only(inHardware(reader, inner));
    }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const inner = ecdsa(reader, type);
      return only(inHardware(reader, inner));
    }
    case 'ssh-rsa': {
      const by = rsa(reader, type);
      return (algorithm) => (Object.hasOwn(RSA_HASHES, algorithm) ? by(algorithm) : null);
    }
    default:
      if (type.includes('-cert-')) throw new Problem(`certificates (${type}) are not supported`);
      throw new Problem(`keys of type ${type} are not supported`);
  }
}

export function readKey(blob: Buffer): PublicKey {
  const reader = new WireReader(blob, 'the public key');
  const type = reader.word();
  const by = verifierOf(type, reader);
  reader.end();
  return {
    type,
    fingerprint: fingerprint(blob),
    check(signed, signature) {
      const parts = new WireReader(signature, 'the signature');
      const algorithm = parts.word();
      const verifier = by(algorithm);
      if (!verifier)
        throw new Problem(`a signature by ${algorithm} is not taken from a ${type} key`);
      verifier(signed, parts);
      parts.end();
    },
  };
}

/** `TYPE BASE64 [COMMENT]`, as in a .pub file. */
export function readKeyLine(line: string): PublicKey {
  const [type = '', blob = ''] = line.trim().split(/[ \t]+/);
  const key = readKey(base64(blob, 'the public key'));
  if (key.type !== type) throw new Problem(`the public key says ${type} and is a ${key.type}`);
  return key;
}
