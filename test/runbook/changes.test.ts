import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { isActing } from '../../src/runbook/language/changes.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

/** What commands of runbooks only look at, or edit a copy of; whatever else they run acts. */
const LOOKING = [
  'blockdev --getro {partition}',
  'chkconfig --list clusterpro',
  'clpcfctrl --pull -l',
  'clpcfctrl --pull -l -d {device} -m {mount}',
  'clpcfctrl --pull -l -x {folder}',
  'clpcfctrl --pull -w',
  'clpcfctrl --pull -w -d {device} -m {mount}',
  'clpcfctrl --pull -w -x {folder}',
  'clpcfctrl --pull -x .',
  'clpcfget -g /root/cluster/startupwait',
  'clpcfget -g /root/cluster/statistics/mirror',
  'clpcfset add clsparam cluster/startupwait {seconds}',
  'clpcfset add clsparam cluster/statistics/mirror 1',
  'clpcfset add rsc {group} {type} {name}',
  'clpcfset add rscparam hd {md} parameters/diskdev/cppath {clusterPath}',
  'clpcfset add rscparam hd {md} parameters/diskdev/dppath {dataPath}',
  'clpcfset add rscparam hd {md} parameters/fullcopy 0',
  'clpcfset add rscparam hd {md} parameters/fullcopy 1',
  'clpcfset add rscparam hd {md} parameters/mkfs 0',
  'clpcfset add rscparam hd {md} parameters/mkfs 1',
  'clpcfset add rscparam md {md} parameters/diskdev/cppath {clusterPath}',
  'clpcfset add rscparam md {md} parameters/diskdev/dppath {dataPath}',
  'clpcfset add rscparam md {md} parameters/fullcopy 0',
  'clpcfset add rscparam md {md} parameters/fullcopy 1',
  'clpcfset add rscparam md {md} parameters/mkfs 0',
  'clpcfset add rscparam md {md} parameters/mkfs 1',
  'clpcfset add rscparam {type} {name} {setting} {value}',
  'clphdstat --mirror {md}',
  'clphdstat --perf {md}',
  'clplcnsc -l -p {product}',
  'clplogcc -t type5',
  'clplogcc -t type6',
  'clpmdstat --mirror {md}',
  'clpmdstat --perf {md}',
  'clpstat',
  'clpstat --rsc {name}',
  'clpstat -n',
  'df',
  'free',
  'hostname',
  'ifconfig',
  'ls /opt/nec/clusterpro/etc/clp.conf',
  'ls /opt/nec/clusterpro/log/ecap',
  'lsmod',
  'ping -c 3 {server}',
  'ps -ef',
  'rpm -qi expresscls',
  'tar -tf {archive}',
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
    if (!isRun) looking.add(argv.join(' '));
  }
  t.deepEqual([...looking].sort(), LOOKING.toSorted());
});
