/** `handover`: a run passes to another person, who is shown what is exposed. */
import { badInput } from '../../core/errors.ts';
import { exposureLines } from '../../runbook/afterwards/handover.ts';
import { type HandedOver, handover as passOn } from '../../service/run/handover.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { textOf } from './wishes.ts';

function readWish(cli: Cli, args: Args): { to: string; reason: string; isTaken: boolean } {
  const reason = textOf(args.reason)?.trim() ?? '';
  const to = textOf(args.to);
  if (args.take === true) {
    if (reason === '' || to !== null) {
      throw badInput('taking a run over needs a reason, and nobody else to give it to', {
        code: 'usage',
        remedy: 'write --take --reason TEXT',
      });
    }
    return { to: cli.who, reason, isTaken: true };
  }
  if (to === null) {
    throw badInput('nobody is named to hand the run to', {
      code: 'usage',
      remedy: 'name them: --to LOGIN, or take the run yourself: --take --reason TEXT',
    });
  }
  return { to, reason: reason || 'no reason given', isTaken: false };
}

function windowWords({ window, principal, endsAt, now }: NonNullable<HandedOver['passed']>) {
  const minutes = Math.floor((endsAt - now) / 60_000);
  const left = minutes > 0 ? `${minutes} min are left` : 'it is over';
  return `window       ${window}: ${left}; now ${principal}'s`;
}

export async function handover(cli: Cli, args: Args): Promise<number> {
  const wish = { run: String(args.run), ...readWish(cli, args) };
  const report = await passOn(contextOf(cli, args), wish);
  const { passed } = report;
  const exit = show(cli, report, ({ exposure }) =>
    [...exposureLines(exposure), ...(passed ? [windowWords(passed)] : [])]
      .map((line) => `${line}\n`)
      .join(''),
  );
  const { run, to } = report.data;
  cli.say(`run ${run} is ${to}'s now: drydock resume ${run}`);
  return exit;
}
