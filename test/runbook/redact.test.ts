import test from 'ava';
import fc from 'fast-check';
import { keepOutput, redactor, restoreSecrets } from '../../src/runbook/redact.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';

test('no secret is left in anything that is redacted, however it is nested', (t) => {
  const secret = fc.stringMatching(/^[A-Z]{4,12}$/);
  const around = fc.stringMatching(/^[a-z0-9 ]*$/);
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      const redact = redactor(new Map([['password', value]]));
      const body = redact({ deep: [{ text: `${before}${value}${after}${value}` }], number: 1 });
      t.deepEqual(body, {
        deep: [{ text: `${before}{secret:password}${after}{secret:password}` }],
        number: 1,
      });
    }),
  );
});

test('a secret that contains another is taken out whole', (t) => {
  const redact = redactor(
    new Map([
      ['short', 'abc'],
      ['long', 'abcdef'],
    ]),
  );
  t.is(redact('x abcdef abc'), 'x {secret:long} {secret:short}');
});

test('a plan read back gets its secrets again', (t) => {
  const secrets = new Map([['password', 'pa ss']]);
  const plan = aPlan([aStep('one', runs('tool --key=KEY'))]);
  const withSecret = JSON.parse(JSON.stringify(plan).replace('KEY', 'pa ss')) as typeof plan;
  const kept = redactor(secrets)(withSecret);
  t.false(JSON.stringify(kept).includes('pa ss'));
  t.deepEqual(restoreSecrets(kept, secrets), withSecret);
});

test('long output keeps its head and its tail', (t) => {
  const stdout = `head${'x'.repeat(100_000)}tail`;
  const kept = keepOutput({ exitCode: 0, stdout, stderr: '', answered: [] });
  const text = String(kept.stdout);
  t.true(text.length < 17_000);
  t.regex(text, /^headx+\n… \d+ characters left out …\nx+tail$/);
});
