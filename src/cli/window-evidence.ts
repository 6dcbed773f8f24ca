/**
 * `audit export WINDOW --out FOLDER`: everything that proves a change, in a folder of files that
 * need no Drydock to be read or checked. Equal records and papers give equal files.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paperPath } from '../adapters/paper-folder.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { makeCheckpoint, readCheckpoint } from '../audit/checkpoint.ts';
import { type Evidence, entriesOfWindow, makeEvidence } from '../audit/evidence.ts';
import { evidenceHtml } from '../audit/evidence-html.ts';
import { evidenceReadme } from '../audit/evidence-readme.ts';
import { checkpointOver, exportEntries } from '../audit/excerpt.ts';
import { badInput } from '../core/errors.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import type { Paper } from '../schema/generated/paper.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { Args } from './args.ts';
import { type Cli, print } from './context.ts';
import { noteAccess, openJournal } from './journal.ts';
import { believedPolicy, type Desk, findWindow } from './window-desk.ts';
import { deskWithCluster } from './window-list.ts';
import { countingPapers } from './window-push.ts';

/** A checkpoint that stands for the window's last entry; where there is none yet it is made. */
async function checkpointFor(
  cli: Cli,
  journal: ReturnType<typeof openJournal>,
  last: number,
  window: string,
): Promise<JournalEntry> {
  const found = checkpointOver(journal, last);
  if (found) return found;
  cli.say('the last checkpoint is older than the window: one is made, unsigned');
  const why = `evidence of window ${window}`;
  return makeCheckpoint(journal, { clock: systemClock(), why, signing: null });
}

function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === 0) return;
  throw badInput(`${folder} is not empty`, {
    code: 'file.exists',
    remedy: 'name a new folder with --out',
  });
}

/** What was signed and the signature, as ssh-keygen takes them. */
function writePapers(folder: string, papers: readonly Paper[]): string[] {
  mkdirSync(join(folder, 'papers'));
  const names = new Map<string, number>();
  return papers.flatMap((paper) => {
    const first = basename(paperPath(paper), '.json');
    const nth = (names.get(first) ?? 0) + 1;
    names.set(first, nth);
    const name = `papers/${first}${nth === 1 ? '' : `-${nth}`}.txt`;
    writeFileSync(join(folder, name), paper.text);
    writeFileSync(join(folder, `${name}.sig`), paper.signature);
    return [name, `${name}.sig`];
  });
}

/** Every key that any version let sign: an old paper is judged by the policy of its time. */
function signersText(policies: readonly Policy[]): string {
  const lines = new Set(
    policies.flatMap(({ signers }) => signers.flatMap((line) => line.split('\n'))),
  );
  return `${[...lines].filter((line) => line.trim() !== '').join('\n')}\n`;
}

/** The bundled verifier lies beside the program. */
function verifierFile(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [here, join(here, '..')].map((folder) => join(folder, 'drydock-verify.mjs'));
  return found.find((file) => existsSync(file)) ?? null;
}

function writeEvidence(
  folder: string,
  evidence: Evidence,
  record: string,
  signers: string,
): string[] {
  emptyFolder(folder);
  const files = ['index.html', 'bundle.json', 'record.ndjson', 'allowed_signers', 'README.txt'];
  const verifier = verifierFile();
  if (verifier) {
    copyFileSync(verifier, join(folder, 'drydock-verify.mjs'));
    files.push('drydock-verify.mjs');
  }
  writeFileSync(join(folder, 'index.html'), evidenceHtml(evidence));
  writeFileSync(join(folder, 'bundle.json'), `${JSON.stringify(evidence, null, 1)}\n`);
  writeFileSync(join(folder, 'record.ndjson'), record);
  writeFileSync(join(folder, 'allowed_signers'), signers);
  writeFileSync(join(folder, 'README.txt'), evidenceReadme(evidence, files));
  return [...files, ...writePapers(folder, evidence.papers)];
}

function policiesIn(desk: Desk, cluster: string): { papers: Paper[]; policies: Policy[] } {
  const { papers } = believedPolicy(desk, cluster);
  const ordered = [...papers].sort((a, b) => a.version - b.version);
  return { papers: ordered, policies: ordered.map(({ text }) => JSON.parse(text) as Policy) };
}

function elsewhere(window: string, home: string): Error {
  return badInput(`the record in ${home} knows nothing of ${window}`, {
    code: 'record.none',
    remedy: 'export it on the control host where the window was opened',
  });
}

export async function exportEvidence(cli: Cli, args: Args): Promise<number> {
  if (typeof args.out !== 'string') {
    throw badInput('the evidence of a window is a folder of files', {
      code: 'usage',
      remedy: 'name a new folder with --out FOLDER',
    });
  }
  const desk = await deskWithCluster(cli, args);
  const window = findWindow(desk, args.window, 'export');
  const { papers, policies } = policiesIn(desk, window.request.clusters[0]?.uuid ?? '');
  const journal = openJournal(cli);
  try {
    const entries = journal.entries();
    const own = entriesOfWindow(entries, window.id);
    const last = own.at(-1)?.seq ?? 0;
    if (last === 0) throw elsewhere(window.id, cli.home);
    const entry = await checkpointFor(cli, journal, last, window.id);
    const { size } = readCheckpoint(entry.body)!.checkpoint;
    const evidence = makeEvidence({
      window,
      approvalsNeeded: policies.at(-1)?.approvals ?? window.request.approvals,
      papers: [...papers, ...countingPapers(desk, window)],
      entries,
      checkpoint: { entry, size },
    });
    const record = [...exportEntries(journal, { window: window.id })].join('\n');
    // Under `of`, and not as the window's own: reading it is no part of the change.
    noteAccess(cli, journal, 'audit export', { of: window.id });
    const files = writeEvidence(args.out, evidence, `${record}\n`, signersText(policies));
    print(
      cli,
      { schema: 'drydock.evidence-written/1', folder: args.out, files, entries: own.length },
      () => files.map((file) => `${join(String(args.out), file)}\n`).join(''),
    );
    cli.say(`${own.length} entries of ${window.id}; read ${join(args.out, 'index.html')}`);
    return 0;
  } finally {
    journal.close();
  }
}
