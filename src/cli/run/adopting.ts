/** `adopt`: a procedure that somebody began by hand goes on as a run, from a step of it. */
import type { Plan } from '../../core/plan.ts';
import {
  type AdoptedStep,
  adoptionPlan,
  judgeAdoption,
  whyNotAdopted,
} from '../../runbook/afterwards/adopt.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import { openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, words } from '../words/asking.ts';
import { sayClosing } from './closing.ts';
import { planFor } from './planning.ts';
import { showRehearsal } from './rehearsing.ts';
import { runOn } from './running.ts';

function stepWords(steps: readonly AdoptedStep[]): string {
  return table(
    steps.map(({ id, verdict, why, byWord }) => [verdict, id, byWord ? `${why} (by word)` : why]),
  );
}

function refused(cli: Cli, plan: Plan, steps: AdoptedStep[], no: { why: string; exit: number }) {
  const { exit, why } = no;
  const document = { runbook: plan.runbook.id, at: plan.adopts?.at ?? null, steps, why, exit };
  print(cli, { schema: 'drydock.adoption/1', ...document }, () => stepWords(steps));
  cli.say(cli.paint('red', `${plan.runbook.id} is not taken over; nothing was done`));
  sayClosing(cli, exit);
  return exit;
}

export async function adopt(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const status = await steadyStatus(cluster.door.observation, cluster.clock);
    const adoption = {
      at: String(args.at),
      confirmed: words(args.confirm),
      choices: pairs('choose', args.choose),
      answers: pairs('answer', args.answer),
    };
    const { plan: whole, secrets } = await planFor(cli, cluster, args);
    const plan = adoptionPlan(whole, adoption, status);
    const steps = judgeAdoption(plan, status);
    const no = whyNotAdopted(steps);
    if (no) return refused(cli, plan, steps, no);
    cli.say(stepWords(steps).trimEnd());
    if (args.dryRun === true) return await showRehearsal(cli, cluster, args, { plan, secrets });
    return await runOn(cli, cluster, args, { plan, secrets });
  } finally {
    await cluster.close();
  }
}
