/** `window import` and `window export`: papers by mail, and in one file. */
import { putPaper, readPaperFile } from '../../adapters/paper-folder.ts';
import { badInput } from '../../core/errors.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import { type Cli, print } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { counted } from '../words/progress.ts';
import { writeNew } from '../words/writing.ts';
import { findWindow, openDesk, papersOfWindow, recordAct } from './desk.ts';
import { deskWithCluster } from './list.ts';

/** Checks form and hashes and puts papers into the folder; whether they count, `show` says. */
export async function importPapers(cli: Cli, args: Args): Promise<number> {
  const files = (args.words ?? []) as string[];
  if (files.length === 0) {
    throw badInput('`window import` needs a file', {
      code: 'usage',
      remedy: 'write drydock window import FILE…',
    });
  }
  // All are read before the first is put there: a damaged file leaves nothing half done.
  const papers = files.flatMap((file) => readPaperFile(file));
  const { folder } = openDesk(cli, args);
  const put = papers.map((paper) => ({ name: paper.name, ...putPaper(folder, paper) }));
  const fresh = put.filter(({ isNew }) => isNew);
  if (fresh.length > 0) {
    await recordAct(cli, 'papers.imported', { papers: fresh.map(({ name }) => name), folder });
  }
  print(cli, { schema: 'drydock.papers-imported/1', folder, papers: put }, () =>
    put.map(({ file, isNew }) => `${isNew ? 'new  ' : 'known'} ${file}\n`).join(''),
  );
  cli.say(`${counted(fresh.length, 'paper')} new in ${folder}`);
  return 0;
}

function write(file: string, papers: readonly Paper[]): void {
  writeNew(file, [JSON.stringify({ schema: 'drydock.papers/1', papers }, null, 1)]);
}

/** Policies first, then as they were written. */
function byDate(a: Paper, b: Paper): number {
  const key = ({ name, version, text }: Paper) => {
    const { at } = JSON.parse(text) as { at?: unknown };
    return name === 'policy' ? `0 ${String(version).padStart(9, '0')}` : `1 ${at} ${name}`;
  };
  return key(a) < key(b) ? -1 : 1;
}

/** The papers of a window and the policies it is judged by; without --out on stdout. */
export async function exportPapers(cli: Cli, args: Args): Promise<number> {
  const desk = await deskWithCluster(cli, args);
  const [given] = (args.words ?? []) as string[];
  const window = findWindow(desk, given, 'export');
  const clusters = window.request.clusters.map(({ uuid }) => uuid);
  const policies = desk.papers.filter(({ name, text }) => {
    return name === 'policy' && clusters.some((uuid) => text.includes(JSON.stringify(uuid)));
  });
  const papers = [...policies, ...papersOfWindow(desk, window.id)].sort(byDate);
  if (typeof args.out !== 'string') {
    cli.out(`${JSON.stringify({ schema: 'drydock.papers/1', papers }, null, cli.json ? 0 : 1)}\n`);
    return 0;
  }
  const { out } = args;
  write(out, papers);
  const { length: count } = papers;
  print(
    cli,
    { schema: 'drydock.papers-exported/1', window: window.id, file: out, count },
    () => `${out}\n`,
  );
  cli.say(`${counted(count, 'paper')}; whoever gets it: drydock window import ${out}`);
  return 0;
}
