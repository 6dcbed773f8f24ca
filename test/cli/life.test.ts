/** The later life of a run at the command line: handed over, amended, taken back, adopted. */
import test from 'ava';
import { documentOf, type Ended, makePlace, type Place } from './support.ts';

let place: Place;
test.before(async () => {
  place = await makePlace();
  const { exit, err } = await place.run('lab', 'up', '--config', 'v3le', '--no-auto-recovery');
  if (exit !== 0) throw new Error(err);
});
test.after.always(async () => {
  await place?.run('lab', 'down');
  place?.remove();
});

const DEACTIVATE = ['v3-5.2.deactivate', '--set', 'server=server2'];

/** The last line that it says to a person; names of runs as RUN. */
function lastWords({ err }: Ended): string {
  const last = err.trimEnd().split('\n').at(-1) as string;
  return last.replaceAll(/v3-5\.2\.deactivate-[0-9a-f]{8}/g, 'RUN');
}

async function phases(): Promise<Record<string, string>> {
  const { runs } = documentOf(await place.run('runs', '--json')) as {
    runs: { run: string; phase: string }[];
  };
  return Object.fromEntries(runs.map(({ run, phase }) => [run, phase]));
}

test.serial('a run is handed over, amended, finished and taken back', async (t) => {
  const parked = await place.run('run', ...DEACTIVATE, '--stop-after', 'disable-webmgr', '--yes');
  t.is(parked.exit, 3, parked.err);
  t.regex(parked.err, /^no undo {2}restart: Restart server2$/m);
  const run = parked.out.trim();

  const passed = await place.run('handover', run, '--to', 'nobody-here', '--reason', 'a test');
  t.is(passed.exit, 0, passed.err);
  t.regex(passed.out, /^stands {7}parked at step disable-daemon/m);
  const refused = await place.run('resume', run, '--yes');
  t.is(refused.exit, 4);
  t.regex(lastWords(refused), /^drydock: run RUN was handed to nobody-here; /);
  t.is((await place.run('handover', run, '--take', '--reason', 'a test')).exit, 0);

  t.is((await place.run('amend', run, '--skip', 'restart')).exit, 2, 'without a reason');
  const other = await place.run('amend', run, '--set', 'server=server1', '--reason', 'a test');
  t.is(other.exit, 4, other.err);
  const amended = await place.run('amend', run, '--skip', 'restart', '--reason', 'a test');
  t.is(amended.exit, 0, amended.err);
  t.regex(amended.out, /^not any more restart: Restart server2\n/);
  t.is((await place.run('resume', run, '--yes')).exit, 0);

  const dry = await place.run('undo', run, '--dry-run');
  t.is(dry.exit, 0, dry.err);
  t.is((await phases())[run], 'done');
  const undone = await place.run('undo', run, '--yes');
  t.is(undone.exit, 8, undone.err);
  t.is(lastWords(undone), 'run RUN is rolled back: every step that was done is taken back');
  t.is((await phases())[run], 'rolledBack');
  t.is((await place.run('undo', run, '--yes')).exit, 4, 'a second time');
});

test.serial('a procedure that was begun by hand goes on only where it shows', async (t) => {
  const adopt = ['adopt', ...DEACTIVATE, '--at', 'disable-daemon', '--yes'];
  await place.run('lab', 'exec', 'server2', '--', 'chkconfig', '--del', 'clusterpro_alertsync');
  const before = Object.keys(await phases()).length;
  const refused = await place.run(...adopt);
  t.is(refused.exit, 4, refused.err);
  t.regex(refused.out, /^not done {2}disable-webmgr {5}its probe says no: /m);
  t.is(Object.keys(await phases()).length, before, 'nothing is recorded as a run');
  await place.run('lab', 'exec', 'server2', '--', 'chkconfig', '--del', 'clusterpro_webmgr');
  const adopted = await place.run(...adopt, '--stop-after', 'disable-daemon');
  t.is(adopted.exit, 3, adopted.err);
  const run = adopted.out.trim().split('\n').at(-1) as string;
  const log = await place.run('run-log', run);
  t.regex(log.out, /^ {2}disable-webmgr: adopted: its probe says so: /m);
  // What was done by hand is not the run's to take back.
  const undone = await place.run('undo', run, '--yes');
  t.is(undone.exit, 8, undone.err);
  t.regex(undone.err, /^back {5}disable-daemon: /m);
  t.notRegex(undone.err, /disable-webmgr: /);
});
