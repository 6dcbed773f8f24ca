/** `site-run`: what it hands on, and how it ends. */
import test from 'ava';
import type { Environment } from '../../../src/commands/environment.ts';
import { siteRun } from '../../../src/commands/os/site-run.ts';
import type { ScriptEnd } from '../../../src/ports/scripts.ts';

const PATH = '/opt/nec/clusterpro/scripts/site.s/quiesce.sh';

function typed(words: string, end: Partial<ScriptEnd> = {}) {
  const ran: unknown[] = [];
  const env = {
    server: 'server1',
    runScript: async (...call: unknown[]) => {
      ran.push(call);
      return { code: 0, timedOut: false, output: 'said\n', ...end };
    },
  } as unknown as Environment;
  return siteRun.run(env, words.split(' ')).then(({ code, stdout, stderr }) => {
    return { code, stdout, stderr, ran };
  });
}

test('arguments are handed on one by one, within a limit', async (t) => {
  t.deepEqual(await typed('quiesce orders $(reboot) --hard'), {
    code: 0,
    stdout: 'said\n',
    stderr: '',
    ran: [[PATH, {}, 240_000, ['orders', '$(reboot)', '--hard']]],
  });
  t.deepEqual((await typed('-w 7 quiesce -w')).ran, [[PATH, {}, 7000, ['-w']]]);
});

const ends: [words: string, end: Partial<ScriptEnd>, code: number, stderr: string][] = [
  ['quiesce', { code: 5 }, 5, ''],
  ['quiesce', { code: 200 }, 1, ''],
  ['quiesce', { code: null }, 1, ''],
  ['quiesce', { code: null, timedOut: true }, 124, 'quiesce was not over in time\n'],
  ['quiesce', { code: 127 }, 1, `server1 cannot run ${PATH}: see that it is there\n`],
  ['../../etc/x', {}, 2, 'site-run: name a program of the site: small letters, figures, dashes\n'],
  ['-w 0 quiesce', {}, 2, 'site-run: -w takes seconds, from 1 to 86400\n'],
];

for (const [words, end, code, stderr] of ends) {
  test(`site-run ${words} ends with ${code} after ${JSON.stringify(end)}`, async (t) => {
    const report = await typed(words, end);
    t.like(report, { code, stderr });
    if (code === 2) t.deepEqual(report.ran, []);
  });
}
