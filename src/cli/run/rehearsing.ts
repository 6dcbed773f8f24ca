/** `rehearse`: a plan on a twin of the cluster, without faults, with one, or with all of them. */
import type { Secrets } from '../../core/secrets.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Status } from '../../schema/generated/status.ts';
import { type FaultOutcome, rehearseFault } from '../../sim/faulty-rehearsal.ts';
import { faultName, readFaults, type StepFault } from '../../sim/step-faults.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { openProgress } from '../words/progress.ts';
import { sayClosing } from './closing.ts';
import {
  onTwin,
  optionsOf,
  type Planned,
  planFor,
  rehearsalOperator,
  rehearseOn,
  twinOf,
} from './planning.ts';

interface Matrix {
  cells: FaultOutcome[];
  exit: number;
}

/** No write lost, no two owners; and a runner that died and was resumed came to the end. */
function isSound({ kind, outcome, violations }: FaultOutcome): boolean {
  const isAsBefore = kind !== 'kill' || outcome === 'done' || outcome === 'none';
  return violations.length === 0 && isAsBefore;
}

async function runMatrix(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  { plan, secrets }: Planned,
  from: Status,
  faults: StepFault[],
): Promise<Matrix> {
  const progress = openProgress(cli);
  const cells: FaultOutcome[] = [];
  try {
    for (const fault of faults) {
      const at = `${cells.length + 1} of ${faults.length}`;
      progress.status(`  … fault ${at}: ${faultName(fault)} at ${fault.step}`);
      const twin = await twinOf(cluster, from);
      cells.push(
        await rehearseFault({
          plan,
          secrets,
          fault,
          twin,
          operator: rehearsalOperator(twin),
          who: `rehearsal, ${cli.who}`,
          options: onTwin(optionsOf(cli, args)),
        }),
      );
    }
  } finally {
    progress.end();
  }
  const [only] = cells;
  const single = cells.length === 1 && only && only.exit !== null ? only.exit : null;
  return { cells, exit: cells.every(isSound) ? (single ?? 0) : 1 };
}

function cellWords({ outcome, exit, violations }: FaultOutcome): string {
  if (violations.length > 0) return 'UNSOUND';
  if (outcome === 'none') return '-';
  return exit ? `${outcome} ${exit}` : outcome;
}

/** A stop by drift names every difference; here the first ones do. */
function shortened(words: string): string {
  const [first = '', second, ...more] = words.split('; ');
  const shown = [first, second].filter((part) => part !== undefined).join('; ');
  return more.length > 0 ? `${shown}; and ${more.length} more` : shown;
}

/** Steps down, faults across; then why, once for each reason. */
export function matrixWords(cells: readonly FaultOutcome[]): string {
  const names = [...new Set(cells.map(faultName))];
  const steps = [...new Set(cells.map(({ step }) => step))];
  const cellAt = (step: string, name: string) =>
    cells.find((cell) => cell.step === step && faultName(cell) === name);
  const rows = steps.map((step) => [
    step,
    ...names.map((name) => {
      const cell = cellAt(step, name);
      return cell ? cellWords(cell) : '';
    }),
  ]);
  const reasons = new Map<string, string[]>();
  for (const cell of cells) {
    if (cell.outcome === 'done' || cell.outcome === 'none') continue;
    const why = `${cellWords(cell)}: ${shortened(cell.words)}`;
    reasons.set(why, [...(reasons.get(why) ?? []), `${cell.step}:${faultName(cell)}`]);
  }
  const lines = [...reasons].map(([why, where]) => `${where.join(', ')}\n    ${why}\n`);
  const wrong = cells.flatMap((cell) =>
    cell.violations.map((words) => `UNSOUND ${cell.step}:${faultName(cell)}: ${words}\n`),
  );
  return [table([['STEP', ...names], ...rows]), ...lines, ...wrong].join('');
}

async function rehearseFaults(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  rehearsal: Rehearsal,
  secrets: Secrets,
  from: Status,
): Promise<number> {
  const { plan } = rehearsal;
  const steps = plan.steps.map(({ id }) => id);
  const faults = readFaults(String(args.faults), steps, cluster.config);
  const matrix = await runMatrix(cli, cluster, args, { plan, secrets }, from, faults);
  const { cells, exit } = matrix;
  print(
    cli,
    { schema: 'drydock.fault-matrix/1', runbook: plan.runbook.id, plan: plan.hash, cells, exit },
    () => rehearsal.transcript + matrixWords(cells),
  );
  return exit;
}

/** A plan on a twin, shown; nothing is done on the cluster. */
export async function showRehearsal(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  { plan, secrets }: Planned,
): Promise<number> {
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const options = optionsOf(cli, args);
  const isFaulty = typeof args.faults === 'string' && args.faults !== 'none';
  const steps = plan.steps.map(({ id }) => id);
  if (isFaulty) readFaults(String(args.faults), steps, cluster.config);
  const rehearsal = await rehearseOn({ cluster, plan, secrets, who: cli.who, options, from });
  if (isFaulty && rehearsal.exit === 0) {
    return rehearseFaults(cli, cluster, args, rehearsal, secrets, from);
  }
  const shown = { schema: 'drydock.rehearsal/1', ...rehearsal };
  print(cli, shown, () => rehearsal.transcript);
  sayClosing(cli, rehearsal.exit);
  return rehearsal.exit;
}

export async function rehearse(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    return await showRehearsal(cli, cluster, args, await planFor(cli, cluster, args));
  } finally {
    await cluster.close();
  }
}
