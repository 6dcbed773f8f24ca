/** `show`: one runbook as a page, as a document, or as a picture of its statechart. */
import { pageOf } from '../../runbook/reading/page.ts';
import { type Paint, plainOf } from '../../runbook/reading/plain.ts';
import { drawRunbook, showRunbook } from '../../service/run/library.ts';
import type { Cli } from '../context.ts';
import { show as showReport } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readText } from '../words/reading.ts';
import { settingsOf } from './site.ts';

const STYLES = { bold: 'bold', code: 'cyan', danger: 'red' } as const;

export async function show(cli: Cli, args: Args): Promise<number> {
  const id = String(args.id);
  const reading = { readText, settings: settingsOf(cli) };
  if (args.graph) {
    const format = args.graph as 'svg' | 'mermaid' | 'dot' | 'text';
    return showReport(cli, drawRunbook(reading, id, format), ({ text }) => text);
  }
  const report = showRunbook(reading, id);
  const paint: Paint = (style, text) => cli.paintData(STYLES[style], text);
  return showReport(cli, report, () => plainOf(pageOf(report.found, report.library), paint));
}
