/** `window request`, `open`, `close`, `push` and `freeze`. */
import type { FreezeReport } from '../../schema/generated/reports/freeze.ts';
import { counted } from '../../service/figures.ts';
import { closeWindow } from '../../service/window/close.ts';
import { freezeAt } from '../../service/window/freeze.ts';
import { openWindow } from '../../service/window/open.ts';
import { pushAgain } from '../../service/window/push.ts';
import { requestWindow } from '../../service/window/request.ts';
import { type Cli, table } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readRequest } from './request-form.ts';
import { namedIn } from './windows.ts';

export async function request(cli: Cli, args: Args): Promise<number> {
  const report = await requestWindow(contextOf(cli, args), await readRequest(cli, args));
  const exit = show(cli, report, ({ window }) => `${window}\n`);
  const { window } = report.data;
  const waits = counted(report.approvals, 'approval');
  cli.say(`${window} waits for ${waits}: drydock window approve ${window}`);
  return exit;
}

export async function open(cli: Cli, args: Args): Promise<number> {
  const wish = { window: namedIn(args), files: words(args.plan) };
  const report = await openWindow(contextOf(cli, args), wish);
  const exit = show(cli, report, ({ window, state }) => `${window} ${state}\n`);
  const { undoes, runbook = 'ID' } = report.first;
  const how = undoes ? `undo ${undoes}` : `run ${runbook}`;
  cli.say(`until ${report.end}; now: drydock ${how} --window ${report.data.window}`);
  return exit;
}

export async function close(cli: Cli, args: Args): Promise<number> {
  const report = await closeWindow(contextOf(cli, args), {
    window: namedIn(args),
    outcome: textOf(args.outcome) ?? undefined,
    notes: textOf(args.notes) ?? '',
    accept: words(args.accept),
  });
  const exit = show(cli, report, ({ window, state }) => `${window} ${state}\n`);
  const { owesReview, window } = report.data;
  cli.say(`${owesReview ? 'it owes a review' : 'next'}: drydock window review ${window}`);
  return exit;
}

export async function push(cli: Cli, args: Args): Promise<number> {
  const report = await pushAgain(contextOf(cli, args), namedIn(args));
  return show(cli, report, ({ servers }) =>
    table(servers.map(({ server, why }) => [server, why ?? 'holds every document'])),
  );
}

function freezeWords({ at, frozen, next, calendars }: FreezeReport): string {
  if (calendars.length === 0) return 'the policy has no freezes\n';
  if (frozen) return `${at}: frozen by ${frozen.name} until ${frozen.until}\n`;
  const coming = next ? `next: ${next.name}, ${next.from} to ${next.until}` : 'none is to come';
  return `${at}: not frozen; ${coming}\n`;
}

/** Exit 4 where a change would be refused then, so that a script can ask. */
export async function freeze(cli: Cli, args: Args): Promise<number> {
  const at = textOf(args.check) ?? 'now';
  return show(cli, await freezeAt(contextOf(cli, args), at), freezeWords);
}
