/** `window list` and `window show`: what the documents say, with or without a cluster at hand. */
import type { ChangeWindow } from '../../change/types.ts';
import {
  showWindow as findWindow,
  listWindows as findWindows,
} from '../../service/window/windows.ts';
import { type Cli, table } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { stateWords, windowWords } from './words.ts';

/** The window that was named, if any. */
export function namedIn(args: Args): string | undefined {
  return ((args.words ?? []) as string[])[0];
}

function approvalsWords({ opened, approvals }: ChangeWindow, needed: number | undefined): string {
  return opened?.emergency ? 'break-glass' : `${approvals.length}/${needed}`;
}

export async function listWindows(cli: Cli, args: Args): Promise<number> {
  const state = textOf(args.state) ?? undefined;
  const report = await findWindows(contextOf(cli, args), { state });
  const exit = show(cli, report, () =>
    table([
      ['WINDOW', 'STATE', 'TICKET', 'START', 'END', 'IMPLEMENTER', 'APPROVALS', 'TITLE'],
      ...report.windows.map((window) => [
        window.id,
        stateWords(window),
        window.request.ticket || '-',
        window.request.start,
        window.request.end,
        window.implementer.principal,
        approvalsWords(window, report.needed[window.id]),
        window.request.title,
      ]),
    ]),
  );
  if (report.windows.length === 0) cli.say(`there is no window in ${report.folder}`);
  return exit;
}

export async function showWindow(cli: Cli, args: Args): Promise<number> {
  const report = await findWindow(contextOf(cli, args), namedIn(args));
  return show(cli, report, () => windowWords(report.window, report.policy, cli.paintData));
}
