/** date in every format, alone and beside the machine's own where that is GNU's. */
import test from 'ava';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { readDate } from '../../../src/commands/os/date.ts';
import { formatDate } from '../../../src/commands/os/date-format.ts';
import { testUnless } from '../../support/tools.ts';
import { openConsole, said } from './console.ts';

/** On 5 January 2026, 12:00:00 UTC. */
const lines: [string, string][] = [
  ['date', '0 | Mon Jan  5 12:00:00 UTC 2026'],
  ['date +%F', '0 | 2026-01-05'],
  ['date +%Y%m%d-%H%M%S', '0 | 20260105-120000'],
  ['date -u +%s.%N', '0 | 1767614400.000000000'],
  ['date -R', '0 | Mon, 05 Jan 2026 12:00:00 +0000'],
  ['date -I', '0 | 2026-01-05'],
  ['date -Iseconds', '0 | 2026-01-05T12:00:00+00:00'],
  ['date --rfc-3339=ns', '0 | 2026-01-05 12:00:00.000000000+00:00'],
  ['date -d yesterday +%F', '0 | 2026-01-04'],
  ['date --date=@86400 +%F', '0 | 1970-01-02'],
  ['date -d nonsense', "1 | date: invalid date 'nonsense'"],
  ['date +%F +%T', '1 | date: multiple output formats specified'],
  ['date 010112002026', "1 | date: invalid date '010112002026'"],
  ['date --universal --bad', '1 | date: option --bad is not provided here'],
  ['date -d', "1 | date: option requires an argument -- '-d'"],
];
for (const [typed, want] of lines) {
  test(`${typed} → ${want}`, async (t) => {
    t.is(said(await openConsole().type(typed)), want);
  });
}

function whyNotGnu(): string | null {
  try {
    return execaSync('date', ['--version']).stdout.includes('GNU coreutils') ? null : 'not GNU';
  } catch {
    return 'no GNU date';
  }
}

function real(args: string[]): { code: number; out: string } {
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const { exitCode, stdout } = execaSync('date', args, { env, reject: false });
  return { code: exitCode ?? -1, out: stdout };
}

const LETTERS = [...'aAbBcCdDeFgGhHIjklmMNpPqrRsSTuUVwWxXyYZ%'];
const FLAGS = ['', '', '', '-', '_', '0', '^', '#'];
/** Where the original pads what it does not pad elsewhere; nobody writes it. */
const ODD = /%-\d*[NF]|%_\d*[NF]|%[-_0]\d+N|%#\d*[a-zA-Z]|%[-_0^#]*\d+%|%[-_0^#]+%/;

testUnless(whyNotGnu(), 'formats beside the real date: letters, flags and widths', (t) => {
  const field = fc
    .tuple(
      fc.constantFrom(...FLAGS),
      fc.constantFrom('', '', '2', '5', '12'),
      fc.constantFrom(...LETTERS),
    )
    .map(([flag, width, letter]) => `%${flag}${width}${letter}`)
    .filter((format) => !ODD.test(format));
  const formats = fc.array(field, { minLength: 25, maxLength: 25 });
  const times = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
  fc.assert(
    fc.property(times, formats, (seconds, fields) => {
      const format = fields.join('|');
      const at = new Date(seconds * 1000);
      t.deepEqual(
        formatDate(at, format).split('|'),
        real(['-d', `@${seconds}`, `+${format}`]).out.split('|'),
        format,
      );
    }),
    { numRuns: 60, seed: 3 },
  );
});

const TEXTS = [
  '2026-02-28 23:59:59',
  '2026-02-28T23:59:59Z',
  '2026-02-28 10:00 +0900',
  '2026-02-28 10:00:00.25 -03:30',
  '2026-01-31 1 month',
  '2026-01-31 12:00 3 days ago',
  '2026-01-31 12:00 2 weeks',
  '2024-02-29 1 year ago',
  '2026-03-01 -1 day',
  '@1700000000',
  '@1700000000 1 hour',
  '2026-13-01',
  '2026-02-30',
  '2026-01-01 25:00',
  'nonsense',
  '2026-01-01 1 parsec',
];
for (const text of TEXTS) {
  testUnless(whyNotGnu(), `-d ${text} beside the real date`, (t) => {
    const { code, out } = real(['-d', text, '+%s']);
    const ours = readDate(text, new Date(0));
    t.is(ours === null ? '' : formatDate(ours, '%s'), code === 0 ? out : '');
  });
}
