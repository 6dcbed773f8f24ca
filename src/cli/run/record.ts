/** `runs`, `run-log` and `abort`: what the record says of runs. */
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Journal } from '../../ports/journal.ts';
import {
  foldRun,
  isFinal,
  listRuns,
  type RunState,
  type RunSummary,
} from '../../runbook/run/fold.ts';
import { abortRun } from '../../runbook/run/resume.ts';
import { paperOf, remainingSteps, transcriptOf } from '../../runbook/run/transcript.ts';
import { openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import { noteAccess, openJournal, openJournalToRead } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';

function goesOn({ phase }: RunSummary): boolean {
  return phase !== 'damaged' && !isFinal(phase);
}

function hasToUndo({ phase, undoes }: RunSummary): boolean {
  return undoes === null && !['damaged', 'created', 'refused'].includes(phase);
}

/**
 * A run by its id or a part of it. Where several fit: the only one that can go on (or be undone),
 * for verbs that act; the newest, for those that show.
 */
export function findRun(journal: Journal, given: string, to: 'act' | 'show' | 'undo'): RunState {
  const all = listRuns(journal.entries());
  const exact = all.filter(({ run }) => run === given);
  let fitting = exact.length > 0 ? exact : all.filter(({ run }) => run.includes(given));
  if (fitting.length > 1) {
    const open = fitting.filter((one) => (to === 'undo' ? hasToUndo(one) : goesOn(one)));
    fitting = to === 'show' ? fitting.slice(-1) : open.length === 1 ? open : fitting;
  }
  const ids = fitting.map(({ run }) => run);
  if (ids.length === 1) return foldRun(journal.entries(ids[0] as string));
  const known = all.map(({ run }) => run);
  throw badInput(
    ids.length > 1 ? `'${given}' fits ${ids.length} runs` : `there is no run '${given}'`,
    {
      code: 'run.unknown',
      remedy:
        ids.length > 1
          ? `name one of ${ids.slice(-10).join(', ')}`
          : `${suggestion(given, known)} (see \`drydock runs\`)`,
    },
  );
}

/** `rolledBack` in words. */
function phaseWords(phase: RunSummary['phase']): string {
  return phase === 'rolledBack' ? 'rolled back' : phase;
}

export async function runs(cli: Cli, _args: Args): Promise<number> {
  const journal = openJournalToRead(cli);
  try {
    const rows = listRuns(journal.entries());
    print(cli, { schema: 'drydock.runs/1', runs: rows }, () =>
      table([
        ['RUN', 'STATE', 'AT STEP', 'CLUSTER', 'STARTED', 'WHO'],
        ...rows.map(({ run, phase, step, cluster, startedAt, who }) => [
          run,
          phaseWords(phase),
          step ?? '-',
          cluster,
          startedAt,
          who,
        ]),
      ]),
    );
    const isDamaged = ({ phase }: RunSummary) => phase === 'damaged';
    for (const { run, why } of rows.filter(isDamaged)) {
      cli.say(cli.paint('red', `run ${run} is damaged: ${why}`));
    }
    return 0;
  } finally {
    journal.close();
  }
}

export async function runLog(cli: Cli, args: Args): Promise<number> {
  const journal = openJournalToRead(cli);
  try {
    const state = findRun(journal, String(args.run), 'show');
    const { run } = state;
    const entries = journal.entries(run);
    noteAccess(cli, journal, 'run-log', { run });
    if (args.paper === true) {
      const text = paperOf(entries);
      const remaining = isFinal(state.phase) ? [] : remainingSteps(state);
      print(cli, { schema: 'drydock.paper/1', run, remaining, text }, () => text);
    } else {
      print(cli, { schema: 'drydock.run-log/1', run, entries }, () => transcriptOf(entries));
    }
    return 0;
  } finally {
    journal.close();
  }
}

export async function abort(cli: Cli, args: Args): Promise<number> {
  const journal = openJournal(cli);
  const cluster = await openCluster(cli, args).catch((error: unknown) => {
    if (!(error instanceof DrydockError)) throw error;
    cli.say(`the cluster cannot be asked to let the lease go: ${error.message}`);
    return null;
  });
  try {
    const { run } = findRun(journal, String(args.run), 'act');
    const ended = await abortRun({ journal, run, who: cli.who, door: cluster?.door ?? null });
    const left = remainingSteps(ended.state).map(({ id, title }) => ({ id, title }));
    const { outcome, leaseLeft } = ended;
    print(cli, { schema: 'drydock.abort/1', run, outcome, leaseLeft, left }, () =>
      left.length ? `left undone:\n${table(left.map(({ id, title }) => [`  ${id}`, title]))}` : '',
    );
    cli.say(
      outcome === 'aborted'
        ? `run ${run} is aborted; nothing was undone (\`drydock debts\`)`
        : `run ${run} stops at its next safe point`,
    );
    if (leaseLeft) cli.say(`the lease is left on the cluster: ${leaseLeft}`);
    return 0;
  } finally {
    journal.close();
    await cluster?.close();
  }
}
