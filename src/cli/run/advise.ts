/** `advise`: what is wrong with the cluster, and which procedures are for it, in words. */
import { duration } from '../../runbook/run/transcript-words.ts';
import type { AdviceReport } from '../../schema/generated/reports/advice.ts';
import { counted } from '../../service/figures.ts';
import { advise as adviseOn } from '../../service/run/advising.ts';
import { contextOn } from '../cluster/described.ts';
import { type Cli, table } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';

type Procedure = AdviceReport['procedures'][number];

const DANGERS: Record<AdviceReport['wrong'][number]['danger'], string> = {
  data: 'data at risk',
  service: 'service down',
  redundancy: 'redundancy lost',
  watch: 'watch weakened',
  leftover: 'left behind',
};

/** `for 1 and 2`: what of the list above it is for. */
function purpose({ for: places, nearness }: Procedure): string {
  const numbers = places.map((place) => String(place + 1)).join(' and ');
  const wish = nearness === null ? '' : 'what you want';
  return `for ${[numbers, wish].filter(Boolean).join(', and ')}`;
}

function outageWords({ outages }: NonNullable<Procedure['cost']>): string {
  if (outages.length === 0) return 'no group is down meanwhile';
  return outages
    .map(({ group, ms, isDown }) =>
      isDown ? `${group} is down at its end` : `${group} is down for ${duration(ms)}`,
    )
    .join(', ');
}

function costWords({ cost }: Procedure): string {
  if (cost === null) return 'not rehearsed';
  const { durationMs, acts, questions } = cost;
  const people = [
    ...(acts > 0 ? [`plus ${counted(acts, 'act')} by people`] : []),
    ...(questions > 0 ? [counted(questions, 'question')] : []),
  ];
  return [`in about ${duration(durationMs)}`, ...people, outageWords(cost)].join(', ');
}

function leavesWords({ leaves }: Procedure): string[] {
  if (leaves === null) return [];
  const { debts, redundancy, cannotUndo } = leaves;
  const whole = redundancy.map(({ what, have, of }) => `${what} ${have} of ${of}`).join(', ');
  return [
    `then ${whole}`,
    ...debts.map((debt) => `leaves: ${debt}`),
    ...(cannotUndo.length > 0 ? [`${counted(cannotUndo.length, 'step')} cannot be undone`] : []),
  ];
}

function procedureWords(procedure: Procedure, number: number): string[] {
  const { runbook, title, condition, wants, command } = procedure;
  const detail = [
    `${purpose(procedure)}; ${costWords(procedure)}`,
    ...(condition === null ? [] : [`only where ${condition}`]),
    ...leavesWords(procedure),
    ...wants.map(({ name, description }) => `wants ${name}: ${description}`),
    command,
  ];
  return [`${number}. ${runbook}  ${title}`, ...detail.map((line) => `   ${line}`)];
}

export function adviceWords(advice: AdviceReport): string {
  const { cluster, manual, edition, wrong, unknown, procedures, unfit } = advice;
  const head = `cluster ${cluster} (${manual} ${edition})`;
  const what = wrong.length === 0 ? `${head}: nothing is wrong that can be seen\n` : `${head}\n`;
  const found = table(
    wrong.map(({ danger, words: said }, at) => [`  ${at + 1}`, DANGERS[danger], said]),
  );
  const lines = [
    ...unknown.map((said) => `not known: ${said}`),
    ...(procedures.length > 0 ? ['procedures'] : []),
    ...(procedures.length === 0 && wrong.length > 0 ? ['no procedure fits'] : []),
    ...procedures.flatMap((one, at) => procedureWords(one, at + 1)),
    ...(unfit.length > 0 ? ['not these, although they look right'] : []),
    ...unfit.flatMap(({ runbook, title, why }) => [`   ${runbook}  ${title}`, `      ${why}`]),
  ];
  return what + found + table(lines.map((line) => [line]));
}

export async function advise(cli: Cli, args: Args): Promise<number> {
  const wish = words(args.wish).join(' ').trim() || null;
  return show(cli, await adviseOn(contextOn(cli, args), { wish }), adviceWords);
}
