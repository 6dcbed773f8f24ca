/** `docs`: the catalogue for reading. */

import { counted } from '../../service/figures.ts';
import { writeDocs } from '../../service/run/docs.ts';
import type { Cli } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { programVersion } from '../version.ts';
import { writeFolder } from '../words/writing.ts';
import { settingsOf } from './site.ts';

export async function docs(cli: Cli, args: Args): Promise<number> {
  const writing = { settings: settingsOf(cli), outputs: { writeFolder }, version: programVersion };
  const report = writeDocs(writing, String(args.out));
  const { runbooks, folder } = report.data;
  cli.say(`${counted(runbooks, 'runbook')} written`);
  return show(cli, report, () => `${folder}\n`);
}
