/** `window emergency`: break-glass, with documents or without. */
import { badInput, DrydockError } from '../../core/errors.ts';
import { emergencyWindow } from '../../service/window/emergency.ts';
import { breakGates } from '../../service/window/way-out.ts';
import { type Cli, table } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readPlanWords } from './plan-words.ts';

export async function emergency(cli: Cli, args: Args): Promise<number> {
  const reason = textOf(args.reason) ?? '';
  if (reason.trim() === '') {
    throw badInput('`window emergency` needs a reason', {
      code: 'usage',
      remedy: 'give --reason TEXT: whoever reviews it will read it',
    });
  }
  if (args['without-documents'] === true) return breakWithoutDocuments(cli, args, reason.trim());
  const plans = words(args.plan).map(readPlanWords);
  const wish = { reason, ticket: textOf(args.ticket) ?? '', plans };
  const report = await emergencyWindow(contextOf(cli, args), wish);
  return show(cli, report, ({ window }) => `${window}\n`);
}

async function breakWithoutDocuments(cli: Cli, args: Args, reason: string): Promise<number> {
  if (args.plan !== undefined || args.ticket !== undefined) {
    throw badInput('without documents there is no window that could name a plan or a ticket', {
      code: 'usage',
      remedy: 'leave out --plan and --ticket, or leave out --without-documents',
    });
  }
  const report = await breakGates(contextOf(cli, args), reason);
  const exit = show(cli, report, ({ servers }) =>
    table(servers.map(({ server, why }) => [server, why ?? 'lets through'])),
  );
  if (exit === 0) return exit;
  throw new DrydockError(`no server of ${report.cluster} could be reached`, {
    code: 'glass.untold',
    remedy: 'see why above, and try again',
  });
}
