/** `preflight`: everything that can be known of a plan before its first step. */
import { isBlocking } from '../../runbook/rehearsal/preflight.ts';
import type { PreflightReport } from '../../schema/generated/reports/preflight.ts';
import { preflight as lookBefore } from '../../service/run/preflight.ts';
import { contextOn } from '../cluster/described.ts';
import { type Cli, table } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { sayClosing } from './closing.ts';

export function preflightWords({ items, exit }: PreflightReport): string {
  const mark = { ok: 'ok', bad: 'NO', unknown: '??' };
  const lines = table(items.map((item) => [mark[item.state], item.what, item.words]));
  const blocking = items.filter(isBlocking);
  if (blocking.length === 0) return lines;
  const remedies = blocking.map(({ what, remedy }) => `  ${what}: ${remedy}\n`);
  return `${lines}It would not start (exit ${exit}). What to do:\n${remedies.join('')}`;
}

export async function preflight(cli: Cli, args: Args): Promise<number> {
  const wish = { id: String(args.id), giveUp: words(args.giveUp) };
  const exit = show(cli, await lookBefore(contextOn(cli, args), wish), preflightWords);
  sayClosing(cli, exit);
  return exit;
}
