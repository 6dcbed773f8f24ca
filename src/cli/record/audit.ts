/** `audit`: what the record says, whether it can be believed, and what of it goes elsewhere. */
import { verdictWords } from '../../audit/index.ts';
import { badInput } from '../../core/errors.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import {
  anchorCheckpoint,
  beginAnew,
  collect,
  exportPart,
  makeCheckpoint,
  readEntries,
  verifyRecord,
} from '../../service/record/audit.ts';
import { type Cli, table } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show as showReport } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { writeLines } from '../words/writing.ts';
import { partFrom, trustFrom, wordsOf } from './audit-args.ts';

async function verify(cli: Cli, args: Args): Promise<number> {
  const wish = {
    file: textOf(args.subject ?? args.file),
    places: wordsOf(args.anchor),
    trust: trustFrom(args),
  };
  return showReport(cli, await verifyRecord(contextOf(cli, args), wish), verdictWords);
}

/** One line an entry, for reading; the record itself is what `export` writes. */
function entryWords(entry: JournalEntry): string[] {
  const body = entry.body as Record<string, unknown>;
  const { step, outcome, why, server, argv, what, size } = body;
  const command = Array.isArray(argv) ? argv.map(String).join(' ') : null;
  const about = [step, outcome, why, server, command, what, size]
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .join(' ');
  return [String(entry.seq), entry.at, entry.type, entry.run ?? '-', entry.who, about];
}

async function show(cli: Cli, args: Args): Promise<number> {
  const shown = await readEntries(contextOf(cli, args), partFrom(args));
  if (cli.json) for (const entry of shown) cli.out(`${JSON.stringify(entry)}\n`);
  else cli.out(table([['SEQ', 'AT', 'ENTRY', 'RUN', 'WHO', ''], ...shown.map(entryWords)]));
  return 0;
}

async function checkpoint(cli: Cli, args: Args): Promise<number> {
  const report = await makeCheckpoint(contextOf(cli, args), textOf(args.key));
  return showReport(cli, report, () => '');
}

async function anchor(cli: Cli, args: Args): Promise<number> {
  const wish = { place: String(args.to ?? ''), key: textOf(args.key) };
  const report = await anchorCheckpoint(contextOf(cli, args), wish);
  const exit = showReport(cli, report, () => '');
  const { size, place } = report.data;
  cli.say(`${size} entries are anchored at ${place}`);
  return exit;
}

async function exportLines(cli: Cli, args: Args): Promise<number> {
  const out = textOf(args.out);
  const write = async (lines: AsyncIterable<string>) => {
    if (out !== null) await writeLines(out, lines);
    else for await (const line of lines) cli.out(`${line}\n`);
  };
  await exportPart(contextOf(cli, args), { part: partFrom(args), key: textOf(args.key), write });
  return 0;
}

async function exportWindow(cli: Cli, args: Args, window: string): Promise<number> {
  const out = textOf(args.out);
  if (out === null) {
    throw badInput('the evidence of a window is a folder of files', {
      code: 'usage',
      remedy: 'name a new folder with --out FOLDER',
    });
  }
  const { exportEvidence } = await import('../../service/record/evidence.ts');
  const report = await exportEvidence(contextOf(cli, args), { window, out });
  const within = (name: string) => `${out.replace(/\/+$/, '')}/${name}`;
  const exit = showReport(cli, report, ({ files }) =>
    files.map((file) => `${within(file)}\n`).join(''),
  );
  const { entries } = report.data;
  cli.say(`${entries} entries of ${report.window}; read ${within('index.html')}`);
  return exit;
}

async function begin(cli: Cli, args: Args): Promise<number> {
  const report = await beginAnew(contextOf(cli, args), textOf(args.reason) ?? '');
  const exit = showReport(cli, report, ({ file }) => `${file}\n`);
  cli.say('a new record is begun; what the one before held is known from anchors and copies only');
  return exit;
}

async function collectTyped(cli: Cli, args: Args): Promise<number> {
  const report = await collect(contextOf(cli, args));
  const exit = showReport(cli, report, () => '');
  for (const words of report.data.silent) cli.say(cli.paint('yellow', `not asked: ${words}`));
  return exit;
}

export async function audit(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'verify') return verify(cli, args);
  if (args.what === 'show') return show(cli, args);
  if (args.what === 'collect') return collectTyped(cli, args);
  if (args.what === 'checkpoint') return checkpoint(cli, args);
  if (args.what === 'anchor') return anchor(cli, args);
  if (args.what === 'begin') return begin(cli, args);
  if (typeof args.subject !== 'string') return exportLines(cli, args);
  return exportWindow(cli, args, args.subject);
}
