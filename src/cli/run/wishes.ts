/** What the options of the verbs that run say, as use cases take it. */
import type { RunOptions } from '../../runbook/run/context.ts';
import type { WindowWish } from '../../service/run/permission.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, words } from '../words/asking.ts';

export function optionsOf(cli: Cli, args: Args): RunOptions {
  return {
    stopAfter: typeof args.stopAfter === 'string' ? args.stopAfter : undefined,
    yes: args.yes === true,
    noInput: !cli.input,
    confirmed: words(args.confirm),
    giveUp: words(args.giveUp),
    choices: pairs('choose', args.choose),
    answers: pairs('answer', args.answer),
    interrupt: cli.stopping,
    halt: cli.stopNow,
  };
}

export function textOf(given: unknown): string | null {
  return typeof given === 'string' ? given : null;
}

export function windowWishOf(args: Args): WindowWish {
  return { window: textOf(args.window), emergency: textOf(args.emergency) };
}
