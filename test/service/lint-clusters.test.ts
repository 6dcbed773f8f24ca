/** `lint` of a cluster's configuration: in its own character set, and what cannot run here. */
import test from 'ava';
import iconv from 'iconv-lite';
import { textOfBytes } from '../../src/core/byte-text.ts';
import { describeProblem } from '../../src/core/errors.ts';
import { lint } from '../../src/service/run/library.ts';
import { V3_TEXT } from '../cluster/fake-servers.ts';
import { NO_SETTINGS } from '../support/settings.ts';

function linted(text: string) {
  const bytes = iconv.encode(text.replaceAll('UTF-8', 'EUC-JP'), 'EUC-JP');
  const ctx = {
    readText: () => bytes.toString('utf8'),
    readWhole: () => textOfBytes(bytes),
    settings: NO_SETTINGS,
  };
  const { exit, data } = lint(ctx, ['my.conf']);
  return { exit, lines: data.findings.map(describeProblem) };
}

test('a file that is right has nothing to mend, in whatever character set', (t) => {
  const text = V3_TEXT.replace('Rehearsal cluster with a mirror disk', '基幹系の予行演習');
  t.deepEqual(linted(text), { exit: 0, lines: [] });
});

test('every problem is a line with its place', (t) => {
  const { exit, lines } = linted(V3_TEXT.replace('exec@exec2', 'exec@exec9'));
  t.is(exit, 2);
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /^my\.conf:58: root\/group@failover2: unknown resource exec9/);
});

test('a resource that cannot run here is found before anything starts', (t) => {
  const text = V3_TEXT.replaceAll('exec2', 'odd2').replaceAll('exec@odd2', 'oddity@odd2');
  const odd = text.replace(
    /<exec name="odd2">([\s\S]*?)<\/exec>/,
    '<oddity name="odd2">$1</oddity>',
  );
  const { exit, lines } = linted(odd);
  t.is(exit, 2);
  t.regex(lines[0] ?? '', /^my\.conf: resource odd2 is of type oddity, which cannot be run/);
});
