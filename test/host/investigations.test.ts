/** What is collected by itself holds nothing up: one at a time, so many wait, none outlives its boot. */
import test from 'ava';
import { Investigations } from '../../src/host/investigations.ts';
import { type Generation, messageOf } from '../../src/messages/index.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import type { CommandEnd, CommandRun } from '../../src/ports/machinery.ts';

const NOON = Date.UTC(2026, 0, 31, 12, 0, 59, 999);
const ended = (exitCode: number | null): CommandEnd => ({ exitCode, answered: [] });

function stage(manual: Generation = 'x5', refuses = false) {
  const runs: CommandRun[] = [];
  const ends: ((code: number | null, words?: string) => void)[] = [];
  const logged: string[] = [];
  const due: (() => void)[] = [];
  const system: { boot: string | null } = { boot: 'boot1' };
  const investigations = new Investigations({
    server: 'server1',
    manual,
    clock: { now: () => NOON, at: (_: number, fn: () => void) => due.push(fn) } as never,
    machinery: {
      spawnCommand(run, on) {
        if (refuses) throw new Error('no process is left');
        runs.push(run);
        ends.push((code, words = '') => {
          on.output('stderr', words);
          on.end(ended(code));
        });
      },
    },
    log: ({ module, id, text }) => logged.push(`${module} ${id}: ${text}`),
    bootId: () => system.boot,
  });
  const take = (nth: number) => {
    const at = NOON + nth * 1000;
    const message = messageOf('x5', 'resourceStartFailed', `fip${nth}`, 15, 'in use');
    investigations.take({ at, server: 'server1', ...message } as LogEntry);
  };
  const takeError = (of: string) => {
    const message = messageOf('x5', 'monitorFailed', of, 1, 'no answer');
    investigations.take({ at: NOON, server: 'server1', ...message } as LogEntry);
  };
  const settle = () => {
    for (const fn of due.splice(0)) fn();
  };
  const names = () => runs.map(({ argv }) => argv.at(-1));
  return { take, takeError, settle, runs, ends, logged, system, names };
}

test('the program that is started, by nobody who waits and with a limit', (t) => {
  const { take, settle, runs } = stage();
  take(1);
  t.deepEqual(runs, []);
  settle();
  const argv = ['clpecap', '-t', '20260131120100', '-m', 'rc', '-e', '32', '-n', 'fip1'];
  const operation = 'investigation 1 of boot1';
  t.deepEqual(runs, [{ operation, answers: [], timeoutMs: 60_000, argv, isAside: true }]);
});

test('one at a time; ten wait, what comes then is left out', (t) => {
  const { take, settle, ends, names } = stage();
  take(0);
  settle();
  for (let nth = 1; nth <= 12; nth += 1) take(nth);
  settle();
  t.deepEqual(names(), ['fip0']);
  for (let nth = 0; nth < 20; nth += 1) ends[nth]?.(0);
  t.deepEqual(
    names(),
    Array.from({ length: 11 }, (_, nth) => `fip${nth}`),
  );
});

test('with the boot everything is gone, and the next one begins anew', (t) => {
  const { take, settle, ends, system, names } = stage();
  for (const nth of [1, 2, 3]) take(nth);
  settle();
  system.boot = null;
  take(4);
  ends[0]?.(0);
  t.deepEqual(names(), ['fip1']);
  system.boot = 'boot2';
  take(5);
  settle();
  t.deepEqual(names(), ['fip1', 'fip5']);
});

test('what runs in an earlier boot does not end what runs now', (t) => {
  const { take, settle, ends, system, names, logged } = stage();
  take(1);
  settle();
  system.boot = 'boot2';
  for (const nth of [2, 3]) take(nth);
  settle();
  ends[0]?.(1);
  t.deepEqual([names(), logged], [['fip1', 'fip2'], []]);
});

for (const [code, words, why] of [
  [0, 'said aside', null],
  [1, 'clpecap: no space\n', 'clpecap: no space'],
  [124, '', 'exit 124'],
  [null, '', 'exit null'],
] as const) {
  test(`it ends with ${code}: ${why ?? 'nothing is said'}; the next one runs`, (t) => {
    const { take, settle, ends, logged, names } = stage();
    for (const nth of [1, 2]) take(nth);
    settle();
    ends[0]?.(code, words);
    const line = `host 15: Nothing was collected for the investigation of rc 32: ${why}.`;
    t.deepEqual(logged, why === null ? [] : [line]);
    t.deepEqual(names(), ['fip1', 'fip2']);
  });
}

test('one that cannot be started is said', (t) => {
  const { take, settle, logged } = stage('x5', true);
  take(1);
  settle();
  t.deepEqual(logged, [
    'host 15: Nothing was collected for the investigation of rc 32: no process is left.',
  ]);
});

test('v3 has none', (t) => {
  const { take, settle, runs } = stage('v3');
  take(1);
  settle();
  t.deepEqual(runs, []);
});

test('of what a monitor’s error begins, begin and end are said', (t) => {
  const { takeError, settle, ends, logged } = stage();
  for (const name of ['ipw1', 'genw1']) takeError(name);
  settle();
  ends[0]?.(0);
  ends[1]?.(1, 'the disk is full\n');
  t.deepEqual(logged, [
    'rm 130: The collecting of detailed information triggered by monitor resource ipw1 error has been started (timeout=60).',
    'rm 131: The collection of detailed information triggered by monitor resource ipw1 error has been completed.',
    'rm 130: The collecting of detailed information triggered by monitor resource genw1 error has been started (timeout=60).',
    'rm 132: The collection of detailed information triggered by monitor resource genw1 error has been failed (the disk is full).',
  ]);
});
