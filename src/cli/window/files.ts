/** `window import` and `window export`: documents by mail, and in one file. */
import { readDocumentFile } from '../../adapters/document-folder.ts';
import { badInput } from '../../core/errors.ts';
import { counted } from '../../service/figures.ts';
import { bundleDocuments, exportDocuments, importDocuments } from '../../service/window/files.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { namedIn } from './windows.ts';

/** Checks form and hashes; whether they count, `show` says. */
export async function importing(cli: Cli, args: Args): Promise<number> {
  const files = words(args.words);
  if (files.length === 0) {
    throw badInput('`window import` needs a file', {
      code: 'usage',
      remedy: 'write drydock window import FILE…',
    });
  }
  // All are read before the first is put there: a damaged file leaves nothing half done.
  const documents = files.flatMap((file) => readDocumentFile(file));
  const report = await importDocuments(contextOf(cli, args), documents);
  const exit = show(cli, report, ({ papers: put }) =>
    put.map(({ file, isNew }) => `${isNew ? 'new  ' : 'known'} ${file}\n`).join(''),
  );
  const fresh = report.data.papers.filter(({ isNew }) => isNew);
  cli.say(`${counted(fresh.length, 'document')} new in ${report.data.folder}`);
  return exit;
}

/** The documents of a window and the policies it is judged by; without --out on stdout. */
export async function exporting(cli: Cli, args: Args): Promise<number> {
  const ctx = contextOf(cli, args);
  if (typeof args.out !== 'string') {
    const bundle = await bundleDocuments(ctx, namedIn(args));
    return show(cli, bundle, (data) => `${JSON.stringify(data, null, 1)}\n`);
  }
  const report = await exportDocuments(ctx, namedIn(args), args.out);
  const exit = show(cli, report, ({ file }) => `${file}\n`);
  const { count, file } = report.data;
  cli.say(`${counted(count, 'document')}; whoever gets it: drydock window import ${file}`);
  return exit;
}
