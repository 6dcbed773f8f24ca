/** Random conditions over a half-unknown status, held against the slow reference evaluator. */

import test from 'ava';
import fc from 'fast-check';
import { DrydockError } from '../../src/core/errors.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { checkTypes, evaluate } from '../../src/runbook/language/expressions/expressions.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { conditions, UNKNOWN } from './expressions-reference.ts';
import { handMadeStatus } from './hand-made-status.ts';

const colors = fc.constantFrom('GREEN', 'YELLOW', 'RED', 'GRAY') as fc.Arbitrary<'GREEN'>;
const bytes = fc.constantFrom(null, 0, 5);

const statuses: fc.Arbitrary<Status> = fc
  .record({
    mirror: fc.constantFrom('Normal', 'Abnormal', 'Unknown') as fc.Arbitrary<'Normal'>,
    colors: fc.tuple(colors, colors),
    bytes: fc.tuple(bytes, bytes),
    state: fc.constantFrom('Online', 'Offline', 'Unknown') as fc.Arbitrary<'Online'>,
    power: fc.constantFrom(null, 'on', 'off') as fc.Arbitrary<'on' | null>,
    heartbeat: fc.constantFrom('Normal', 'Error', 'Unknown') as fc.Arbitrary<'Normal'>,
  })
  .map((drawn) =>
    handMadeStatus((status) => {
      const mirror = status.mirrors.md1!;
      mirror.state = drawn.mirror;
      for (const [at, side] of Object.values(mirror.servers).entries()) {
        side.color = drawn.colors[at]!;
        side.dirtyBytes = drawn.bytes[at]!;
      }
      const server = status.servers.server1!;
      Object.assign(server, { state: drawn.state, power: drawn.power });
      server.heartbeats.server2!.lanhb1 = drawn.heartbeat;
    }),
  );

test('random conditions over a half-unknown status mean what the reference says', (t) => {
  const seen = { unknown: 0, known: 0 };
  fc.assert(
    fc.property(conditions, statuses, ({ text, means }, status) => {
      fc.pre(text.length < 4000);
      const answer = means({ status: viewOf(status), loop: {} });
      const said = evaluate(text, { status, names: {}, before: {}, chosen: {} });
      seen[answer === UNKNOWN ? 'unknown' : 'known']++;
      t.deepEqual('unknown' in said ? UNKNOWN : said.value, answer, text);
    }),
    { numRuns: 3000 },
  );
  t.true(seen.unknown > 300 && seen.known > 300, JSON.stringify(seen));
});

test('lint has nothing against conditions that are well typed', (t) => {
  fc.assert(
    fc.property(conditions, ({ text }) => {
      fc.pre(text.length < 4000);
      const { type, problems } = checkTypes(text, {});
      const odd = problems.filter(
        ({ message }) => !/is never the value here|loops inside/.test(message),
      );
      t.deepEqual([type.kind, odd], ['bool', []], text);
    }),
    { numRuns: 1000 },
  );
});

/** Expressions of any types, most of them nonsense; `n` is whole, `r` any number, `d` decimal. */
const { any: nonsense } = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any') as fc.Arbitrary<string>;
  const leaves = ['1', '2.5', "'a'", "'7'", 'true', 'n', 'r', 'd', 'md', 'servers', '[1, 2]'];
  const fields = ["server('server1')", "server('server1').runLevel", "mirror(md).on('server1')"];
  const binary = fc.constantFrom('+', '-', '*', '/', '%', '<', '>=', '==', '!=', 'in', '&&', '||');
  const method = fc.constantFrom(
    ...['.size()', '.trim()', '.substring(1)', '.substring(n)', ".split('')", '.join()'],
    ...['.lowerAscii()', '.charAt(n)', ".contains('a')", '.map(x, x)', '.exists(x, x == 1)'],
  );
  return {
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...leaves, ...fields),
      fc.tuple(any, binary, any).map(([a, word, b]) => `(${a} ${word} ${b})`),
      fc.tuple(any, method).map(([a, word]) => `${a}${word}`),
      fc.tuple(any, any).map(([a, b]) => `${a}[${b}]`),
      fc.tuple(any, any, any).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc
        .tuple(fc.constantFrom('int', 'double', 'string', 'bool', 'size'), any)
        .map(([name, a]) => `${name}(${a})`),
      fc.tuple(any, any).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(fc.constantFrom('%s', '%d', '%.2f'), any).map(([f, a]) => `'${f}'.format([${a}])`),
      any.map((a) => `!${a}`),
    ),
  };
});

test('what lint passes does not fail for its types, nor give NaN or Infinity', (t) => {
  const types = {
    n: { kind: 'number', whole: true },
    r: { kind: 'number' },
    d: { kind: 'number', whole: false },
    md: { kind: 'string' },
  } as const;
  const status = handMadeStatus();
  let passed = 0;
  fc.assert(
    fc.property(nonsense, fc.integer(), fc.constantFrom(2, 0.5), (text, n, r) => {
      fc.pre(text.length < 4000);
      if (checkTypes(text, types).problems.length > 0) return;
      passed++;
      const names = { n, r, d: 1.5, md: 'md1' };
      try {
        const found = evaluate(text, { status, names, before: {}, chosen: {} });
        if ('value' in found) t.deepEqual(JSON.parse(JSON.stringify(found.value)), found.value);
      } catch (error) {
        if (!(error instanceof DrydockError)) throw error;
        t.notRegex(error.message, /overload|type mismatch|unsupported|invalid/i, text);
      }
    }),
    { numRuns: 4000 },
  );
  t.true(passed > 400, String(passed));
});
