/** The verbs: words for `--help`, options, and where the work is (loaded when called). */
import type { Verb } from './args.ts';
import { auditVerb } from './audit.ts';
import { clusterVerb } from './cluster.ts';
import { lifeVerbs } from './life.ts';
import { answers, giveUp, runbookId, runId, set, window } from './options.ts';
import { windowVerb } from './window.ts';

export const verbs: Verb[] = [
  {
    command: 'demo',
    describe: 'the main job on this machine, with nothing else installed',
    builder: (parser) =>
      parser
        .option('keep', { type: 'boolean', describe: 'leave the lab up to look around' })
        .example('$0 demo', 'about half a minute'),
    handler: async (cli, args) => (await import('../lab/demo.ts')).demo(cli, args),
  },
  {
    command: 'list',
    describe: 'every runbook: id, title, section, editions, number of steps',
    builder: (parser) =>
      parser
        .option('manual', { choices: ['v3', 'x5'], describe: 'one manual' })
        .option('edition', { choices: ['SE', 'XE', 'LE', 'X'], describe: 'one edition' })
        .option('search', { type: 'string', requiresArg: true, describe: 'a word of id or title' })
        .example('$0 list --edition LE --search mirror', ''),
    handler: async (cli, args) => (await import('../run/runbooks.ts')).list(cli, args),
  },
  {
    command: 'show <id>',
    describe: 'a runbook: parameters, steps, commands, dangers, manual steps',
    builder: (parser) =>
      runbookId(parser)
        .option('graph', { choices: ['svg', 'mermaid', 'dot'], describe: 'draw its statechart' })
        .example('$0 show v3-6.7.2 --graph svg > disk.svg', ''),
    handler: async (cli, args) => (await import('../run/show.ts')).show(cli, args),
  },
  {
    command: 'lint [files..]',
    describe: 'check runbooks: schema, names, expressions, reachability, documented steps',
    builder: (parser) =>
      parser
        .positional('files', { type: 'string', array: true, describe: 'default: all that ship' })
        .example('$0 lint my.runbook.yaml', ''),
    handler: async (cli, args) => (await import('../run/runbooks.ts')).lint(cli, args),
  },
  {
    command: 'preflight <id>',
    describe: 'everything that can be known before step 1',
    builder: (parser) =>
      giveUp(set(runbookId(parser))).example('$0 preflight v3-6.7.2 --set failed=server2', ''),
    handler: async (cli, args) => (await import('../run/preflight.ts')).preflight(cli, args),
  },
  {
    command: 'rehearse <id>',
    describe: 'run it on a twin of the cluster: transcript, state changes, durations',
    builder: (parser) =>
      set(answers(runbookId(parser)))
        .option('faults', {
          type: 'string',
          requiresArg: true,
          describe:
            'none | sweep | STEP:KIND: what becomes of the run when the runner, a cable, a disk or a server dies at a step',
        })
        .example('$0 rehearse v3-11.10.4', '')
        .example('$0 rehearse v3-11.10.4 --faults sweep', 'every fault at every step, as a table')
        .example('$0 rehearse v3-11.10.4 --faults recover:fail-disk@server2', ''),
    handler: async (cli, args) => (await import('../run/running.ts')).rehearse(cli, args),
  },
  {
    command: 'run <id>',
    describe: 'preflight, rehearse, then run it on the cluster, recorded step by step',
    builder: (parser) =>
      window(set(answers(runbookId(parser))))
        .option('dry-run', { type: 'boolean', describe: 'the same as `rehearse`' })
        .option('faults', {
          type: 'string',
          requiresArg: true,
          describe:
            'in a lab: STEP:kill kills this runner once the step has acted and before it is recorded',
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
    describe: 'all runs and where they stand',
    builder: (parser) => parser.example('$0 runs --json', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).runs(cli, args),
  },
  {
    command: 'run-log <run>',
    describe: 'what a run did, step by step',
    builder: (parser) =>
      runId(parser)
        .option('paper', { type: 'boolean', describe: 'what remains, for finishing by hand' })
        .example('$0 run-log 7f3a --paper', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).runLog(cli, args),
  },
  {
    command: 'abort <run>',
    describe: 'end a run at its next safe point and say what is left; undoes nothing',
    builder: (parser) => runId(parser).example('$0 abort 7f3a', ''),
    handler: async (cli, args) => (await import('../run/runs.ts')).abort(cli, args),
  },
  ...lifeVerbs,
  {
    command: 'debts',
    describe: 'what runs left behind on the cluster, and when each lapses',
    builder: (parser) => parser.example('$0 debts', ''),
    handler: async (cli, args) => (await import('../run/debts.ts')).debts(cli, args),
  },
  windowVerb,
  auditVerb,
  clusterVerb,
  {
    command: 'lab <what> [words..]',
    describe: 'the live cluster on this machine: up, down, status, exec, path, fault, io, medium',
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
          describe: 'up: a clp.conf, or v3le | x5mirror',
        })
        .option('auto-recovery', { type: 'boolean', describe: 'up: automatic mirror recovery' })
        .option('size', {
          type: 'number',
          requiresArg: true,
          describe: 'up: MiB of each data partition',
        })
        .option('real-mounts', {
          type: 'boolean',
          describe: 'up, as root: mount the mirrors with real file systems',
        })
        .option('one-way', {
          type: 'boolean',
          describe: 'fault cut: only from the first server named',
        })
        .option('ms', { type: 'number', requiresArg: true, describe: 'fault delay: milliseconds' })
        .option('format', { choices: ['linux', 'windows'], describe: 'medium: how it was written' })
        .option('count', {
          type: 'number',
          requiresArg: true,
          describe: 'io write: how many blocks',
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
    describe: 'the cluster: servers, heartbeats, groups, resources, monitors, mirrors',
    builder: (parser) =>
      parser
        .option('watch', { type: 'boolean', describe: 'again whenever something changes' })
        .option('wait', {
          type: 'string',
          requiresArg: true,
          describe: 'a condition (CEL): wait until it holds',
        })
        .option('timeout', {
          type: 'number',
          requiresArg: true,
          describe: 'wait: seconds, 60 unless told',
        })
        .example('$0 status --watch', '')
        .example(`$0 status --wait "mirror('md1').state == 'Normal'"`, ''),
    handler: async (cli, args) => (await import('../cluster/status.ts')).status(cli, args),
  },
  {
    command: 'clp <name> [words..]',
    describe: 'a clp* command; its own options go behind `--`',
    builder: (parser) =>
      parser
        .positional('name', { type: 'string', demandOption: true })
        .positional('words', { type: 'string', array: true })
        .option('server', {
          type: 'string',
          requiresArg: true,
          describe: 'the server it runs on; default: the first',
        })
        .example('$0 clp clpstat -- -g', '')
        .example('$0 clp clpmdstat --server server2 -- --mirror md1', ''),
    handler: async (cli, args) => (await import('../cluster/clp.ts')).clp(cli, args),
  },
];
