/**
 * openssl rand, which makes the key of a mirror's line (x5 2.29). Options go before the number, as
 * the program has it (OpenSSL 3.0): what follows the number is refused, and nothing is written.
 */
import { textOfBytes } from '../../core/byte-text.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage } from './host.ts';

const MOST_BYTES = 1024 * 1024;
const HELP = 'rand: Use -help for summary.';

function bytesFrom({ random }: Environment, count: number): Uint8Array {
  const hex = Array.from({ length: Math.ceil(count / 8) }, () => random.id()).join('');
  return Buffer.from(hex, 'hex').subarray(0, count);
}

async function rand(env: Environment, args: string[]): Promise<Report> {
  const left = [...args];
  let out: string | null = null;
  let shape: 'hex' | 'base64' | null = null;
  while (left[0]?.startsWith('-')) {
    const option = left.shift()!.replace(/^--/, '-');
    if (option === '-hex') shape = 'hex';
    else if (option === '-base64') shape = 'base64';
    else if (option === '-out') {
      const path = left.shift();
      if (path === undefined) return failed(`rand: Option -out needs a value\n${HELP}`);
      out = path;
    } else return failed(`rand: Unknown option: ${option.slice(1)}\n${HELP}`);
  }
  const [number, more] = left;
  if (more !== undefined) return failed(`Extra arguments given.\n${HELP}`);
  if (!/^\d+$/.test(number ?? '') || number === '0') return failed(HELP);
  const count = Number(number);
  if (count > MOST_BYTES) throw new Usage(`at most ${MOST_BYTES} bytes are made here`);
  const bytes = bytesFrom(env, count);
  const lines =
    shape === 'base64'
      ? (Buffer.from(bytes)
          .toString('base64')
          .match(/.{1,64}/g) ?? [])
      : [];
  const plain = textOfBytes(bytes);
  const text =
    shape === null
      ? plain
      : shape === 'hex'
        ? `${Buffer.from(bytes).toString('hex')}\n`
        : `${lines.join('\n')}\n`;
  if (out === null) return done(text);
  if (!out.startsWith('/'))
    return failed(`Can't open "${out}" for writing, name the file from / on`);
  await env.files.write(out, text);
  return done();
}

export const openssl = osCommand(
  {
    name: 'openssl',
    kind: 'usual',
    summary: 'make a key out of random bytes',
    usage: ['openssl rand [-hex|-base64] [-out FILE] BYTES'],
    traits: (args) => ({ changes: args.includes('-out'), silent: true }),
    async run(env, args) {
      const [verb, ...rest] = args;
      if (verb === 'rand') return rand(env, rest);
      throw new Usage(`Error: '${verb ?? ''}' is not provided here; rand is`);
    },
  },
  { refused: 1, usage: 1 },
);
