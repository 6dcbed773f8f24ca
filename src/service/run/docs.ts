/** The catalogue for reading: every runbook as Markdown, as a man page and as a picture. */
import { loadLibrary } from '../../runbook/language/library.ts';
import type { Library, LoadedRunbook } from '../../runbook/language/types.ts';
import { graphOf } from '../../runbook/plan/graph.ts';
import { markdownOf, markdownText } from '../../runbook/reading/markdown.ts';
import { pageOf } from '../../runbook/reading/page.ts';
import { roffOf } from '../../runbook/reading/roff.ts';
import type { DocsReport } from '../../schema/generated/reports/docs.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { siteFiles } from '../settings.ts';

type Writing = Pick<Context, 'settings'> & {
  outputs: Pick<Context['outputs'], 'writeFolder'>;
  /** Of this program. */
  version: string;
};

const HEADS = {
  v3: 'ExpressCluster for Linux 3.0',
  x5: 'EXPRESSCLUSTER X 5.2',
  site: 'The site’s own',
  parts: 'Parts, which the others call',
} as const;

function chapterOf({ runbook: { kind, source } }: LoadedRunbook): keyof typeof HEADS {
  if (kind === 'part') return 'parts';
  return source?.manual ?? 'site';
}

function contents(runbooks: readonly LoadedRunbook[]): string {
  const chapters = Object.entries(HEADS).flatMap(([chapter, title]) => {
    const own = runbooks.filter((one) => chapterOf(one) === chapter);
    if (own.length === 0) return [];
    const lines = own.map(({ runbook: { id, title: said, editions } }) => {
      return `- [${id}](${id}.md) ${markdownText(said)} (${editions.join(', ')})`;
    });
    return [`## ${title}`, '', ...lines, ''];
  });
  return ['# Runbooks', '', ...chapters].join('\n');
}

function filesOf(loaded: LoadedRunbook, library: Library, version: string): [string, string][] {
  const { id } = loaded.runbook;
  const page = pageOf(loaded, library);
  return [
    [`${id}.md`, markdownOf(page, `${id}.svg`)],
    [`${id}.svg`, graphOf(loaded, library).svg],
    [`man7/drydock-${id}.7`, roffOf(page, { program: `drydock ${version}` })],
  ];
}

/** `folder`: a new one, or an empty one. */
export function writeDocs(
  { settings, outputs, version }: Writing,
  folder: string,
): Report<DocsReport> {
  const library = loadLibrary(siteFiles(settings));
  const runbooks = [...library.values()].sort((a, b) =>
    a.runbook.id.localeCompare(b.runbook.id, 'en', { numeric: true }),
  );
  const files = new Map<string, string>([
    ['README.md', contents(runbooks)],
    ...runbooks.flatMap((one) => filesOf(one, library, version)),
  ]);
  outputs.writeFolder(folder, files);
  return reportOf({
    schema: 'drydock.docs/1',
    folder,
    runbooks: runbooks.length,
    files: files.size,
  });
}
