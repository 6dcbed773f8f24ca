/** `window approve`, `reject`, `withdraw` and `review`. */
import type { WindowAnswerReport } from '../../schema/generated/reports/window-answer.ts';
import { counted } from '../../service/figures.ts';
import type { Report } from '../../service/report.ts';
import {
  approveWindow,
  rejectWindow,
  reviewWindow,
  withdrawWindow,
} from '../../service/window/answers.ts';
import type { Cli } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { namedIn } from './windows.ts';

function showAnswer(cli: Cli, report: Report<WindowAnswerReport>): number {
  return show(cli, report, ({ window, state }) => `${window} ${state}\n`);
}

function wishOf(args: Args) {
  return { window: namedIn(args), amendment: textOf(args.amendment) ?? undefined };
}

export async function approve(cli: Cli, args: Args): Promise<number> {
  const wish = { ...wishOf(args), note: textOf(args.note) ?? '' };
  const report = await approveWindow(contextOf(cli, args), wish);
  const exit = showAnswer(cli, report);
  const { window, state } = report.data;
  if (state === 'approved') cli.say(`approved; next: drydock window open ${window}`);
  else if (state === 'requested') {
    const able = report.mayApprove.join(', ') || 'nobody';
    cli.say(`${counted(report.missing, 'approval')} missing; may approve: ${able}`);
  }
  return exit;
}

export async function reject(cli: Cli, args: Args): Promise<number> {
  const wish = { ...wishOf(args), reason: textOf(args.reason) ?? undefined };
  return showAnswer(cli, await rejectWindow(contextOf(cli, args), wish));
}

export async function withdraw(cli: Cli, args: Args): Promise<number> {
  const wish = { window: namedIn(args), reason: textOf(args.reason) ?? undefined };
  return showAnswer(cli, await withdrawWindow(contextOf(cli, args), wish));
}

export async function review(cli: Cli, args: Args): Promise<number> {
  const wish = { window: namedIn(args), notes: textOf(args.notes) ?? undefined };
  return showAnswer(cli, await reviewWindow(contextOf(cli, args), wish));
}
