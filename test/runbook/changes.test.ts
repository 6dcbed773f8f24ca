import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { isActing } from '../../src/runbook/language/changes.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

/** A command line by its program, its options and what it is told to do. */
const formOf = (argv: readonly string[]): string =>
  argv.filter((word, at) => at === 0 || /^--?[a-zA-Z]+$|^(add|del)$/.test(word)).join(' ');

/** What commands of runbooks only look at, or edit a copy of; whatever else they run acts. */
const LOOKING = [
  'blockdev --getro',
  'chkconfig --list',
  'clpcfctrl --compcheck -x',
  'clpcfctrl --pull -l',
  'clpcfctrl --pull -l -d -m',
  'clpcfctrl --pull -l -x',
  'clpcfctrl --pull -w',
  'clpcfctrl --pull -w -d -m',
  'clpcfctrl --pull -w -x',
  'clpcfctrl --pull -x',
  'clpcfget -g',
  'clpcfset add',
  'clpcfset del',
  'clphdstat --mirror',
  'clphdstat --perf',
  'clphdstat -a',
  'clplcnsc -l -p',
  'clplogcc -t',
  'clpmdstat --mirror',
  'clpmdstat --perf',
  'clpstat',
  'clpstat --rsc',
  'clpstat -n',
  'df',
  'find -size',
  'free',
  'grep -E',
  'grep -hE',
  'hostname',
  'ifconfig',
  'ls',
  'lsmod',
  'ping -c',
  'ps -ef',
  'rpm -qi',
  'tar -tf',
];

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
    if (!isRun) looking.add(formOf(argv));
  }
  t.deepEqual([...looking].sort(), LOOKING.toSorted());
});
