/** A person says yes before anything is signed: here, or by --yes. */
import { DrydockError } from '../core/errors.ts';
import type { Args } from './args.ts';
import { readLine } from './asking.ts';
import type { Cli } from './context.ts';

export async function agree(cli: Cli, args: Args, question: string): Promise<void> {
  if (args.yes === true) return;
  const line = cli.input ? await readLine(cli, `${question} (y/n): `) : null;
  if (line !== null && /^y(es)?$/i.test(line.trim())) return;
  const why = cli.input ? 'the answer was not yes' : 'nobody is there to say yes';
  throw new DrydockError(`${why}; nothing was signed`, {
    code: 'window.unconfirmed',
    exit: 3,
    remedy: 'do it at a terminal, or give --yes',
  });
}
