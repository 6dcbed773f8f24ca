import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { isActing } from '../../src/runbook/language/changes.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

/** What the commands of all runbooks only look at; whatever else they run acts. */
const LOOKING = ['clpmdstat --mirror {md}', 'blockdev --getro {partition}', 'tar -tf {archive}'];

test('what acts is the same to a runbook and to the command itself', (t) => {
  const steps = [...loadRunbooks().values()].flatMap(({ runbook }) => runbook.steps);
  const lines = steps.flatMap(({ argv, undoArgv }) =>
    [argv, undoArgv].filter((one) => one !== null),
  );
  t.true(lines.length > 100);
  const looking = new Set<string>();
  for (const argv of lines) {
    const [program = '', ...args] = argv;
    const own: boolean | undefined = commands.get(program)?.traits(args).changes;
    const isRun = isActing({ action: { verb: 'run', argv } as never });
    t.true(own === isRun, argv.join(' '));
    if (!isRun) looking.add(argv.join(' '));
  }
  t.deepEqual([...looking].sort(), LOOKING.toSorted());
});
