/**
 * What a person sees of a run while it works: a line when a step ends, and below it a moving line
 * with the step under way, its server, mirror recovery in percent, elapsed and predicted time.
 */
import { systemClock } from '../../adapters/system-clock.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Progress } from '../../runbook/run/context.ts';
import { estimateWords, stepEstimate } from '../../runbook/run/estimate.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import { duration } from '../../service/figures.ts';
import type { Cli } from '../context.ts';
import { openProgress } from '../words/progress.ts';

export interface Following {
  onEvent: (progress: Progress) => void;
  end: () => void;
}

interface Ended {
  step?: string;
  outcome?: string;
  why?: string | null;
  output?: { exitCode: number | null };
}

/** `md1 37%` for every recovery that is under way. */
function recoveries(status: Status): string {
  return Object.values(status.volumes)
    .flatMap(({ name, sync }) =>
      sync === null ? [] : [`${name} ${sync.from} -> ${sync.to} ${Math.floor(sync.percent ?? 0)}%`],
    )
    .join(', ');
}

export function followRun(cli: Cli, plan: Plan, resumed: RunState | null): Following {
  const clock = systemClock();
  const progress = openProgress(cli);
  const steps = new Map(plan.steps.map((step, index) => [step.id, { step, number: index + 1 }]));
  const startedAt = clock.now();
  let current: { step: PlannedStep; since: number; detail: string } | null = null;
  if (resumed)
    progress.line(`resuming ${resumed.run}${resumed.step ? ` at step ${resumed.step.id}` : ''}`);

  function draw(): void {
    if (!current) {
      progress.status('');
      return;
    }
    const { step, since, detail } = current;
    const isKnown = plan.predicted?.[step.id] !== undefined;
    const about = isKnown ? ` of ${estimateWords(stepEstimate(step, plan.predicted))}` : '';
    const where = step.server ? ` on ${step.server}` : '';
    const now = clock.now();
    progress.status(
      `  … ${step.id}${where}${detail ? ` [${detail}]` : ''} ${duration(now - since)}${about}; ${duration(now - startedAt)} in all`,
    );
  }

  function entry({ type, body, run }: JournalEntry): void {
    const of = body as unknown as Ended;
    const known = of.step === undefined ? undefined : steps.get(of.step);
    if (type === 'run.created') progress.line(`run ${run}`);
    if (type === 'step.intended' && known) {
      current = { step: known.step, since: clock.now(), detail: '' };
    }
    if (type === 'step.ended' && known) {
      const { step, number } = known;
      const took = current ? duration(clock.now() - current.since) : '';
      const good = ['done', 'already', 'skipped'].includes(of.outcome ?? '');
      const word = cli.paint(good ? 'green' : 'red', (of.outcome ?? '').padEnd(7));
      const where = step.server ? `${step.server}: ` : '';
      // An accepted exit code has a remark that a person should see now, not in the record only.
      const isReported = !good || (of.output?.exitCode ?? 0) !== 0;
      current = null;
      draw();
      progress.line(
        `  ${String(number).padStart(2)}/${steps.size} ${word} ${where}${step.title} (${took})${of.why && isReported ? `: ${of.why}` : ''}`,
      );
    }
    draw();
  }

  const ticking = cli.live ? setInterval(draw, 250) : null;
  return {
    onEvent: (seen) => {
      if (seen.type === 'entry') entry(seen.entry);
      if (seen.type === 'looked' && current) {
        current.detail = recoveries(seen.status);
        draw();
      }
    },
    end: () => {
      if (ticking) clearInterval(ticking);
      progress.end();
    },
  };
}
