/** `amend`: what is left of a run that waits is planned anew. */
import { amend as planAnew } from '../../service/run/amending.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { sayClosing } from './closing.ts';
import { optionsOf, textOf } from './wishes.ts';

export async function amend(cli: Cli, args: Args): Promise<number> {
  const report = await planAnew(contextOf(cli, args), {
    run: String(args.run),
    reason: textOf(args.reason) ?? '',
    skip: words(args.skip),
    runbook: textOf(args.runbook),
    from: textOf(args.from),
    isGiven: [...words(args.set), ...words(args.secret)].length > 0,
    isDry: args.dryRun === true,
    options: optionsOf(cli, args),
  });
  const exit = show(cli, report, ({ changes, transcript }) =>
    [...changes.map((line) => `${line}\n`), transcript].join(''),
  );
  const { outcome, run, waits } = report.data;
  const said = {
    doomed: `what is left would end ${report.ends}; the run is not amended`,
    rehearsed: 'rehearsed only; the run is not amended',
    waiting: `the run is not amended yet: ${waits}`,
    amended: `run ${run} is amended: drydock resume ${run}`,
  };
  cli.say(cli.paint(outcome === 'amended' ? 'green' : 'yellow', said[outcome]));
  sayClosing(cli, exit, report.by);
  return exit;
}
