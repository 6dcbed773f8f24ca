/** A rehearsal as text: what would be done, what would change, how long it would take. */
import { inOneLine } from '../../core/visible.ts';
import { describeChange } from '../run/drift.ts';
import { estimateWords } from '../run/estimate.ts';
import { findingLines } from '../run/findings.ts';
import { commandLine, duration, overlayLines } from '../run/transcript-words.ts';
import type { Rehearsal } from './rehearse.ts';

export function rehearsalTranscript(rehearsal: Omit<Rehearsal, 'transcript'>): string {
  const { plan } = rehearsal;
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const lines = [
    `Rehearsal of ${plan.runbook.id} on a twin of ${plan.cluster.name}: ${plan.runbook.title}`,
    ...overlayLines(plan),
  ];
  for (const step of rehearsal.steps) {
    const labels = step.source.length > 0 ? ` [${step.source.join(', ')}]` : '';
    const where = step.server === null ? '' : ` on ${step.server}`;
    lines.push(
      `${step.outcome.padEnd(8)}${step.id}${labels}${where}  ${duration(step.durationMs)}`,
    );
    const command = commandLine(byId.get(step.id));
    if (command) lines.push(`          ${command}`);
    if (step.why) lines.push(`          ${step.why}`);
    for (const line of (step.findings ?? []).flatMap(findingLines)) lines.push(`          ${line}`);
    for (const change of step.changes) lines.push(`          ${describeChange(change)}`);
  }
  lines.push(
    rehearsal.outcome === 'done'
      ? `It would succeed, in ${estimateWords(rehearsal.estimate)}.`
      : `It would end ${rehearsal.outcome} (exit ${rehearsal.exit}): ${rehearsal.words}`,
  );
  if (rehearsal.cannotUndo.length > 0) {
    lines.push('What could not be undone:', ...rehearsal.cannotUndo.map((one) => `  ${one}`));
  }
  if (rehearsal.unknowns.length > 0) {
    lines.push('What the twin could not know:', ...rehearsal.unknowns.map((one) => `  ${one}`));
  }
  return `${lines.map(inOneLine).join('\n')}\n`;
}
