import test from 'ava';
import fc from 'fast-check';
import { duration, parseOptions } from '../../../src/commands/clp/options.ts';
import { clpCommands, commands } from '../../../src/commands/index.ts';
import { DrydockError } from '../../../src/core/errors.ts';
import { formsOf } from '../../support/command-forms.ts';
import { environment, stage } from './fake-environment.ts';

const OPTIONS = {
  active: { names: ['--active', '-a'] },
  nomount: { names: ['-nomount'] },
  host: { names: ['-h', '--host'], value: 'HOST' },
  monitor: { names: ['-m'], value: 'MONITOR', many: true },
};

test('single-dash words, values and arguments are told apart', (t) => {
  const given = parseOptions(OPTIONS, ['-a', '-nomount', 'md1', '--host=s1', '-m', 'x', '-m', 'y']);
  t.true(given.has('active') && given.has('nomount'));
  t.is(given.value('host'), 's1');
  t.deepEqual(given.values('monitor'), ['x', 'y']);
  t.deepEqual(given.rest, ['md1']);
});

test('a long option printed with an en dash is understood', (t) => {
  t.true(parseOptions(OPTIONS, ['–active']).has('active'));
});

for (const args of [['-x'], ['-h'], ['-h', '-a'], ['-a', '--active'], ['--active=1'], ['-na']]) {
  test(`${args.join(' ')} is a usage error`, (t) => {
    t.is(t.throws(() => parseOptions(OPTIONS, args), { instanceOf: DrydockError })?.exit, 2);
  });
}

test('times have units', (t) => {
  t.deepEqual(
    ['30m', '1h', '1d', '90s', '5'].map((text) => duration(text, 'the time')),
    [1_800_000, 3_600_000, 86_400_000, 90_000, 5000],
  );
  for (const text of ['', '0', '1w', '-1h', '1.5h', 'h']) {
    t.throws(() => duration(text, 'the time'), { instanceOf: DrydockError });
  }
});

test('every command explains itself with --help and does nothing', async (t) => {
  for (const command of clpCommands) {
    const on = stage();
    const report = await command.run(environment(on), ['--help']);
    t.is(report.code, 0, command.name);
    t.true(report.stdout.includes(command.usage[0] ?? 'none'), command.name);
    t.deepEqual(on.servers.asked, []);
  }
});

const SENSIBLE = [['-s'], ['-i'], ['-l'], ['-t'], ['-r'], ['-a'], ['--list'], ['-r', 'md1']];

const words = fc.oneof(
  fc.constantFrom(
    ...['-s', '-t', '-r', '-a', '-f', '-h', '-m', '-n', '--push', '--pull', '--force', '-x'],
    ...['server1', 'server2', 'failover1', 'md1', 'mdw1', '--recovery', '--create', '--execute'],
    ...['', '-', '--', '__proto__', 'constructor', '--help', '-w', '1h', '3', '/dev/sdb'],
  ),
  fc.string({ maxLength: 8 }),
);

test('no arguments make a command throw, and a failure is one line', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...clpCommands),
      fc.array(words, { maxLength: 5 }),
      async (command, args) => {
        const report = await command.run(environment(stage()), args);
        t.is(Number.isInteger(report.code), true);
        if (report.code === 2) t.is(report.stderr.trim().split('\n').length, 1, report.stderr);
      },
    ),
    { numRuns: 300 },
  );
});

for (const args of [['--pull'], ['--push'], ['--pull', '-w'], ['--push', '-l']]) {
  test(`clpcfctrl ${args.join(' ')}: a host that says nothing of its drive is no drive`, async (t) => {
    const report = await commands.get('clpcfctrl')?.run(environment(stage()), args);
    t.is(report?.code, 1);
    t.regex(report?.stderr ?? '', /server1\/host answers medium without medium: is it of another/);
  });
}

const LOOKS = new Set(['status', 'power.status']);

for (const which of ['but its status', 'its status too']) {
  test(`no form of a command crashes on a part that answers without sense, ${which}`, async (t) => {
    for (const command of commands.values()) {
      for (const args of formsOf(command).filter(({ length }) => length <= 2)) {
        if (command.name === 'sleep') continue;
        const on = stage();
        for (const [name, answer] of on.servers.parts) {
          on.servers.parts.set(name, (body) =>
            which === 'but its status' && LOOKS.has(String(body.do)) ? answer(body) : {},
          );
        }
        const words = [command.name, ...args].join(' ');
        const report = await command.run(environment(on), args);
        t.true(Number.isInteger(report.code), words);
        if (report.code === 2) t.is(report.stderr.trim().split('\n').length, 1, words);
      }
    }
  });
}

test('a daemon that answers without sense makes every command fail in one line, or go on', async (t) => {
  for (const command of clpCommands) {
    for (const args of [[], ...SENSIBLE]) {
      const report = await command.run(environment(stage()), args);
      if (report.code !== 0) t.true(report.stderr.trim().split('\n').length <= 2, command.name);
    }
  }
  t.pass();
});
