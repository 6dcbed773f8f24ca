/**
 * The program `drydock-verify.mjs`: verifies an exported record, or an excerpt of one, with
 * nothing but Node.js. It is the code of `audit verify`, bundled into one file that an auditor can
 * keep for years, and that lies in every evidence folder.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { chunksOf } from '../adapters/record-file.ts';
import { allAnchors, parseAnchors } from '../audit/anchors.ts';
import { splitLines } from '../audit/lines.ts';
import { verdictWords } from '../audit/verdict.ts';
import { verifyAny } from '../audit/verify-any.ts';
import { inOneLine } from '../core/visible.ts';
import { outliveReader, writeErr, writeOut } from './words/terminal.ts';

const USAGE = `node drydock-verify.mjs RECORD [--anchor FILE]… [--signers FILE] [--revoked FILE] [--json]

RECORD     what \`drydock audit export\` wrote: the whole record, or a part with its proof
--anchor   lines that were stored elsewhere, as \`drydock audit anchor\` or a syslog has them
--signers  allowed signers (ssh-keygen(1)): whose signatures count, and from when to when
--revoked  public keys, or SHA256: fingerprints, that count no more

Exit codes: 0 it verifies, 7 it does not, 2 bad usage. "not known" is no failure: it says what
nothing that was given can show.
`;

function linesIn(files: readonly string[]): string[] {
  return files
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

const text = { type: 'string', multiple: true, default: [] as string[] } as const;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      anchor: text,
      signers: text,
      revoked: text,
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (values.help || file === undefined || more.length > 0) {
    writeErr(USAGE);
    return values.help ? 0 : 2;
  }
  const stored = allAnchors(
    values.anchor.map((one) => parseAnchors(readFileSync(one, 'utf8'), basename(one))),
  );
  const trust =
    values.signers.length > 0
      ? { signers: linesIn(values.signers), revoked: linesIn(values.revoked) }
      : null;
  const verdict = verifyAny(splitLines(chunksOf(file)), { ...stored, trust });
  const document = { schema: 'drydock.audit-verdict/1', ...verdict };
  writeOut(values.json ? `${JSON.stringify(document)}\n` : verdictWords(verdict));
  return verdict.ok ? 0 : 7;
}

outliveReader();
try {
  process.exitCode = main();
} catch (error) {
  const { place, message } = error as Error & { place?: { file: string; line?: number } };
  const where = place ? `${[place.file, place.line].filter(Boolean).join(':')}: ` : '';
  writeErr(`drydock-verify: ${inOneLine(`${where}${message}`)}\n`);
  process.exitCode = 2;
}
