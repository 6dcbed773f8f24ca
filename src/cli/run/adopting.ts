/** `adopt`: a procedure that somebody began by hand goes on as a run, from a step of it. */
import type { AdoptionReport } from '../../schema/generated/reports/adoption.ts';
import type { Report } from '../../service/report.ts';
import { adopt as takeOver } from '../../service/run/adopting.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { adoptionWords } from './adoption-words.ts';
import { sayClosing } from './closing.ts';
import { showOutcome } from './running.ts';
import { optionsOf, windowWishOf } from './wishes.ts';

type Adopted = Awaited<ReturnType<typeof takeOver>>;

function isRefused(report: Adopted): report is Report<AdoptionReport> {
  return report.data.schema === 'drydock.adoption/1';
}

export async function adopt(cli: Cli, args: Args): Promise<number> {
  const isDry = args.dryRun === true;
  const named = { id: String(args.id), at: String(args.at), isDry };
  const wish = { ...named, options: optionsOf(cli, args), ...windowWishOf(args) };
  const report = await takeOver(contextOf(cli, args), wish);
  if (!isRefused(report)) return showOutcome(cli, report, isDry);
  const exit = show(cli, report, ({ steps }) => adoptionWords(steps));
  cli.say(cli.paint('red', `${report.data.runbook} is not taken over; nothing was done`));
  sayClosing(cli, exit);
  return exit;
}
