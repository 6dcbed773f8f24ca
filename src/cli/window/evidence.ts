/**
 * `audit export WINDOW --out FOLDER`: everything that proves a change, in a folder of files that
 * need no Drydock to be read or checked. Equal records and papers give equal files.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  flushFolder,
  makeFolder,
  nameBeside,
  writeDurablySync,
} from '../../adapters/durable-file.ts';
import { paperPath } from '../../adapters/paper-folder.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { makeCheckpoint, readCheckpoint } from '../../audit/checkpoint.ts';
import { type Evidence, entriesOfWindow, makeEvidence } from '../../audit/evidence.ts';
import { evidenceHtml } from '../../audit/evidence-html.ts';
import { evidenceReadme } from '../../audit/evidence-readme.ts';
import { checkpointOver, countsWindow, exportEntries } from '../../audit/excerpt.ts';
import { badInput } from '../../core/errors.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import { noteAccess } from '../../service/records.ts';
import { type Cli, print } from '../context.ts';
import { openJournal, type Recording } from '../record/journal.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { believedPolicy, type Desk, findWindow } from './desk.ts';
import { deskWithCluster } from './list.ts';
import { countingPapers } from './push.ts';

/** A checkpoint that stands for the window's last entry; where there is none yet it is made. */
async function checkpointFor(
  cli: Cli,
  journal: Recording,
  last: number,
  window: string,
): Promise<JournalEntry> {
  const found = await checkpointOver(journal, last);
  if (found && (await countsWindow(journal, found, window))) return found;
  const isOlder = found === null ? 'is older than the window' : 'does not count its entries';
  cli.say(`the last checkpoint ${isOlder}: one is made, unsigned`);
  const why = `evidence of window ${window}`;
  return makeCheckpoint(journal, { clock: systemClock(), why, signing: null, counted: window });
}

function requireEmpty(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw badInput(`${folder} is not empty`, {
    code: 'file.exists',
    remedy: 'name a new folder with --out',
  });
}

/** The folder appears with all of its files, on disk, or not at all. */
function makeWhole(folder: string, fill: (half: string) => void): void {
  requireEmpty(folder);
  const half = nameBeside(resolve(folder));
  try {
    makeFolder(half);
    fill(half);
    flushFolder(half);
    // In place of an empty one, as the system has it.
    renameSync(half, resolve(folder));
    flushFolder(dirname(resolve(folder)));
  } catch (cause) {
    rmSync(half, { recursive: true, force: true });
    throw badInput(`cannot write the folder ${folder}: ${(cause as Error).message}`, {
      code: 'file.unwritable',
      remedy: 'name a new folder with --out, where there is space and you may write',
      cause,
    });
  }
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
    writeDurablySync(join(folder, name), paper.text);
    writeDurablySync(join(folder, `${name}.sig`), paper.signature);
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
  const files = ['index.html', 'bundle.json', 'record.ndjson', 'allowed_signers', 'README.txt'];
  const verifier = verifierFile();
  if (verifier) files.push('drydock-verify.mjs');
  const papers: string[] = [];
  makeWhole(folder, (half) => {
    const contents: Record<string, string | Uint8Array> = {
      'index.html': evidenceHtml(evidence),
      'bundle.json': `${JSON.stringify(evidence, null, 1)}\n`,
      'record.ndjson': record,
      allowed_signers: signers,
      'README.txt': evidenceReadme(evidence, files),
      ...(verifier ? { 'drydock-verify.mjs': readFileSync(verifier) } : {}),
    };
    for (const [name, content] of Object.entries(contents)) {
      writeDurablySync(join(half, name), content);
    }
    papers.push(...writePapers(half, evidence.papers));
    flushFolder(join(half, 'papers'));
  });
  return [...files, ...papers];
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
  const journal = await openJournal(cli);
  try {
    const entries = await journal.entries();
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
    const lines: string[] = [];
    for await (const line of exportEntries(journal, { window: window.id })) lines.push(line);
    // Under `of`, and not as the window's own: reading it is no part of the change.
    await noteAccess(contextOf(cli, args), journal, 'audit export', { of: window.id });
    const files = writeEvidence(args.out, evidence, `${lines.join('\n')}\n`, signersText(policies));
    print(
      cli,
      { schema: 'drydock.evidence-written/1', folder: args.out, files, entries: own.length },
      () => files.map((file) => `${join(String(args.out), file)}\n`).join(''),
    );
    cli.say(`${own.length} entries of ${window.id}; read ${join(args.out, 'index.html')}`);
    return 0;
  } finally {
    await journal.close();
  }
}
