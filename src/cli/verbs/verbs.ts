/** The verbs: words for `--help`, options, and where the work is (loaded when called). */
import type { Verb } from './args.ts';
import { auditVerb } from './audit.ts';
import { clusterVerb } from './cluster.ts';
import { lifeVerbs } from './life.ts';
import {
  answers,
  anyRunbookId,
  described,
  giveUp,
  runbookId,
  runId,
  set,
  window,
} from './options.ts';
import { windowVerb } from './window.ts';

export const verbs: Verb[] = [
  {
    command: 'demo',
    describe: 'a whole maintenance job in a lab on this machine, from fault to verified record',
    builder: (parser) =>
      parser
        .option('keep', { type: 'boolean', describe: 'leave the lab up, to look around in it' })
        .example('$0 demo', 'about half a minute'),
    handler: async (cli, args) => (await import('../lab/demo.ts')).demo(cli, args),
  },
  {
    command: 'list',
    describe:
      'list the runbooks: id, title, section of the manual, editions, number of steps; with a cluster at hand, which apply to it, and why others do not',
    builder: (parser) =>
      described(parser)
        .option('manual', { choices: ['v3', 'x5'], describe: 'only those of this manual' })
        .option('edition', {
          choices: ['SE', 'XE', 'LE', 'X'],
          describe: 'only those for this edition',
        })
        .option('search', {
          type: 'string',
          requiresArg: true,
          describe: 'only those whose id or title has this word',
        })
        .example('$0 list --edition LE --search mirror', '')
        .example('$0 list --config x5hybrid', 'which apply to such a cluster'),
    handler: async (cli, args) => (await import('../run/runbooks.ts')).list(cli, args),
  },
  {
    command: 'show <id>',
    describe: 'show a runbook: parameters, steps, commands, dangers, what people do by hand',
    builder: (parser) =>
      runbookId(parser)
        .option('graph', {
          choices: ['svg', 'mermaid', 'dot', 'text'],
          describe: 'its statechart, drawn or as text, on stdout',
        })
        .example('$0 show v3-6.7.2 --graph svg > disk.svg', ''),
    handler: async (cli, args) => (await import('../run/show.ts')).show(cli, args),
  },
  {
    command: 'docs',
    describe: 'write every runbook as Markdown, as a man page and as a picture, into a new folder',
    builder: (parser) =>
      parser
        .option('out', {
          type: 'string',
          requiresArg: true,
          demandOption: true,
          describe: 'the folder',
        })
        .example('$0 docs --out runbooks', 'then: man -l runbooks/man7/drydock-v3-6.7.2.7'),
    handler: async (cli, args) => (await import('../run/docs.ts')).docs(cli, args),
  },
  {
    command: 'lint [files..]',
    describe:
      'check files: runbooks and overlays (schema, names, expressions, reachability, steps of the manual), or a clp.conf',
    builder: (parser) =>
      parser
        .positional('files', {
          type: 'string',
          array: true,
          describe: 'the files; default: all runbooks that ship, and the site’s',
        })
        .example('$0 lint my.runbook.yaml', '')
        .example('$0 lint clp.conf', 'what is wrong with it, and what of it cannot run here'),
    handler: async (cli, args) => (await import('../run/runbooks.ts')).lint(cli, args),
  },
  {
    command: 'new <name>',
    describe: 'begin a runbook of the site, or an overlay: the site’s own steps within a runbook',
    builder: (parser) =>
      parser
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'its id: small letters, figures, dashes',
        })
        .option('overlay', {
          type: 'string',
          requiresArg: true,
          describe: 'ID: begin an overlay of that runbook',
        })
        .option('out', {
          type: 'string',
          requiresArg: true,
          describe: 'the file to write; default: in the site’s folder (DRYDOCK_RUNBOOKS)',
        })
        .example('$0 new drain-web', '')
        .example('$0 new quiesce-orders --overlay v3-5.2.deactivate', ''),
    handler: async (cli, args) => (await import('../run/runbooks.ts')).begin(cli, args),
  },
  {
    command: 'preflight <id>',
    describe: 'check what can be checked before the first step; changes nothing',
    builder: (parser) =>
      described(giveUp(set(runbookId(parser)))).example(
        '$0 preflight v3-6.7.2 --set failed=server2',
        '',
      ),
    handler: async (cli, args) => (await import('../run/preflight.ts')).preflight(cli, args),
  },
  {
    command: 'rehearse <id>',
    describe: 'run it on a twin, a copy of the cluster in memory; changes nothing',
    builder: (parser) =>
      described(set(answers(runbookId(parser))))
        .option('faults', {
          type: 'string',
          requiresArg: true,
          describe:
            'break something at a step: STEP:KIND or STEP:KIND@TARGET; sweep: each fault at each step; KIND is kill (the runner), command, crash, reboot, cut, fail-disk, says-no or goes-home',
        })
        .option('html', {
          type: 'string',
          requiresArg: true,
          describe: 'write what became of the faults as a page to a new FILE',
        })
        .example('$0 rehearse v3-11.10.4', '')
        .example(
          '$0 rehearse v3-11.10.4 --faults sweep --html matrix.html',
          'every fault at every step, as a table and as a page',
        )
        .example('$0 rehearse v3-11.10.4 --faults recover:fail-disk@server2', '')
        .example('$0 rehearse v3-5.1 --config clp.conf', 'without a cluster')
        .example(
          '$0 rehearse v3-6.7.2 --config v3le --set failed=server2 --given "fail-disk server2 /dev/sdb" --given "write md1 server1"',
          '',
        ),
    handler: async (cli, args) => (await import('../run/running.ts')).rehearse(cli, args),
  },
  {
    command: 'advise [wish..]',
    describe:
      'say what is wrong with the cluster, and which procedures are for it; changes nothing',
    builder: (parser) =>
      described(
        parser.positional('wish', {
          type: 'string',
          array: true,
          describe: 'what you want, in your words; default: what is wrong is to be mended',
        }),
      )
        .example('$0 advise', '')
        .example('$0 advise back up the data while it is served', '')
        .example(
          '$0 advise --config v3le --given "cut mdc400 server1 server2"',
          'without a cluster',
        ),
    handler: async (cli, args) => (await import('../run/advise.ts')).advise(cli, args),
  },
  {
    command: 'run [id]',
    describe: 'preflight and rehearse it, then run it on the cluster, recorded step by step',
    builder: (parser) =>
      window(set(answers(anyRunbookId(parser))))
        .option('dry-run', { type: 'boolean', describe: 'only rehearse it, as `rehearse` does' })
        .option('faults', {
          type: 'string',
          requiresArg: true,
          describe:
            'in a lab, STEP:kill: kill this runner after the step has acted, before that is recorded',
        })
        .example('$0 run v3-11.10.4 --yes', '')
        .example('$0 run v3-11.10.4 --emergency "disk dying" --yes', 'break-glass')
        .example('$0 run v3-11.10.6 --set survivor=server1', 'asks for the name of what is lost'),
    handler: async (cli, args) => (await import('../run/running.ts')).run(cli, args),
  },
  {
    command: 'resume <run>',
    describe: 'go on with a run that was parked, killed or stopped',
    builder: (parser) =>
      window(set(answers(runId(parser)))).example(
        '$0 resume 7f3a --answer accept-loss=server2',
        '',
      ),
    handler: async (cli, args) => (await import('../run/running.ts')).resume(cli, args),
  },
  {
    command: 'runs',
    describe: 'list all runs and how far each one is',
    builder: (parser) => parser.example('$0 runs --json', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).runs(cli, args),
  },
  {
    command: 'run-log <run>',
    describe: 'show what a run did, step by step',
    builder: (parser) =>
      runId(parser)
        .option('remainder', {
          type: 'boolean',
          describe: 'instead: the steps that are left, for finishing them by hand',
        })
        .example('$0 run-log 7f3a --remainder', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).runLog(cli, args),
  },
  {
    command: 'abort <run>',
    describe: 'end a run at its next safe point and say which steps are left; undoes nothing',
    builder: (parser) => runId(parser).example('$0 abort 7f3a', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).abort(cli, args),
  },
  ...lifeVerbs,
  {
    command: 'debts',
    describe: 'list what runs left behind on the cluster and has to be cleared, and by when',
    builder: (parser) => parser.example('$0 debts', ''),
    handler: async (cli, args) => (await import('../run/debts.ts')).debts(cli, args),
  },
  windowVerb,
  auditVerb,
  clusterVerb,
  {
    command: 'lab <what> [words..]',
    describe:
      'a live cluster on this machine: start and stop it, break things in it, write to its disks',
    builder: (parser) =>
      parser
        .positional('what', {
          choices: ['up', 'down', 'status', 'exec', 'path', 'fault', 'io', 'medium'],
          demandOption: true,
        })
        .positional('words', { type: 'string', array: true })
        .option('config', {
          type: 'string',
          requiresArg: true,
          describe:
            'up: a clp.conf of yours, or v3le, v3se, v3xe, v3three, x5mirror, x5shared, x5three or x5hybrid, which ship',
        })
        .option('auto-recovery', {
          type: 'boolean',
          describe: 'up: recover mirrors by themselves (--no-auto-recovery: leave it to people)',
        })
        .option('size', {
          type: 'number',
          requiresArg: true,
          describe: 'up: size of each data partition, MiB',
        })
        .option('agents', {
          type: 'string',
          requiresArg: true,
          describe:
            'up: a folder with TYPE.sh for each type of resource or monitor that is not built in',
        })
        .option('programs', {
          type: 'string',
          requiresArg: true,
          describe: 'up: a folder with NAME.sh for each program of the site, which site-run runs',
        })
        .option('real-mounts', {
          type: 'boolean',
          describe: 'up, as root: really mount the mirrors, with real file systems',
        })
        .option('power-control', {
          type: 'string',
          requiresArg: true,
          describe:
            'up: a file (0600) with a platform and its machines, or a clp.conf with a forced stop, by which servers are stopped by force',
        })
        .option('one-way', {
          type: 'boolean',
          describe: 'fault cut: only what the first server sends to the second',
        })
        .option('ms', {
          type: 'number',
          requiresArg: true,
          describe: 'fault delay: by so many milliseconds',
        })
        .option('format', {
          choices: ['linux', 'windows'],
          describe: 'medium: the system that wrote it',
        })
        .option('count', {
          type: 'number',
          requiresArg: true,
          describe: 'io write: number of blocks',
        })
        .example('$0 lab up --config x5mirror', '')
        .example('$0 lab up --config x5mirror --size 64 --real-mounts', 'as root: ext4 on md1')
        .example('$0 lab exec server1 -- clpstat', '')
        .example('$0 lab fault cut mdc400 server1 server2', 'also: heal, delay, kill, freeze, thaw')
        .example('$0 lab fault fail-disk server2 /dev/sdb', '')
        .example('$0 lab io write md1 --count 64', 'then: lab io verify md1')
        .example('PATH=$($0 lab path server1) clpstat', ''),
    handler: async (cli, args) => (await import('../lab/lab.ts')).lab(cli, args),
  },
  {
    command: 'status',
    describe: 'show the cluster: servers, heartbeats, groups, resources, monitors, mirrors',
    builder: (parser) =>
      parser
        .option('watch', {
          type: 'boolean',
          describe: 'go on showing it, whenever something changes',
        })
        .option('wait', {
          type: 'string',
          requiresArg: true,
          describe: 'return as soon as this condition holds (CEL, as in runbooks)',
        })
        .option('timeout', {
          type: 'number',
          requiresArg: true,
          describe: 'wait: for at most so many seconds; default: 60',
        })
        .example('$0 status --watch', '')
        .example(`$0 status --wait "mirror('md1').state == 'Normal'"`, ''),
    handler: async (cli, args) => (await import('../cluster/status.ts')).status(cli, args),
  },
  {
    command: 'explain <words..>',
    describe: 'explain a message of the cluster, or where a server keeps what (directories)',
    builder: (parser) =>
      parser
        .positional('words', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'module and id, type and code of a failure, a line of the log, or: directories',
        })
        .example('$0 explain rc 32', '')
        .example('$0 explain md 81', 'the code that stands within rc 32')
        .example('$0 explain liscal mirror break', 'a line of the mirror driver')
        .example('$0 explain "Server server2 down."', '')
        .example('$0 explain directories', 'with their numbers in both manuals'),
    handler: async (cli, args) => (await import('../cluster/explain.ts')).explain(cli, args),
  },
  {
    command: 'clp <name> [words..]',
    describe: 'run a clp* command on a server; put its own options after `--`',
    builder: (parser) =>
      parser
        .positional('name', { type: 'string', demandOption: true })
        .positional('words', { type: 'string', array: true })
        .option('server', {
          type: 'string',
          requiresArg: true,
          describe: 'the server to run it on; default: the first one',
        })
        .example('$0 clp clpstat -- -g', '')
        .example('$0 clp clpmdstat --server server2 -- --mirror md1', ''),
    handler: async (cli, args) => (await import('../cluster/clp.ts')).clp(cli, args),
  },
];
