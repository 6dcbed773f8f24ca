/**
 * `audit`: what the record says, whether it can be believed, and what of it goes elsewhere.
 * Reading it is recorded too, where anything can be.
 */
import { existsSync } from 'node:fs';
import { keepAnchor, parsePlace, readAnchors } from '../../adapters/anchors.ts';
import { chunksOf } from '../../adapters/record-file.ts';
import { sshKeygen } from '../../adapters/ssh-keygen.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import {
  allAnchors,
  checkpointOver,
  countsWindow,
  entriesOf,
  exportEntries,
  exportRecord,
  makeCheckpoint,
  type Part,
  type RecordVerdict,
  readCheckpoint,
  splitLines,
  verdictWords,
  verifyAny,
  verifyRecord,
} from '../../audit/index.ts';
import { badInput } from '../../core/errors.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import { collectNotes } from '../../service/notes.ts';
import { noteAccess, noteDown } from '../../service/records.ts';
import { findRun } from '../../service/runs.ts';
import { openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readText } from '../words/reading.ts';
import { writeNewLines } from '../words/writing.ts';
import { partFrom, trustFrom, wordsOf } from './audit-args.ts';
import {
  journalFile,
  openJournal,
  openJournalAnew,
  openJournalToRead,
  openJournalToVerify,
  type Recording,
} from './journal.ts';
import { ownerOf } from './key-owner.ts';

