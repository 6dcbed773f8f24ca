/**
 * `demo`: the whole idea on this machine, for real. Every line it shows behind `$` is a command of
 * this program that anyone can type; it is run as a process of its own, like the runner that is
 * killed half-way. What the demo claims at the end it has looked up, not assumed.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { findByEnvironment } from '../../adapters/process-table.ts';
import { DrydockError } from '../../core/errors.ts';
import type { DemoReport } from '../../schema/generated/reports/demo.ts';
import { duration } from '../../service/figures.ts';
import { reportOf } from '../../service/report.ts';
import type { Cli } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';

interface Line {
  /** What it is for, in one sentence. */
  why?: string;
  words: string[];
  /** Exit code, or `killed`. */
  ends?: number | 'killed';
}

const NORMAL = "mirror('md1').state == 'Normal'";
const ABNORMAL = "mirror('md1').state == 'Abnormal' && mirror('md1').on('server1').connected";
const REPLACE_DISK = ['run', 'v3-6.7.2', '--set', 'failed=server2', '--yes'];

const SCENES: { title: string; lines: Line[] }[] = [
  {
    title: 'A two-server cluster of live processes, automatic mirror recovery off',
    lines: [
      { words: ['lab', 'up', '--config', 'v3le', '--no-auto-recovery'] },
      { words: ['clp', 'clpstat'] },
      { words: ['lab', 'io', 'write', 'md1', '--count', '256'] },
    ],
  },
  {
    title: 'The mirror breaks by a real fault while data is written',
    lines: [
      { words: ['lab', 'fault', 'cut', 'mdc400', 'server1', 'server2'] },
      { words: ['lab', 'io', 'write', 'md1', '--count', '64'] },
      { words: ['lab', 'fault', 'heal', 'mdc400', 'server1', 'server2'] },
      { words: ['status', '--wait', ABNORMAL] },
      { words: ['clp', 'clpmdstat', '--', '--mirror', 'md1'] },
    ],
  },
  {
    title: 'Runbook v3-11.10.4, rehearsed on a twin of this very cluster',
    lines: [{ words: ['rehearse', 'v3-11.10.4'] }],
  },
  {
    title:
      'The same runbook on the live cluster; its runner is killed between acting and recording',
    lines: [
      { words: ['run', 'v3-11.10.4', '--yes', '--faults', 'recover:kill'], ends: 'killed' },
      { words: ['runs'] },
      {
        why: 'resumed: the step in doubt is settled by the server’s own record, not repeated',
        words: ['resume', 'v3-11.10.4'],
      },
      { words: ['run-log', 'v3-11.10.4'] },
      { words: ['status', '--wait', NORMAL] },
      { words: ['lab', 'io', 'verify', 'md1'] },
      { words: ['lab', 'io', 'compare', 'md1'] },
    ],
  },
  {
    title: 'The disk of the standby server fails; v3-6.7.2 replaces it, physical acts included',
    lines: [
      { words: ['lab', 'fault', 'fail-disk', 'server2', '/dev/sdb'] },
      { words: ['lab', 'io', 'write', 'md1', '--count', '32'] },
      {
        why: 'a named confirmation: --yes never gives it',
        words: [...REPLACE_DISK, '--answer', 'accept-new-table=server2'],
      },
      { words: ['status', '--wait', NORMAL] },
      { words: ['lab', 'io', 'verify', 'md1'] },
      { words: ['lab', 'io', 'compare', 'md1'] },
      { words: ['debts'] },
    ],
  },
  { title: 'The record', lines: [{ words: ['audit', 'verify'] }] },
];

function shown(words: string[]): string {
  return words.map((word) => (/^[\w./=:-]+$/.test(word) ? word : `'${word}'`)).join(' ');
}

async function play(cli: Cli, home: string, line: Line): Promise<void> {
  if (line.why) cli.say(cli.paint('dim', `# ${line.why}`));
  cli.say(cli.paint('bold', `$ drydock ${shown(line.words)}`));
  const program = [...process.execArgv, String(process.argv[1]), ...line.words];
  const ended = await execa(process.execPath, program, {
    env: { DRYDOCK_HOME: home, DRYDOCK_CLUSTER: '' },
    stdin: 'ignore',
    stdout: cli.json ? 2 : 1,
    stderr: 2,
    reject: false,
    cancelSignal: cli.stopNow,
  });
  const expected = line.ends ?? 0;
  if (expected === 'killed' && ended.signal === 'SIGKILL') {
    cli.say(cli.paint('yellow', 'the runner was killed (SIGKILL)'));
    return;
  }
  if (ended.exitCode === expected) return;
  throw new DrydockError(
    `the demo does not go as it should: drydock ${shown(line.words)} ended with ${ended.signal ?? ended.exitCode}`,
    { code: 'demo.failed', exit: 1, remedy: `the lab's logs are below ${home}` },
  );
}

export async function demo(cli: Cli, args: Args): Promise<number> {
  cli.heedInterrupts();
  const startedAt = process.uptime();
  const home = mkdtempSync(join(tmpdir(), 'drydock-demo-'));
  const scenes: { title: string; ms: number }[] = [];
  let done = false;
  try {
    for (const [index, scene] of SCENES.entries()) {
      cli.say('');
      cli.say(cli.paint(['bold', 'cyan'], `${index + 1}. ${scene.title}`));
      const from = process.uptime();
      for (const line of scene.lines) {
        if (cli.stopping.aborted) return 130;
        await play(cli, home, line);
      }
      scenes.push({ title: scene.title, ms: Math.round((process.uptime() - from) * 1000) });
    }
    done = true;
  } finally {
    if (args.keep === true) cli.say(`the lab stays: DRYDOCK_HOME=${home}`);
    else await leaveNothing(cli, home, done);
  }
  const ms = Math.round((process.uptime() - startedAt) * 1000);
  cli.say(cli.paint('green', `\nThe demo is done, in ${duration(ms)}.`));
  return show(cli, reportOf<DemoReport>({ schema: 'drydock.demo/1', scenes, ms }), () => '');
}

/** The lab goes down, and nothing of it is left: looked up in the process table and the folder. */
async function leaveNothing(cli: Cli, home: string, isDone: boolean): Promise<void> {
  cli.say('');
  await play(cli, home, { words: ['lab', 'down'] });
  const processes = findByEnvironment({ DRYDOCK_LAB_FOLDER: join(home, 'lab', 'default') }).map(
    ({ pid }) => `process ${pid}`,
  );
  const labs = readdirSync(join(home, 'lab'));
  if (isDone) rmSync(home, { recursive: true, force: true });
  if (processes.length === 0 && labs.length === 0) {
    cli.say('nothing is left: no process, no lab folder');
    return;
  }
  throw new DrydockError(`the lab left something: ${[...processes, ...labs].join(', ')}`, {
    code: 'lab.leftover',
    remedy: 'run `drydock lab down` again',
  });
}
