/**
 * Signed documents in a folder that people may share: one file a document, `ID/KIND-BY-HASH8.json`,
 * policies under `policy/`. A document is never replaced: it appears whole under its name or not at
 * all, and one that says the same thing under another signature is put beside it.
 *
 * Nothing in the folder is believed here. What is no document is reported in words and left alone.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readDocument, readPolicy, readWindowDocument } from '../change/documents.ts';
import { badInput, DrydockError } from '../core/errors.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { createDurablySync, makeFolder } from './durable-file.ts';

const FILE_LIMIT_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 20_000;
const MOST_TWINS = 20;
/** Not secret: signatures say who wrote what. The folder's umask still has its say. */
const READABLE = 0o644;

export interface FiledDocument {
  paper: SignedDocument;
  file: string;
}

export interface FolderContent {
  papers: FiledDocument[];
  /** Files that are no documents, or damaged ones, and why. */
  odd: { file: string; why: string }[];
}

/** Several documents in one file, to send by mail. */
export interface DocumentBundle {
  schema: 'drydock.papers/1';
  papers: SignedDocument[];
}

function reason(error: unknown): string {
  if (error instanceof DrydockError) {
    const field = error.place?.field;
    return field ? `${field}: ${error.message}` : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The text of a plain file; pipes, devices and links never keep a reader waiting. */
function readPlain(file: string): string {
  const facts = lstatSync(file);
  if (!facts.isFile()) throw new Error('is not a plain file');
  if (facts.size > FILE_LIMIT_BYTES) throw new Error('is larger than 4 MiB');
  return readFileSync(file, 'utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON: it was cut off or changed');
  }
}

/** A document whose text is what its name says; its signature is judged where it is folded. */
function checked(json: unknown, file: string): SignedDocument {
  const document = readDocument(json, file);
  if (document.name === 'policy') readPolicy(document);
  else readWindowDocument(document);
  return document;
}

/** The documents of one file: a single one, or a bundle as `window export` writes it. */
export function readDocumentFile(file: string): SignedDocument[] {
  try {
    const json = parsed(readPlain(file)) as Partial<DocumentBundle> | null;
    if (json?.schema !== 'drydock.papers/1') return [checked(json, file)];
    const { papers: documents } = json;
    if (!Array.isArray(documents)) throw new Error('has no list of documents');
    return documents.map((document) => checked(document, file));
  } catch (cause) {
    if (cause instanceof DrydockError) throw cause;
    throw badInput(`cannot read documents from ${file}: ${reason(cause)}`, {
      code: 'paper.unreadable',
      remedy: 'ask whoever sent it for the file once more',
      cause,
    });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw badInput(`cannot read the folder of documents ${folder}: ${reason(error)}`, {
      code: 'papers.unreadable',
      remedy: 'check its name and that you may read it, or name another with --folder',
      cause: error,
    });
  }
}

/** Files of the folder and of those right below it; what begins with a dot is on its way. */
function filesOf(folder: string): string[] {
  const files: string[] = [];
  for (const name of namesIn(folder).filter((one) => !one.startsWith('.'))) {
    const path = join(folder, name);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) files.push(path);
    else
      for (const inner of namesIn(path)) if (!inner.startsWith('.')) files.push(join(path, inner));
  }
  return files;
}

export function readDocumentFolder(folder: string): FolderContent {
  const content: FolderContent = { papers: [], odd: [] };
  const files = filesOf(folder);
  for (const path of files.slice(0, MOST_FILES)) {
    const file = relative(folder, path);
    try {
      if (!path.endsWith('.json'))
        throw new Error('is not a signed document: its name does not end in .json');
      for (const document of readDocumentFile(path)) content.papers.push({ paper: document, file });
    } catch (error) {
      content.odd.push({ file, why: reason(error) });
    }
  }
  if (files.length > MOST_FILES) {
    content.odd.push({
      file: '.',
      why: `holds more than ${MOST_FILES} files; the rest is not read`,
    });
  }
  return content;
}

/** Letters that every file system takes. */
function plain(text: string): string {
  return text
    .replace(/[^A-Za-z0-9@._-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 48);
}

/** Where a document lies, relative to the folder. */
export function documentPath(document: SignedDocument, twin = 1): string {
  const ending = twin === 1 ? '.json' : `-${twin}.json`;
  const [, window, hash = ''] = document.name.split('/');
  const { kind, cluster } = parsed(document.text) as { kind?: string; cluster?: string };
  if (window === undefined) {
    const by = plain(document.by);
    return join('policy', `v${document.version}-${plain(cluster ?? '')}-${by}${ending}`);
  }
  return join(
    plain(window),
    `${plain(kind ?? 'document')}-${plain(document.by)}-${hash.slice(0, 8)}${ending}`,
  );
}

function isSame(path: string, document: SignedDocument): boolean {
  try {
    const [there, ...more] = readDocumentFile(path);
    return (
      more.length === 0 && there?.text === document.text && there.signature === document.signature
    );
  } catch {
    return false;
  }
}

/** Puts a document into the folder; tells its file, and whether it was not there before. */
export function putDocument(
  folder: string,
  document: SignedDocument,
): { file: string; isNew: boolean } {
  const text = `${JSON.stringify(document, null, 1)}\n`;
  try {
    for (let twin = 1; twin <= MOST_TWINS; twin += 1) {
      const file = documentPath(document, twin);
      const path = join(folder, file);
      makeFolder(dirname(path));
      if (createDurablySync(path, text, { mode: READABLE })) return { file, isNew: true };
      if (isSame(join(folder, file), document)) return { file, isNew: false };
    }
  } catch (cause) {
    throw new DrydockError(`cannot put a document into ${folder}: ${reason(cause)}`, {
      code: 'papers.unwritable',
      remedy: 'see that the folder can be written, or name another with --folder',
      cause,
    });
  }
  throw badInput(`${documentPath(document)} is there ${MOST_TWINS} times, under other signatures`, {
    code: 'papers.flooded',
    remedy: 'look into that folder and take out what nobody wrote',
  });
}
