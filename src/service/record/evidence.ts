/**
 * Everything that proves a change, in a folder of files that need no Drydock to be read or checked.
 * Equal records and documents give equal files.
 */
import { makeCheckpoint, readCheckpoint } from '../../audit/checkpoint.ts';
import { type Evidence, makeEvidence } from '../../audit/evidence.ts';
import { evidenceHtml } from '../../audit/evidence-html.ts';
import { evidenceReadme } from '../../audit/evidence-readme.ts';
import {
  checkpointOver,
  countsWindow,
  entriesOf,
  exportEntries,
  treeOf,
} from '../../audit/excerpt.ts';
import { badInput } from '../../core/errors.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { EvidenceReport } from '../../schema/generated/reports/evidence-written.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { Context } from '../context.ts';
import { noteAccess, type Recording } from '../records.ts';
import { type Report, reportOf } from '../report.ts';
import { countingDocuments } from '../window/push.ts';
import {
  believedPolicy,
  findWindow,
  type Workspace,
  workspaceWithCluster,
} from '../window/workspace.ts';

/** A checkpoint that stands for the window's last entry; where there is none yet it is made. */
async function checkpointFor(
  ctx: Context,
  journal: Recording,
  last: number,
  window: string,
): Promise<JournalEntry> {
  const found = await checkpointOver(journal, last);
  if (found && (await countsWindow(journal, found, window))) return found;
  ctx.tell({ type: 'checkpoint.lacking', isOlder: found === null });
  const why = `evidence of window ${window}`;
  return makeCheckpoint(journal, { clock: ctx.clock, why, signing: null, counted: window });
}

/** What was signed and the signature, as ssh-keygen takes them. */
function documentFiles(
  ctx: Context,
  signedDocuments: readonly SignedDocument[],
): [string, string][] {
  const names = new Map<string, number>();
  return signedDocuments.flatMap((document): [string, string][] => {
    const first = ctx.documents.nameOf(document);
    const nth = (names.get(first) ?? 0) + 1;
    names.set(first, nth);
    const name = `papers/${first}${nth === 1 ? '' : `-${nth}`}.txt`;
    return [
      [name, document.text],
      [`${name}.sig`, document.signature],
    ];
  });
}

/** Every key that any version let sign: an old document is judged by the policy of its time. */
function signersText(policies: readonly Policy[]): string {
  const lines = new Set(
    policies.flatMap(({ signers }) => signers.flatMap((line) => line.split('\n'))),
  );
  return `${[...lines].filter((line) => line.trim() !== '').join('\n')}\n`;
}

interface Proof {
  evidence: Evidence;
  record: string;
  signers: string;
}

/** Name → content, in the order in which they are named to people. */
function filesOf(ctx: Context, { evidence, record, signers }: Proof) {
  const verifier = ctx.host.verifier();
  const own: [string, string | Uint8Array][] = [
    ['index.html', evidenceHtml(evidence)],
    ['bundle.json', `${JSON.stringify(evidence, null, 1)}\n`],
    ['record.ndjson', record],
    ['allowed_signers', signers],
  ];
  const last: [string, Uint8Array][] = verifier ? [['drydock-verify.mjs', verifier]] : [];
  const names = [...own, ['README.txt'], ...last].map(([name]) => name as string);
  const readme: [string, string] = ['README.txt', evidenceReadme(evidence, names)];
  return new Map([...own, readme, ...last, ...documentFiles(ctx, evidence.papers)]);
}

function policiesIn(
  workspace: Workspace,
  cluster: string,
): { papers: SignedDocument[]; policies: Policy[] } {
  const { papers: signedDocuments } = believedPolicy(workspace, cluster);
  const ordered = [...signedDocuments].sort((a, b) => a.version - b.version);
  return { papers: ordered, policies: ordered.map(({ text }) => JSON.parse(text) as Policy) };
}

/** The window that the evidence is of goes beside the report. */
export interface EvidenceWritten extends Report<EvidenceReport> {
  window: string;
}

/** `out`: a new folder, or an empty one. */
export async function exportEvidence(
  ctx: Context,
  { window: given, out }: { window: string; out: string },
): Promise<EvidenceWritten> {
  const workspace = await workspaceWithCluster(ctx);
  const window = findWindow(workspace, given, 'export');
  const { papers: signedDocuments, policies } = policiesIn(
    workspace,
    window.request.clusters[0]?.uuid ?? '',
  );
  const journal = await ctx.records.open();
  try {
    const entries = await entriesOf(journal, { window: window.id });
    const last = entries.at(-1)?.seq ?? 0;
    if (last === 0) {
      throw badInput(`the record in ${ctx.host.stateFolder} knows nothing of ${window.id}`, {
        code: 'record.none',
        remedy: 'export it on the control host where the window was opened',
      });
    }
    const entry = await checkpointFor(ctx, journal, last, window.id);
    const { size, head } = readCheckpoint(entry.body)!.checkpoint;
    const evidence = makeEvidence({
      window,
      approvalsNeeded: policies.at(-1)?.approvals ?? window.request.approvals,
      papers: [...signedDocuments, ...countingDocuments(workspace, window)],
      entries,
      record: { tree: await treeOf(journal, size), head, checkpoint: entry },
    });
    const lines: string[] = [];
    for await (const line of exportEntries(journal, { window: window.id })) lines.push(line);
    const record = `${lines.join('\n')}\n`;
    // Under `of`, and not as the window's own: reading it is no part of the change.
    await noteAccess(ctx, journal, 'audit export', { of: window.id });
    const files = filesOf(ctx, { evidence, record, signers: signersText(policies) });
    ctx.outputs.writeFolder(out, files);
    const { length } = entries;
    const about = { folder: out, files: [...files.keys()], entries: length };
    return {
      ...reportOf({ schema: 'drydock.evidence-written/1', ...about }),
      window: window.id,
    };
  } finally {
    await journal.close();
  }
}
