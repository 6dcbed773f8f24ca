/** `show`: one runbook, in words, as a document, or as a picture of its statechart. */
import { inOneLine } from '../../core/visible.ts';
import { commandsOf } from '../../runbook/language/step-commands.ts';
import type { Library, LoadedRunbook, LoadedStep } from '../../runbook/language/types.ts';
import { drawRunbook, showRunbook } from '../../service/run/library.ts';
import type { Cli } from '../context.ts';
import { show as showReport } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readText } from '../words/reading.ts';
import { settingsOf } from './site.ts';

/** What a step does, in a few words. */
function doing(step: LoadedStep, library: Library): string {
  if (step.argv) return `${step.verb === 'watch' ? 'watch ' : '# '}${step.argv.join(' ')}`;
  if (step.operator) {
    const { act, ...reported } = step.operator;
    const texts = Object.values(reported).filter((value) => typeof value === 'string');
    return `by hand: ${[act, ...texts].join(' ')}`;
  }
  if (step.find) {
    const { severity, says, runbook } = step.find;
    const when = step.find.if === undefined ? '' : ` where ${step.find.if}`;
    return `finds (${severity})${when}: ${says}${runbook ? ` -> ${runbook}` : ''}`;
  }
  if (step.confirm) return `asks: ${step.confirm.question}`;
  if (step.choose) return `asks: ${step.choose.question} (${step.choose.options.join(' | ')})`;
  if (step.call) {
    const commands = commandsOf(step, library).map((argv) => `# ${argv.join(' ')}`);
    return `runbook ${step.call.runbook}: ${[...new Set(commands)].join(', ')}`;
  }
  if (step.wait)
    return step.wait.until ? `waits until ${step.wait.until}` : `waits ${step.wait.for}`;
  return `${step.verb} ${step.check ?? step.refuse ?? ''}`;
}

function wordsOf(cli: Cli, loaded: LoadedRunbook, library: Library): string {
  const { runbook } = loaded;
  const { source, site } = runbook;
  const lines = [
    cli.paintData('bold', `${runbook.id}  ${runbook.title}`),
    `${source ? `${source.manual} ${source.section}` : `site: ${site}`}, ${runbook.editions.join(' ')}, ${runbook.kind}, ${loaded.hash.slice(0, 12)}`,
    ...(loaded.overlays ?? []).map(
      ({ id, title, hash, file }) => `overlay ${id} ${hash.slice(0, 12)} (${file}): ${title}`,
    ),
    ...(runbook.summary ? ['', ...runbook.summary.trim().split('\n')] : []),
  ];
  const parameters = Object.entries(runbook.parameters ?? {});
  if (parameters.length) lines.push('', 'Parameters (--set NAME=VALUE)');
  for (const [name, parameter] of parameters) {
    const from = parameter.from ? `, one of the ${parameter.from}` : '';
    const preset = parameter.default === undefined ? '' : `, default ${parameter.default}`;
    lines.push(`  ${name} (${parameter.type}${from}${preset}): ${parameter.description}`);
  }
  if (runbook.requires?.length) lines.push('', 'Requires');
  for (const { that, or } of runbook.requires ?? []) lines.push(`  ${that}`, `      else: ${or}`);
  lines.push('', 'Steps');
  for (const step of runbook.steps) {
    const unlabelled = step.overlay ? '(site)' : source ? '(added)' : '';
    const label = step.source?.length ? `(${step.source.join(', ')})` : unlabelled;
    lines.push(`  ${[step.id, label].filter(Boolean).join(' ')}: ${step.title}`);
    lines.push(`      ${step.on ? `on ${step.on}: ` : ''}${doing(step, library)}`);
    if (step.added) lines.push(`      added because ${step.added}`);
    if (step.danger) lines.push(`      ${cli.paintData('red', 'danger')}: ${step.danger}`);
    for (const { exit, remark } of step.accept ?? []) {
      lines.push(`      exit ${exit} counts: ${remark}`);
    }
    for (const { severity, says, runbook, ...when } of step.findings ?? []) {
      const so = Object.entries(when).filter(([key]) => key !== 'remedy');
      const words = so.map(([key, value]) => `${key} ${value}`).join(', ');
      lines.push(
        `      finds (${severity}) where ${words}: ${says}${runbook ? ` -> ${runbook}` : ''}`,
      );
    }
    if (step.verb === 'run' && step.undo === 'none') lines.push('      cannot be undone');
    else if (step.undoArgv) lines.push(`      undo: ${step.undoArgv.join(' ')}`);
    if (step.safe) lines.push('      a run may be parked after this step');
  }
  return `${lines.map(inOneLine).join('\n')}\n`;
}

export async function show(cli: Cli, args: Args): Promise<number> {
  const id = String(args.id);
  const reading = { readText, settings: settingsOf(cli) };
  if (args.graph) {
    const format = args.graph as 'svg' | 'mermaid' | 'dot';
    return showReport(cli, drawRunbook(reading, id, format), ({ text }) => text);
  }
  const report = showRunbook(reading, id);
  return showReport(cli, report, () => wordsOf(cli, report.found, report.library));
}
