/**
 * Many faults at once: a program of its own plays the undisturbed run and parts from it for each of
 * them (src/cli/sweep-main.ts). What is asked goes to its input, and comes back line by line.
 */
import { join } from 'node:path';
import { FLAGS, SPARING } from '../../adapters/process-forks.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { packageRoot } from '../../runbook/language/package-root.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { StepFault } from '../../service/run/twins.ts';
import type { FaultOutcome } from '../../sim/faulty-rehearsal.ts';

export interface SweepOrder {
  configText: string;
  seed: string;
  from: Status;
  plan: Plan;
  secrets: [name: string, value: string][];
  faults: readonly StepFault[];
  who: string;
  options: RunOptions;
}

/** A line of its answer. `none`: this system cannot copy a process. */
export type SweepLine =
  | { begun: number }
  | { cells: FaultOutcome[] }
  | { none: true }
  | { defect: string };

/** null: not on this system. */
export async function sweepApart(
  order: SweepOrder,
  begun: (index: number) => void,
): Promise<FaultOutcome[] | null> {
  const { execa } = await import('execa');
  const program = join(packageRoot(), 'dist', 'sweep.js');
  const input = JSON.stringify(order);
  const running = execa(process.execPath, [...FLAGS, ...SPARING, program], { input });
  let found: FaultOutcome[] | null | undefined;
  for await (const text of running) {
    const line = JSON.parse(text) as SweepLine;
    if ('begun' in line) begun(line.begun);
    if ('cells' in line) found = line.cells;
    if ('none' in line) found = null;
    if ('defect' in line) throw new DrydockError(line.defect, { code: 'sweep.defect', exit: 70 });
  }
  if (found === undefined)
    throw new DrydockError('the sweep ended without an answer', { code: 'sweep.lost', exit: 70 });
  return found;
}
