/** Licences: what a file says, and what holds of a product on a day. */
import test from 'ava';
import fc from 'fast-check';
import {
  countedFor,
  judgeLicences,
  type Licence,
  optionsOf,
  parseClusterConfiguration,
  parseLicences,
  productsOf,
  wordsOfVerdict,
  writeClusterConfiguration,
  writeLicences,
} from '../../src/config/index.ts';
import { describeError } from '../../src/core/errors.ts';
import { V3_TEXT, X5_TEXT } from '../cluster/fake-servers.ts';

const NOW = Date.UTC(2026, 5, 15, 12);

function licence(said: Partial<Licence> = {}): Licence {
  const product = { product: 'LE30', kind: 'product', serial: 'A1', count: 2 } as const;
  return { ...product, from: '', until: '', ...said };
}

const trial = (from: string, until: string) => licence({ kind: 'trial', from, until });
const fixed = (from: string, until: string) => licence({ kind: 'fixed', from, until });

const judged: [what: string, licences: Licence[], isValid: boolean, v3: string[], x5: string[]][] =
  [
    [
      'a product version',
      [licence()],
      true,
      ['Info rm 50: The number of license is 2. (LE30)'],
      ['Info lcns 1: The number of licenses is 2. (Product name:LE30)'],
    ],
    [
      'two of one server each',
      [licence({ count: 1 }), licence({ count: 1, serial: 'A2' })],
      true,
      ['Info rm 50: The number of license is 2. (LE30)'],
      ['Info lcns 1: The number of licenses is 2. (Product name:LE30)'],
    ],
    [
      'one too few',
      [licence({ count: 1 })],
      true,
      [
        'Info rm 50: The number of license is 1. (LE30)',
        'Warning rm 52: The license is insufficient. The number of insufficient is 1. (LE30)',
      ],
      [
        'Info lcns 1: The number of licenses is 1. (Product name:LE30)',
        'Warning lcns 3: The number of licenses is insufficient. The number of insufficient licenses is 1. (Product name:LE30)',
      ],
    ],
    [
      'a trial on its last day',
      [trial('2026-06-01', '2026-06-15')],
      true,
      ['Info rm 51: Period of trial is till 2026/06/15. (LE30)'],
      ['Info lcns 2: The trial license is valid until 2026/06/15. (Product name:LE30)'],
    ],
    [
      'a trial that ended the day before',
      [trial('2026-06-01', '2026-06-14')],
      false,
      ['Error rm 54: The license of trial expired by 2026/06/14. (LE30)'],
      ['Error lcns 5: The trial license has expired in 2026/06/14. (Product name:LE30)'],
    ],
    [
      'a trial that begins tomorrow',
      [trial('2026-06-16', '2026-07-16')],
      false,
      ['Error rm 59: The license of trial is valid from 2026/06/16. (LE30)'],
      ['Error lcns 8: The trial license is valid from 2026/06/16. (Product name:LE30)'],
    ],
    [
      'a fixed term',
      [fixed('', '2027-01-01')],
      true,
      ['Info rm 51: Period of trial is till 2027/01/01. (LE30)'],
      ['Info lcns 9: The fixed term license is valid until 2027/01/01. (Product name:LE30)'],
    ],
    [
      'a fixed term that ended',
      [fixed('', '2026-01-01')],
      false,
      ['Error rm 54: The license of trial expired by 2026/01/01. (LE30)'],
      ['Error lcns 10: The fixed term license has expired in 2026/01/01. (Product name:LE30)'],
    ],
    [
      'a product version beside a trial that ended (v3 4)',
      [trial('', '2026-01-01'), licence({ serial: 'A2' })],
      true,
      ['Info rm 50: The number of license is 2. (LE30)'],
      ['Info lcns 1: The number of licenses is 2. (Product name:LE30)'],
    ],
    [
      'one of another product',
      [licence({ product: 'SE30' })],
      false,
      ['Error rm 53: The license is not registered. (LE30)'],
      ['Error lcns 4: The license is not registered. (Product name:LE30)'],
    ],
  ];

for (const [what, licences, isValid, v3, x5] of judged) {
  test(`${what} is ${isValid ? 'valid' : 'not valid'}, in the words of both generations`, (t) => {
    const verdict = judgeLicences('LE30', licences, { now: NOW, needed: 2 });
    const said = (manual: 'v3' | 'x5') =>
      verdict.verdicts.map((one) => {
        const { module, id, level, text } = wordsOfVerdict(manual, one);
        return `${level} ${module} ${id}: ${text}`;
      });
    t.is(verdict.isValid, isValid);
    t.deepEqual(said('v3'), v3);
    t.deepEqual(said('x5'), x5);
  });
}

