/** `runs`, `run-log`, `abort` and `audit`: what the record says, and whether it can be believed. */
import { readFileSync } from 'node:fs';
import { type Verdict, verifyChain } from '../audit/chain.ts';
import { parseAnchors, parseRecord } from '../audit/read-record.ts';
import { badInput, DrydockError } from '../core/errors.ts';
import { suggestion } from '../core/nearest.ts';
import type { Journal } from '../ports/journal.ts';
import { foldRun, type RunState } from '../runbook/fold.ts';
import { abortRun } from '../runbook/resume.ts';
import { paperOf, remainingSteps, transcriptOf } from '../runbook/transcript.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { openCluster } from './cluster.ts';
import { type Cli, print, table } from './context.ts';
import { openJournal } from './journal.ts';
import type { Args } from './verbs.ts';

function runIds(journal: Journal): string[] {
  return journal
    .entries()
    .filter((entry) => entry.type === 'run.created' && entry.run !== null)
    .map((entry) => entry.run as string);
}

/** A run by its id or an unambiguous part of it. */
export function findRun(journal: Journal, given: string): RunState {
  const ids = runIds(journal);
  const fitting = ids.includes(given) ? [given] : ids.filter((id) => id.includes(given));
  if (fitting.length === 1) return foldRun(journal.entries(fitting[0] as string));
  const many = fitting.length > 1;
  throw badInput(many ? `'${given}' fits ${fitting.length} runs` : `there is no run '${given}'`, {
    code: 'run.unknown',
    remedy: many
      ? `name one of ${fitting.join(', ')}`
      : `${suggestion(given, ids)} (see \`drydock runs\`)`,
  });
}

export async function runs(cli: Cli, _args: Args): Promise<number> {
  const journal = openJournal(cli);
  try {
    const rows = runIds(journal).map((id) => {
      const state = foldRun(journal.entries(id));
      return {
        run: id,
        runbook: state.plan.runbook.id,
        cluster: state.plan.cluster.name,
        phase: state.phase,
        step: state.step?.id ?? null,
        startedAt: state.startedAt,
        who: state.who,
      };
    });
    print(cli, { schema: 'drydock.runs/1', runs: rows }, () =>
      table([
        ['RUN', 'STATE', 'AT STEP', 'CLUSTER', 'STARTED', 'WHO'],
        ...rows.map((row) => [
          row.run,
          row.phase,
          row.step ?? '-',
          row.cluster,
          row.startedAt,
          row.who,
        ]),
      ]),
    );
    return 0;
  } finally {
    journal.close();
  }
}

export async function runLog(cli: Cli, args: Args): Promise<number> {
  const journal = openJournal(cli);
  try {
    const { run } = findRun(journal, String(args.run));
    const entries = journal.entries(run);
    const words = args.paper === true ? paperOf(entries) : transcriptOf(entries);
    print(cli, { schema: 'drydock.run-log/1', run, entries }, () => words);
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
    const { run } = findRun(journal, String(args.run));
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

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw badInput(`cannot read ${file}`, {
      code: 'file.unreadable',
      remedy: 'check its name and that you may read it',
      cause,
    });
  }
}

function recordFrom(cli: Cli, args: Args): JournalEntry[] {
  if (typeof args.file === 'string') return parseRecord(readText(args.file), args.file);
  const journal = openJournal(cli);
  try {
    return journal.entries();
  } finally {
    journal.close();
  }
}

function verdictWords(verdict: Verdict): string {
  if (!verdict.ok) return `does not verify: ${verdict.why}\n`;
  const head = verdict.head ? `, the last is ${verdict.head.seq} ${verdict.head.hash}` : '';
  const unknown = verdict.cannotKnow.map((text) => `not known: ${text}\n`).join('');
  return `verifies: ${verdict.entries} entries${head}\n${unknown}`;
}

export async function audit(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'show') {
    const wanted = typeof args.run === 'string' ? args.run : null;
    for (const entry of recordFrom(cli, args)) {
      if (wanted === null || entry.run?.includes(wanted)) cli.out(`${JSON.stringify(entry)}\n`);
    }
    return 0;
  }
  const { anchor } = args;
  const anchors = typeof anchor === 'string' ? parseAnchors(readText(anchor), anchor) : [];
  const verdict = verifyChain(recordFrom(cli, args), anchors);
  print(cli, { schema: 'drydock.audit-verdict/1', ...verdict }, () => verdictWords(verdict));
  return verdict.ok ? 0 : 7;
}
