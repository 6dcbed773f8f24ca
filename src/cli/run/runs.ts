/** `runs`, `run-log` and `abort`: what the record says of runs. */
import { transcriptOf } from '../../runbook/run/transcript.ts';
import type { RunsReport } from '../../schema/generated/reports/runs.ts';
import {
  abort as abortRun,
  listAllRuns,
  readRemainder,
  readRunLog,
} from '../../service/run/runs.ts';
import { type Cli, table } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';

/** `rolledBack` in words. */
function phaseWords(phase: RunsReport['runs'][number]['phase']): string {
  return phase === 'rolledBack' ? 'rolled back' : phase;
}

function wordsOf({ runs: all }: RunsReport): string {
  return table([
    ['RUN', 'STATE', 'AT STEP', 'CLUSTER', 'STARTED', 'WHO'],
    ...all.map(({ run, phase, step, cluster, startedAt, who }) => [
      run,
      phaseWords(phase),
      step ?? '-',
      cluster,
      startedAt,
      who,
    ]),
  ]);
}

export async function runs(cli: Cli, args: Args): Promise<number> {
  const report = await listAllRuns(contextOf(cli, args));
  const exit = show(cli, report, wordsOf);
  for (const { run, why } of report.data.runs.filter(({ phase }) => phase === 'damaged')) {
    cli.say(cli.paint('red', `run ${run} is damaged: ${why}`));
  }
  return exit;
}

export async function runLog(cli: Cli, args: Args): Promise<number> {
  const ctx = contextOf(cli, args);
  const run = String(args.run);
  if (args.remainder === true) return show(cli, await readRemainder(ctx, run), ({ text }) => text);
  return show(cli, await readRunLog(ctx, run), ({ entries }) => transcriptOf(entries));
}

export async function abort(cli: Cli, args: Args): Promise<number> {
  const report = await abortRun(contextOf(cli, args), String(args.run));
  const exit = show(cli, report, ({ left }) =>
    left.length ? `left undone:\n${table(left.map(({ id, title }) => [`  ${id}`, title]))}` : '',
  );
  const { run, outcome, leaseLeft } = report.data;
  cli.say(
    outcome === 'aborted'
      ? `run ${run} is aborted; nothing was undone (\`drydock debts\`)`
      : `run ${run} stops at its next safe point`,
  );
  if (leaseLeft) cli.say(`the lease is left on the cluster: ${leaseLeft}`);
  return exit;
}
