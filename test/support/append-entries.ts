/** A process of its own that appends to a journal, or holds a cluster until it is killed. */
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';

const [file, run, what] = process.argv.slice(2) as [string, string, string];
const journal = openSqliteJournal({ file, clock: { now: () => 1 }, who: `process ${run}` });
if (what === 'hold') {
  await journal.hold('cluster-a', `run ${run}`);
  process.stdout.write('held\n');
  setInterval(() => {}, 1000);
} else {
  for (let n = 0; n < Number(what); n += 1) await journal.append([{ run, type: 'x', body: { n } }]);
  await journal.close();
}
