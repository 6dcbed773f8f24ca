/**
 * Verdicts on signatures: those that ssh-keygen made and were kept, those of keys in hardware, and
 * those of whoever would like to have one.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { fingerprintOf, keysOf, signersOf, verifySignature } from '../../src/signing/index.ts';
import {
  armored,
  hardwareEcdsa,
  hardwareEd25519,
  mpint,
  sshsig,
  wire,
} from '../support/hardware-key.ts';
import { testKey } from '../support/ssh-keys.ts';
import kept from './made-by-ssh-keygen.json' with { type: 'json' };

const TEXT = 'a paper\n';

function verdict(text: string, signature: string, line: string, revoked: string[] = []): string {
  const found = verifySignature(text, signature, {
    trust: { signers: [`anna ${line}`], revoked },
    principal: 'anna',
    namespace: 'drydock.window',
    at: Date.UTC(2026, 0, 1),
  });
  return found.ok ? 'good' : found.why;
}

const WEAK = 'the RSA key has 1024 bits; 2048 are the least';
const CHANGED = 'the signature does not fit the text: one of them was changed';

for (const { name, hash, publicKey, signature } of kept) {
  const isWeak = name === 'rsa 1024';
  test(`a signature that ssh-keygen made with ${name} over ${hash} is ${isWeak ? 'too weak' : 'good'}`, (t) => {
    t.is(verdict(TEXT, signature, publicKey), isWeak ? WEAK : 'good');
    t.is(verdict('another paper\n', signature, publicKey), isWeak ? WEAK : CHANGED);
  });
}

for (const [name, make] of [
  ['sk-ssh-ed25519', hardwareEd25519],
  ['sk-ecdsa', hardwareEcdsa],
] as const) {
  test(`a hardware key of type ${name} counts when somebody touched it`, (t) => {
    const key = make();
    t.is(verdict(TEXT, key.sign(TEXT, 0x01), key.publicLine), 'good');
    t.is(verdict(TEXT, key.sign(TEXT, 0x05), key.publicLine), 'good');
    t.is(verdict('other', key.sign(TEXT, 0x01), key.publicLine), CHANGED);
    const untouched = 'nobody touched the hardware key when it signed';
    t.is(verdict(TEXT, key.sign(TEXT, 0x00), key.publicLine), untouched);
  });
}

test('a signature for another purpose, by another person or a stranger says so', (t) => {
  const key = testKey();
  const signature = key.sign(TEXT, 'drydock.window');
  const fingerprint = fingerprintOf(key.publicLine);
  const ask = (signers: string[], namespace = 'drydock.window', at = 0) => {
    const trust = { signers, revoked: [] };
    const found = verifySignature(TEXT, signature, { trust, principal: 'anna', namespace, at });
    return found.ok ? found.fingerprint : found.why;
  };
  t.is(ask([`anna ${key.publicLine}`]), fingerprint);
  t.is(
    ask([`anna ${key.publicLine}`], 'drydock.policy'),
    'it was signed for drydock.window, not for drydock.policy',
  );
  t.is(ask([`otto ${key.publicLine}`]), `the key ${fingerprint} is that of otto, not of anna`);
  t.is(
    ask(['anna ssh-ed25519 AAAA', `anna ${testKey().publicLine}`]),
    `the key ${fingerprint} is not among the allowed signers; ` +
      'line 1 of the allowed signers: the public key ends too early',
  );
  t.is(
    ask([`anna ${key.publicLine}`], 'drydock.window', Number.NaN),
    'the text does not say when it was signed',
  );
});

test('a text with half a character in it is not verified', (t) => {
  const key = testKey();
  const signature = key.sign('\ud800', 'drydock.window');
  t.is(verdict('\ud800', signature, key.publicLine), 'the text is not Unicode');
  t.is(verdict('\ud801', signature, key.publicLine), 'the text is not Unicode');
  t.is(verdict('\u{1f600}', key.sign('\u{1f600}', 'drydock.window'), key.publicLine), 'good');
});

test('a revoked key does not count, by its line, its fingerprint or where an entry is unreadable', (t) => {
  const key = testKey();
  const signature = key.sign(TEXT, 'drydock.window');
  const fingerprint = fingerprintOf(key.publicLine);
  const revoked = `the key ${fingerprint} is revoked`;
  t.is(verdict(TEXT, signature, key.publicLine, [key.publicLine]), revoked);
  t.is(verdict(TEXT, signature, key.publicLine, [`${fingerprint} stolen`]), revoked);
  t.is(verdict(TEXT, signature, key.publicLine, ['# none', '', testKey().publicLine]), 'good');
  t.regex(
    verdict(TEXT, signature, key.publicLine, ['SHA256:short']),
    /^a revoked key cannot be read/,
  );
});

/** Blobs that are put together against the rules; the key is a real one. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n, e } = rsa.publicKey.export({ format: 'jwk' });
const rsaBlob = wire('ssh-rsa');
const RSA = Buffer.concat([
  rsaBlob,
  mpint(Buffer.from(e as string, 'base64url')),
  mpint(Buffer.from(n as string, 'base64url')),
]);
const RSA_LINE = `ssh-rsa ${RSA.toString('base64')}`;

function byRsa(algorithm: string, digest: string): string {
  const made = (signed: Buffer) => wire(algorithm, sign(digest, signed, rsa.privateKey));
  return armored(sshsig({ key: RSA, text: TEXT, sign: made }));
}

test('RSA signs with SHA-2 only', (t) => {
  t.is(verdict(TEXT, byRsa('rsa-sha2-256', 'sha256'), RSA_LINE), 'good');
  t.is(verdict(TEXT, byRsa('rsa-sha2-512', 'sha512'), RSA_LINE), 'good');
  const old = 'a signature by ssh-rsa is not taken from a ssh-rsa key';
  t.is(verdict(TEXT, byRsa('ssh-rsa', 'sha1'), RSA_LINE), old);
  t.is(verdict(TEXT, byRsa('rsa-sha2-256', 'sha1'), RSA_LINE), CHANGED);
});

test('certificates and keys of other kinds are said to be unsupported', (t) => {
  const by = (type: string) => {
    const key = wire(type, 'x');
    return verdict(
      TEXT,
      armored(sshsig({ key, text: TEXT, sign: () => wire('x', 'y') })),
      RSA_LINE,
    );
  };
  t.is(
    by('ssh-ed25519-cert-v01@openssh.com'),
    'certificates (ssh-ed25519-cert-v01@openssh.com) are not supported',
  );
  t.is(by('ssh-dss'), 'keys of type ssh-dss are not supported');
});

const [good] = kept as [(typeof kept)[number]];
const BLOB = Buffer.from(good.signature.split('\n').slice(1, -2).join(''), 'base64');

const MALFORMED: [string, string, string][] = [
  ['nothing', '', 'this is no armored SSH signature'],
  [
    'a signature of another kind',
    good.signature.replaceAll('SSH', 'PGP'),
    'this is no armored SSH signature',
  ],
  ['text before it', ` ${good.signature}`, 'this is no armored SSH signature'],
  [
    'a line that is too long',
    good.signature.replace(/\n(?=[A-Za-z0-9+/]{5})/g, (_, at) => (at < 40 ? '\n' : '')),
    'the armored signature has a line of a wrong length',
  ],
  [
    'padding in the middle',
    good.signature.replace('\nU1NI', '\nU1N='),
    'the armored signature is not base64',
  ],
  [
    'another magic',
    armored(Buffer.concat([Buffer.from('SSHSIX'), BLOB.subarray(6)])),
    'this is no SSH signature',
  ],
  [
    'a later version',
    armored(Buffer.concat([Buffer.from('SSHSIG\0\0\0\u0002'), BLOB.subarray(10)])),
    'SSH signatures of version 2 are not known',
  ],
  [
    'something after it',
    armored(Buffer.concat([BLOB, Buffer.from([0])])),
    'the signature goes on after its end',
  ],
  ['a piece of it', armored(BLOB.subarray(0, -1)), 'the signature ends too early'],
  [
    'too much',
    `-----BEGIN SSH SIGNATURE-----\n${'AAAA\n'.repeat(5000)}-----END SSH SIGNATURE-----`,
    'the signature is too large',
  ],
];

for (const [title, signature, why] of MALFORMED) {
  test(`${title} is no signature`, (t) => t.is(verdict(TEXT, signature, good.publicKey), why));
}

test('with one bit changed anywhere, in the signature or in the text, no signature is good', (t) => {
  for (const { name, signature, publicKey } of kept) {
    const bytes = Buffer.from(signature.trimEnd());
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        return verdict(TEXT, changed.toString('latin1'), publicKey) !== 'good';
      }),
      { numRuns: name === 'ed25519' ? 400 : 60 },
    );
  }
  const text = Buffer.from(TEXT);
  for (let bit = 0; bit < text.length * 8; bit += 1) {
    const changed = Buffer.from(text);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    t.is(verdict(changed.toString('latin1'), good.signature, good.publicKey), CHANGED);
  }
});

test('every bit of the blob matters', (t) => {
  for (let bit = 0; bit < BLOB.length * 8; bit += 1) {
    const changed = Buffer.from(BLOB);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    t.not(verdict(TEXT, armored(changed), good.publicKey), 'good', `bit ${bit}`);
  }
});

test('hostile lengths, blobs and lines lead to a verdict, and to nothing else', (t) => {
  const lengths = fc.array(fc.record({ at: fc.nat(BLOB.length - 4), value: fc.nat(2 ** 32 - 1) }));
  fc.assert(
    fc.property(lengths, (changes) => {
      const changed = Buffer.from(BLOB);
      for (const { at, value } of changes) changed.writeUInt32BE(value, at);
      const said = verdict(TEXT, armored(changed), good.publicKey);
      return said !== '' && (said !== 'good' || changed.equals(BLOB));
    }),
    { numRuns: 500 },
  );
  const line = fc.oneof(
    fc.string(),
    fc.string().map((part) => `${part} ${good.publicKey}`),
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(line),
      fc.string(),
      (bytes, lines, principal) => {
        const options = { principal, namespace: 'drydock.window', at: 0 };
        const trust = { signers: lines, revoked: lines };
        const body = Buffer.concat([Buffer.from('SSHSIG\0\0\0\u0001'), bytes]);
        return !verifySignature(TEXT, armored(body), { ...options, trust }).ok;
      },
    ),
  );
  t.pass();
});

test('keys are found by principal, and principals by key', (t) => {
  const [one, two] = [testKey(), testKey()];
  const signers = [`anna,anna@home ${one.publicLine}`, `*@work ${two.publicLine} at work`];
  const trust = { signers, revoked: [] };
  t.deepEqual(keysOf(trust, 'anna'), [fingerprintOf(one.publicLine)]);
  t.deepEqual(keysOf(trust, 'otto@work'), [fingerprintOf(two.publicLine)]);
  const people = ['anna', 'anna@home', 'otto@work', 'otto'];
  t.deepEqual(signersOf(one.publicLine, trust, people), ['anna', 'anna@home']);
  t.deepEqual(signersOf(`${two.publicLine} c`, trust, people), ['otto@work']);
  t.throws(() => fingerprintOf('ssh-ed25519 nonsense'), { message: /^not a public key/ });
});
