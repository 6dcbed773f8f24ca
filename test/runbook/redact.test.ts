import test from 'ava';
import fc from 'fast-check';
import { keepOutput, openPlan, redactor } from '../../src/runbook/run/redact.ts';
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

test('what is a mark already is not taken for a value', (t) => {
  t.is(
    redactor(new Map([['pin', 'e']]))('{secret:pin} here'),
    '{secret:pin} h{secret:pin}r{secret:pin}',
  );
});

test('an old plan gets its values again where it decides, and places where it acts', (t) => {
  const secrets = new Map([['pin', 'pa ss']]);
  const plan = aPlan(
    [aStep('one', runs('tool --key={secret:pin}'), { probe: "'{secret:pin}' == 'x'" })],
    { parameters: { pin: '{secret:pin}' }, secrets: ['pin'] },
  );
  const opened = openPlan(plan, secrets);
  const [step] = opened.plan.steps;
  t.is(step?.probe, "'pa ss' == 'x'");
  t.like(step?.action, {
    argv: ['tool', '--key={secret:pin}'],
    secrets: [{ in: 'argv', index: 1, offset: 6, name: 'pin' }],
  });
  t.deepEqual(opened.redact({ why: 'pa ss' }), { why: '{secret:pin}' });
});

test('a plan without secrets is opened as it is, whatever its texts look like', (t) => {
  const plan = aPlan([aStep('one', runs('tool {secret:pin}'))]);
  t.is(openPlan(plan, new Map()).plan, plan);
});

test('long output keeps its head and its tail', (t) => {
  const stdout = `head${'x'.repeat(100_000)}tail`;
  const kept = keepOutput({ exitCode: 0, stdout, stderr: '', answered: [] });
  const text = String(kept.stdout);
  t.true(text.length < 17_000);
  t.regex(text, /^headx+\n… \d+ characters left out …\nx+tail$/);
});
