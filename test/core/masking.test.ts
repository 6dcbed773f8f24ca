import test from 'ava';
import fc from 'fast-check';
import { Masking, NOTHING_HELD } from '../../src/core/masking.ts';

const M = '{secret:pin}';

/** Secret, what was printed, what is kept of it. */
const SAID: [string, string, string][] = [
  ['b', 'x - 0755 b\nlabel: b, able (b)\n', `x - 0755 ${M}\nlabel: ${M}, able (${M})\n`],
  ['7', '7 blocks, pin=7, 17, 7th, 0x7f\n', `${M} blocks, pin=${M}, 17, 7th, 0x7f\n`],
  ['done', 'done. undone; done', `${M}. undone; ${M}`],
  ['1234', 'pin:1234 91234 1234', `pin:${M} 91234 ${M}`],
  ['é', 'é été e\u0301 é', `${M} été e\u0301 ${M}`],
  ['-', 'a-b - c pin=- "-"', `a-b ${M} c pin=${M} "${M}"`],
  ['', 'all stays', 'all stays'],
  ['  ', 'all  stays', 'all  stays'],
  ['hunter2', 'xhunter2x hunter hunter2', `x${M}x hunter ${M}`],
  ['pin', 'pin {secret:pin}', `${M} ${M}`],
  ['secret', 'secret {secret:pin}', `${M} ${M}`],
  ['one two\nthree four', '> one two\n> three four\n', `> ${M}\n> ${M}\n`],
  ['a"b\\cdef', '{"k":"a\\"b\\\\cdef"}', `{"k":"${M}"}`],
  ['pa ss&word', 'q=pa%20ss%26word', `q=${M}`],
];

for (const [secret, printed, kept] of SAID) {
  test(`of output, a secret ${JSON.stringify(secret)} is taken out of ${JSON.stringify(printed)}`, (t) => {
    const masking = new Masking(new Map([['pin', secret]]));
    t.is(masking.all(printed), kept);
    t.is(masking.all(kept), kept, 'once is enough');
  });
}

const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 3 }),
  fc.string({ minLength: 4, maxLength: 12 }),
  fc.constantFrom('b', '7', 'abab', 'aabaab', 'server1', 'done', '{secret:pin}'),
);

test('it makes no difference in how many pieces the output comes', (t) => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 3 }),
      fc.array(fc.oneof(value, fc.constantFrom(0, 1, 2)), { maxLength: 12 }),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }),
      (values, words, cuts) => {
        const text = words
          .map((word) => (typeof word === 'number' ? (values[word] ?? ' ') : word))
          .join(words.length % 2 ? ' ' : '');
        const masking = new Masking(new Map(values.map((one, at) => [`s${at}`, one])));
        let held = NOTHING_HELD;
        let made = '';
        let rest = text;
        for (const cut of cuts) {
          const taken = masking.take(held, rest.slice(0, cut), false);
          made += taken.text;
          held = taken.held;
          rest = rest.slice(cut);
        }
        made += masking.take(held, rest, true).text;
        t.is(made, masking.all(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('a value of six characters and more is nowhere in what is kept', (t) => {
  const unlike = fc
    .stringMatching(/^[A-Za-z0-9!?*+ ]{6,16}$/)
    .filter((text) => text.trim() === text && !'{secret:pin}'.includes(text));
  const around = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(unlike, around, around, (secret, before, after) => {
      const kept = new Masking(new Map([['pin', secret]])).all(
        `${before}${secret}${after}${secret}`,
      );
      t.false(kept.includes(secret));
    }),
  );
});
