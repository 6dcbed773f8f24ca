/** The table of directories, and that what is kept on a server lies in them. */
import test from 'ava';
import { directories, directory } from '../../src/core/directories.ts';
import * as paths from '../../src/core/paths.ts';
import { ALERT_LOG_PATH } from '../../src/host/alert-log.ts';
import { MESSAGES_PATH } from '../../src/host/delivery.ts';

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

for (const [manual, last] of [
  ['v3', 15],
  ['x5', 21],
] as const) {
  test(`every directory that ${manual} lists is there once, in its order`, (t) => {
    const numbers = directories().flatMap(({ numbers: one }) => one[manual] ?? []);
    t.deepEqual(
      numbers.toSorted((a, b) => a - b),
      upTo(last),
    );
  });
}

test('the paths that the manuals print', (t) => {
  t.is(paths.CONFIG_PATH, '/opt/nec/clusterpro/etc/clp.conf');
  t.is(directory('programs'), '/opt/nec/clusterpro/bin');
  t.is(MESSAGES_PATH, '/opt/nec/clusterpro/messages');
  t.is(paths.LOG_PATH, '/opt/nec/clusterpro/log');
  t.true(ALERT_LOG_PATH.startsWith('/opt/nec/clusterpro/alert/log/'));
  t.is(paths.PERF_DISK_PATH, '/opt/nec/clusterpro/perf/disk');
  t.is(directory('units'), '/lib/systemd/system');
  t.is(directory('libraryLinks'), '/usr/lib');
});