test('the products of a cluster: by edition in v3, by version in the X series', (t) => {
  const products = (text: string) => productsOf(parseClusterConfiguration(text, 'clp.conf'));
  t.deepEqual(products(V3_TEXT), ['LE30']);
  t.deepEqual(products(V3_TEXT.replace('>LE<', '>SE<')), ['SE30']);
  t.deepEqual(products(X5_TEXT.replace(/<savedversion>[^<]*/, '<savedversion>3.3.0-1')), [
    'BASE33',
    'REPL33',
  ]);
});

const wrong: [text: string, words: RegExp][] = [
  ['hello', /^my\.key:1: "hello" is no line of a licence; keys: product, kind/],
  ['product=SE30\nserial=A1\nserial=A2', /^my\.key:3: "serial=A2" is no line/],
  ['# a remark\nproduct=se', /^my\.key:2: "se" is no product/],
  ['product=SE30', /a licence has no serial number/],
  ['product=SE30\nserial=A1\ncount=0', /0 is no number of servers/],
  ['product=SE30\nserial=A1\nkind=free', /free is no kind/],
  ['product=SE30\nserial=A1\nkind=trial', /a trial licence does not say when it ends/],
  ['product=SE30\nserial=A1\nkind=trial\nuntil=2026-02-30', /2026-02-30 is no day/],
];

for (const [text, words] of wrong) {
  test(`${JSON.stringify(text)} is refused with its line`, (t) => {
    t.regex(describeError(t.throws(() => parseLicences(text, 'my.key'))), words);
  });
}

test('what is kept is read back', (t) => {
  const day = fc.date({
    min: new Date(Date.UTC(2000, 0)),
    max: new Date(Date.UTC(2099, 0)),
    noInvalidDate: true,
  });
  const text = day.map((at) => at.toISOString().slice(0, 10));
  const one = fc.record({
    product: fc.constantFrom('SE30', 'BASE52', 'FSO30'),
    kind: fc.constantFrom('product', 'trial', 'fixed') as fc.Arbitrary<Licence['kind']>,
    serial: fc.stringMatching(/^[A-Z0-9]{1,32}$/),
    count: fc.integer({ min: 1, max: 99_999 }),
    from: fc.oneof(fc.constant(''), text),
    until: text,
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 5 }), (licences) => {
      t.deepEqual(parseLicences(writeLicences(licences), 'x'), licences);
    }),
    { numRuns: 100 },
  );
});

test('v3 counts CPUs, X servers; a server of which nothing is said has one', (t) => {
  const counted = (text: string) => countedFor(parseClusterConfiguration(text, 'clp.conf'));
  const withCpus = (text: string) => text.replace('<server name="server1">', '$&<cpus>3</cpus>');
  t.deepEqual([V3_TEXT, withCpus(V3_TEXT)].map(counted), [2, 4]);
  t.deepEqual([X5_TEXT, withCpus(X5_TEXT)].map(counted), [2, 2]);
  const config = parseClusterConfiguration(withCpus(V3_TEXT), 'clp.conf');
  t.is(writeClusterConfiguration(config, withCpus(V3_TEXT)), withCpus(V3_TEXT));
  const anew = parseClusterConfiguration(writeClusterConfiguration(config), 'clp.conf');
  t.is(anew.servers[0]?.cpus, 3);
  t.throws(() => counted(V3_TEXT.replace('<server name="server1">', '$&<cpus>0</cpus>')), {
    message: /not a whole number/,
  });
});

const OPTIONS: [what: string, said: Partial<Licence>, words: string[]][] = [
  ['a product version', {}, ['Info mdadmn 8: The number of license is 2. (FSO30)']],
  [
    'one too few',
    { count: 1 },
    [
      'Info mdadmn 8: The number of license is 1. (FSO30)',
      'Warning mdadmn 13: The license is insufficient. The number of insufficient is 1. (FSO30)',
    ],
  ],
  [
    'a trial',
    { kind: 'trial', until: '2026-06-30' },
    ['Info mdadmn 9: Period of trial is till 2026/06/30. (FSO30)'],
  ],
  [
    'a trial that ended',
    { kind: 'trial', until: '2026-06-01' },
    ['Error mdadmn 14: The license of trial expired by 2026/06/01. (FSO30)'],
  ],
  [
    'a trial that has not begun',
    { kind: 'trial', from: '2026-07-01', until: '2026-07-31' },
    ['Error mdadmn 15: The license of trial is valid from 2026/07/01. (FSO30)'],
  ],
];

for (const [what, said, words] of OPTIONS) {
  test(`the FastSync Option of v3: of ${what} its mirror agent speaks`, (t) => {
    const own = [licence({ product: 'FSO30', ...said })];
    t.deepEqual(optionsOf({ manual: 'v3' }, own), ['FSO30']);
    t.deepEqual(optionsOf({ manual: 'x5' }, own), []);
    const { verdicts } = judgeLicences('FSO30', own, { now: NOW, needed: 2 });
    const spoken = verdicts.map((one) => {
      const { module, id, level, text } = wordsOfVerdict('v3', one);
      return `${level} ${module} ${id}: ${text}`;
    });
    t.deepEqual(spoken, words);
  });
}
