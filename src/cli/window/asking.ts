/** A person says yes before anything is signed: here, or by --yes. */
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import { endInWords } from '../../runbook/run/standing.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { readLine } from '../words/asking.ts';

/** `window`: the one that it is about, whose end is the time limit. */
export async function agree(
  cli: Cli,
  args: Args,
  question: string,
  window?: Pick<ChangeWindow, 'id' | 'endsAt'>,
): Promise<void> {
  if (args.yes === true) return;
  const line = cli.input ? await readLine(cli, `${question} (y/n): `) : null;
  if (line !== null && /^y(es)?$/i.test(line.trim())) return;
  const why = cli.input ? 'the answer was not yes' : 'nobody is there to say yes';
  throw new DrydockError(`${why}; nothing was signed or sent`, {
    code: 'window.unconfirmed',
    exit: 3,
    remedy: 'do it at a terminal, or give --yes',
    ...(window === undefined ? {} : { by: endInWords({ id: window.id, endsAt: window.endsAt }) }),
  });
}