async function verify(cli: Cli, args: Args): Promise<number> {
  const places = wordsOf(args.anchor);
  const kept = allAnchors(await Promise.all(places.map(readAnchors)));
  const options = { ...kept, trust: trustFrom(args) };
  const file = args.subject ?? args.file;
  let verdict: RecordVerdict;
  if (typeof file === 'string') {
    if (!existsSync(file)) readText(file);
    verdict = verifyAny(splitLines(chunksOf(file)), options);
  } else {
    const journal = await openJournalToVerify(cli);
    try {
      verdict = await verifyRecord(journal, options);
    } finally {
      await journal.close();
    }
  }
  const words = verdictWords(verdict);
  print(cli, { schema: 'drydock.audit-verdict/1', ...verdict }, () => words);
  return verdict.ok ? 0 : 7;
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

async function partOf(args: Args, journal: Recording): Promise<Part> {
  const part = partFrom(args);
  if (part.run === undefined) return part;
  return { ...part, run: (await findRun(journal, part.run, 'show')).run };
}

async function show(cli: Cli, args: Args): Promise<number> {
  const journal = await openJournalToRead(cli);
  try {
    const part = await partOf(args, journal);
    await noteAccess(contextOf(cli, args), journal, 'audit show', part);
    const shown = await entriesOf(journal, part);
    if (cli.json) for (const entry of shown) cli.out(`${JSON.stringify(entry)}\n`);
    else cli.out(table([['SEQ', 'AT', 'ENTRY', 'RUN', 'WHO', ''], ...shown.map(entryWords)]));
    return 0;
  } finally {
    await journal.close();
  }
}

/** How the checkpoint is signed: with `--key`, as `--as`, whose key it is, or who is logged in. */
function signingOf(cli: Cli, args: Args) {
  if (typeof args.key !== 'string') return null;
  const key = args.key;
  const by =
    typeof args.as === 'string' ? args.as : (ownerOf(cli, args, key) ?? cli.login.real.name);
  return { by, sign: (text: string) => sshKeygen().sign(text, 'drydock.checkpoint', key) };
}

async function newCheckpoint(
  cli: Cli,
  journal: Recording,
  args: Args,
  why: string,
  counted?: string,
): Promise<JournalEntry> {
  const signing = signingOf(cli, args);
  const how = { clock: systemClock(), why, signing, ...(counted === undefined ? {} : { counted }) };
  const entry = await makeCheckpoint(journal, how);
  const { size, root } = readCheckpoint(entry.body)!.checkpoint;
  const by = signing ? `signed by ${signing.by}` : 'not signed (--key FILE signs it)';
  cli.say(`checkpoint: entry ${entry.seq} stands for ${size} entries, ${by}; root ${root}`);
  return entry;
}

async function checkpoint(cli: Cli, args: Args): Promise<number> {
  const journal = await openJournal(cli);
  try {
    await journal.begin();
    const entry = await newCheckpoint(cli, journal, args, 'audit checkpoint');
    print(cli, { schema: 'drydock.checkpoint-made/1', seq: entry.seq, ...entry.body }, () => '');
    return 0;
  } finally {
    await journal.close();
  }
}

/** The newest checkpoint, or with `--key` a new one, goes to the place named. */
async function anchor(cli: Cli, args: Args): Promise<number> {
  const place = String(args.to ?? '');
  parsePlace(place);
  const journal = await openJournal(cli);
  try {
    await journal.begin();
    const old = typeof args.key === 'string' ? null : await checkpointOver(journal, 1);
    const entry = old ?? (await newCheckpoint(cli, journal, args, 'audit anchor'));
    const { size } = readCheckpoint(entry.body)!.checkpoint;
    await keepAnchor(entry, place);
    const body = { checkpoint: entry.seq, size, place };
    await noteDown(contextOf(cli, args), journal, { run: null, type: 'checkpoint.anchored', body });
    print(cli, { schema: 'drydock.anchored/1', ...body }, () => '');
    cli.say(`${size} entries are anchored at ${place}`);
    return 0;
  } finally {
    await journal.close();
  }
}

async function writeLines(cli: Cli, out: unknown, lines: AsyncIterable<string>): Promise<void> {
  if (typeof out === 'string') await writeNewLines(out, lines);
  else for await (const line of lines) cli.out(`${line}\n`);
}

/** The whole record, or a part with its proof; a part needs a checkpoint over its last entry. */
async function exportPart(cli: Cli, args: Args): Promise<number> {
  const journal = await openJournalToRead(cli);
  try {
    const part = await partOf(args, journal);
    const isWhole = Object.keys(part).length === 0;
    await noteAccess(contextOf(cli, args), journal, 'audit export', part);
    const last = isWhole ? 0 : ((await entriesOf(journal, part)).at(-1)?.seq ?? 0);
    const { window } = part;
    const over = last === 0 ? null : await checkpointOver(journal, last);
    const isCovered =
      last === 0 || (over && (window === undefined || (await countsWindow(journal, over, window))));
    if (typeof args.key === 'string' || !isCovered) {
      await newCheckpoint(cli, journal, args, 'audit export', window);
    }
    await writeLines(cli, args.out, isWhole ? exportRecord(journal) : exportEntries(journal, part));
    return 0;
  } finally {
    await journal.close();
  }
}

/** A record in place of one that is gone: whoever says so, and why, is what it begins with. */
async function beginAnew(cli: Cli, args: Args): Promise<number> {
  const reason = typeof args.reason === 'string' ? args.reason.trim() : '';
  if (reason === '') {
    throw badInput('a record is begun anew for a reason', {
      code: 'usage',
      remedy: 'give --reason TEXT',
    });
  }
  const file = journalFile(cli);
  if (existsSync(file)) {
    throw badInput(`${file} is there; nothing has to be begun`, {
      code: 'record.there',
      remedy: 'see whether it is whole with `drydock audit verify`',
    });
  }
  const journal = await openJournalAnew(cli);
  try {
    await journal.append([{ run: null, type: 'record.begun', body: { reason } }]);
    print(cli, { schema: 'drydock.record-begun/1', file, reason }, () => `${file}\n`);
    cli.say(
      'a new record is begun; what the one before held is known from anchors and copies only',
    );
    return 0;
  } finally {
    await journal.close();
  }
}

/** What people typed on the servers since they were last asked. */
async function collect(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  const journal = await openJournal(cli);
  try {
    const collected = await collectNotes(contextOf(cli, args), cluster, journal);
    print(cli, { schema: 'drydock.collected/1', ...collected }, () => '');
    for (const words of collected.silent) cli.say(cli.paint('yellow', `not asked: ${words}`));
    return collected.silent.length > 0 ? 1 : 0;
  } finally {
    await journal.close();
    await cluster.close();
  }
}

export async function audit(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'verify') return verify(cli, args);
  if (args.what === 'show') return show(cli, args);
  if (args.what === 'collect') return collect(cli, args);
  if (args.what === 'checkpoint') return checkpoint(cli, args);
  if (args.what === 'anchor') return anchor(cli, args);
  if (args.what === 'begin') return beginAnew(cli, args);
  if (typeof args.subject !== 'string') return exportPart(cli, args);
  const { exportEvidence } = await import('../window/evidence.ts');
  return exportEvidence(cli, { ...args, window: args.subject });
}
