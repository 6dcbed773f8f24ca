/** Signed documents by mail, and in one file. */

import type { PaperBundle } from '../../schema/generated/reports/papers.ts';
import type { PapersExportedReport } from '../../schema/generated/reports/papers-exported.ts';
import type { PapersImportedReport } from '../../schema/generated/reports/papers-imported.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import {
  documentsOfWindow,
  findWindow,
  openWorkspace,
  recordAct,
  workspaceWithCluster,
} from './workspace.ts';

/** Puts documents into the folder; whether they count, their window says. */
export async function importDocuments(
  ctx: Context,
  signedDocuments: readonly SignedDocument[],
): Promise<Report<PapersImportedReport>> {
  const { folder } = openWorkspace(ctx);
  const put = signedDocuments.map((document) => {
    const { file, isNew } = ctx.documents.put(document);
    return { name: document.name, file, isNew };
  });
  const fresh = put.filter(({ isNew }) => isNew).map(({ name }) => name);
  if (fresh.length > 0) await recordAct(ctx, 'papers.imported', { papers: fresh, folder });
  return reportOf({ schema: 'drydock.papers-imported/1', folder, papers: put });
}

/** Policies first, then as they were written. */
function byDate(a: SignedDocument, b: SignedDocument): number {
  const key = ({ name, version, text }: SignedDocument) => {
    const { at } = JSON.parse(text) as { at?: unknown };
    return name === 'policy' ? `0 ${String(version).padStart(9, '0')}` : `1 ${at} ${name}`;
  };
  return key(a) < key(b) ? -1 : 1;
}

/** The documents of a window and the policies it is judged by. */
async function bundleOf(
  ctx: Context,
  given: string | undefined,
): Promise<{ window: string; bundle: PaperBundle }> {
  const workspace = await workspaceWithCluster(ctx);
  const window = findWindow(workspace, given, 'export');
  const clusters = window.request.clusters.map(({ uuid }) => uuid);
  const policies = workspace.papers.filter(({ name, text }) => {
    return name === 'policy' && clusters.some((uuid) => text.includes(JSON.stringify(uuid)));
  });
  const signedDocuments = [...policies, ...documentsOfWindow(workspace, window.id)].sort(byDate);
  return { window: window.id, bundle: { schema: 'drydock.papers/1', papers: signedDocuments } };
}

export async function bundleDocuments(
  ctx: Context,
  given: string | undefined,
): Promise<Report<PaperBundle>> {
  return reportOf((await bundleOf(ctx, given)).bundle);
}

/** Into a new file, instead of handing them back. */
export async function exportDocuments(
  ctx: Context,
  given: string | undefined,
  file: string,
): Promise<Report<PapersExportedReport>> {
  const { window, bundle } = await bundleOf(ctx, given);
  ctx.outputs.write(file, `${JSON.stringify(bundle, null, 1)}\n`);
  const { length: count } = bundle.papers;
  return reportOf({ schema: 'drydock.papers-exported/1', window, file, count });
}
