/**
 * A detached SSH signature (PROTOCOL.sshsig), taken apart: armor, then blob.
 *
 *   -----BEGIN SSH SIGNATURE-----        "SSHSIG"  uint32 version = 1
 *   base64 in lines                      string publickey, namespace, reserved, hash, signature
 *   -----END SSH SIGNATURE-----
 *
 * What the key signed: "SSHSIG", string namespace, reserved, hash, H(text).
 */
import { createHash } from 'node:crypto';
import { base64, Problem, WireReader, wireString } from './wire.ts';

const MAGIC = 'SSHSIG';
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----\n';
const END = '\n-----END SSH SIGNATURE-----';
const MOST_LINE_CHARACTERS = 76;
/** The largest RSA key with its signature has some 4 KiB. */
const MOST_ARMOR_CHARACTERS = 16_384;
const HASHES = ['sha256', 'sha512'];

export interface SignatureBlob {
  key: Buffer;
  namespace: string;
  signature: Buffer;
  /** What the key has signed, when `text` is what the signature is over. */
  signedData(text: string): Buffer;
}

function dearmor(armored: string): Buffer {
  const text = armored.endsWith('\n') ? armored.slice(0, -1) : armored;
  if (text.length > MOST_ARMOR_CHARACTERS) throw new Problem('the signature is too large');
  if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length < BEGIN.length + END.length) {
    throw new Problem('this is no armored SSH signature');
  }
  const lines = text.slice(BEGIN.length, -END.length).split('\n');
  if (lines.some(({ length }) => length === 0 || length > MOST_LINE_CHARACTERS)) {
    throw new Problem('the armored signature has a line of a wrong length');
  }
  return base64(lines.join(''), 'the armored signature');
}

export function readSignature(armored: string): SignatureBlob {
  const reader = new WireReader(dearmor(armored), 'the signature');
  if (reader.take(MAGIC.length).toString('latin1') !== MAGIC) {
    throw new Problem('this is no SSH signature');
  }
  const version = reader.uint32();
  if (version !== VERSION) throw new Problem(`SSH signatures of version ${version} are not known`);
  const key = reader.string();
  const namespace = reader.string();
  const reserved = reader.string();
  const hash = reader.word();
  const signature = reader.string();
  reader.end();
  if (!HASHES.includes(hash)) throw new Problem(`the hash ${hash} is not taken`);
  return {
    key,
    namespace: namespace.toString('utf8'),
    signature,
    signedData(text) {
      const digest = createHash(hash).update(text, 'utf8').digest();
      const strings = [namespace, reserved, hash, digest].map(wireString);
      return Buffer.concat([Buffer.from(MAGIC), ...strings]);
    },
  };
}
