import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { isChanging } from '../../src/runbook/language/changes.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

test('what acts is the same to a runbook and to the command itself', (t) => {
  const steps = [...loadRunbooks().values()].flatMap(({ runbook }) => runbook.steps);
  const lines = steps.flatMap(({ argv, undoArgv }) =>
    [argv, undoArgv].filter((one) => one !== null),
  );
  t.true(lines.length > 100);
  for (const argv of lines) {
    const [program = '', ...args] = argv;
    const own: boolean | undefined = commands.get(program)?.changes(args);
    t.true(own === isChanging(argv), argv.join(' '));
  }
});
