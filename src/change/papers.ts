/**
 * Papers: canonical JSON with a signature, as they lie in a file or on a server. Whatever is read
 * here comes from outside, so it is held to its schema before anything looks at it, and to its one
 * canonical form, because hashes and signatures are over the text.
 *
 *   Paper { name, version, text, by, signature }
 *     policy            version of the policy   text: drydock.policy/1
 *     window/ID/HASH    1                       text: drydock.window-paper/1
 */
import { createHash } from 'node:crypto';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import canonicalize from 'canonicalize';
import { badInput, invariant } from '../core/errors.ts';
import type { Paper } from '../schema/generated/paper.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type {
  WindowAmendment,
  WindowAnswer,
  WindowClosing,
  WindowHandover,
  WindowOpening,
  WindowPaper,
  WindowRequest,
  WindowReview,
} from '../schema/generated/window-paper.ts';
import paperSchema from '../schema/paper.schema.json' with { type: 'json' };
import policySchema from '../schema/policy.schema.json' with { type: 'json' };
import windowSchema from '../schema/window-paper.schema.json' with { type: 'json' };

/** A paper's text, larger than any window needs: papers come by mail. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

interface Bodies {
  request: WindowRequest;
  approval: WindowAnswer;
  rejection: WindowAnswer;
  withdrawal: WindowAnswer;
  opening: WindowOpening;
  amendment: WindowAmendment;
  handover: WindowHandover;
  closing: WindowClosing;
  review: WindowReview;
}

type Kind = keyof Bodies;

/** A window's paper whose body was held to its kind. */
export type KnownWindowPaper = {
  [K in Kind]: Omit<WindowPaper, 'kind' | 'body'> & { kind: K; body: Bodies[K] };
}[Kind];

const DEFINITIONS: Record<Kind, string> = {
  request: 'request',
  approval: 'answer',
  rejection: 'answer',
  withdrawal: 'answer',
  opening: 'opening',
  amendment: 'amendment',
  handover: 'handover',
  closing: 'closing',
  review: 'review',
};

const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339 with its zone; a day that the month does not have is none. */
export function isInstant(text: string): boolean {
  const [, day = '', time = ''] = INSTANT.exec(text) ?? [];
  if (day === '' || Number.isNaN(Date.parse(text))) return false;
  const same = new Date(`${day}T${time}Z`);
  return !Number.isNaN(same.getTime()) && same.toISOString().startsWith(`${day}T${time}`);
}

let schemas: Ajv | null = null;

function validator(reference: string): ValidateFunction {
  if (schemas === null) {
    schemas = new Ajv({ allErrors: false, allowUnionTypes: true });
    schemas.addFormat('date-time', isInstant);
    for (const schema of [paperSchema, policySchema, windowSchema]) schemas.addSchema(schema);
  }
  const found = schemas.getSchema(reference);
  invariant(found, `no schema ${reference}`);
  return found;
}

function fieldOf(error: ErrorObject, within: string): string {
  const path = error.instancePath.split('/').slice(1);
  return [within, ...path].filter((part) => part !== '').join('.');
}

/** Throws badInput with file and field when the value is not what the schema says. */
function demand(value: unknown, reference: string, place: string, within = ''): void {
  const check = validator(reference);
  if (check(value)) return;
  const [error] = check.errors as [ErrorObject];
  const { missingProperty, additionalProperty, allowedValues, allowedValue } = error.params;
  const more = additionalProperty ?? allowedValues?.join(' | ') ?? allowedValue;
  const what = more === undefined ? error.message : `${error.message}: ${more}`;
  throw badInput(missingProperty ? `the field ${missingProperty} is missing` : `${what}`, {
    code: 'paper.schema',
    place: { file: place, field: fieldOf(error, within) },
    remedy: `see ${reference.split('#')[0]}`,
  });
}

/** RFC 8785 text: what is hashed and signed. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  invariant(text !== undefined, 'a value that JSON cannot hold was to be signed');
  return text;
}

/** SHA-256, hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Holds what was read from a file or a server to the form of a paper; its text is not opened. */
export function readPaper(json: unknown, place: string): Paper {
  demand(json, paperSchema.$id, place);
  return json as Paper;
}

function unusual(paper: Paper, message: string, field = 'text') {
  return badInput(message, {
    code: 'paper.unusual',
    place: { file: paper.name, field },
    remedy: 'get the paper anew from whoever signed it',
  });
}

/** The document in a paper's text, which must be the one canonical form of it. */
function open(paper: Paper): unknown {
  if (paper.text.length > MOST_CHARACTERS) throw unusual(paper, 'the text is too large');
  let document: unknown;
  let canonical: string | undefined;
  try {
    document = JSON.parse(paper.text);
    canonical = canonicalize(document);
  } catch {
    throw unusual(paper, 'the text is not JSON');
  }
  if (canonical !== paper.text) throw unusual(paper, 'the text is not canonical JSON');
  return document;
}

export function readPolicy(paper: Paper): Policy {
  if (paper.name !== 'policy') throw unusual(paper, 'the paper is no policy', 'name');
  const document = open(paper);
  demand(document, policySchema.$id, paper.name, 'text');
  const policy = document as Policy;
  if (policy.version !== paper.version) {
    throw unusual(paper, `it says version ${paper.version} and holds ${policy.version}`, 'version');
  }
  return policy;
}

export function readWindowPaper(paper: Paper): KnownWindowPaper {
  const document = open(paper);
  demand(document, windowSchema.$id, paper.name, 'text');
  const word = document as KnownWindowPaper;
  const definition = `${windowSchema.$id}#/definitions/${DEFINITIONS[word.kind]}`;
  demand(word.body, definition, paper.name, 'text.body');
  const name = nameOf(word, paper.text);
  if (paper.name !== name) throw unusual(paper, `its text belongs to ${name}`, 'name');
  if (paper.version !== 1) throw unusual(paper, 'a window’s paper has version 1', 'version');
  if (paper.by !== word.by) throw unusual(paper, `its text says it is by ${word.by}`, 'by');
  if (word.kind === 'request' && Date.parse(word.body.end) <= Date.parse(word.body.start)) {
    throw unusual(paper, 'the window ends before it starts', 'text.body.end');
  }
  return word;
}

function nameOf(document: Policy | WindowPaper, text: string): string {
  return 'window' in document ? `window/${document.window}/${hashText(text)}` : 'policy';
}

/** The paper of a document that was signed: the signature is over `canonicalText(document)`. */
export function paperOf(document: Policy | WindowPaper, by: string, signature: string): Paper {
  const text = canonicalText(document);
  const version = 'window' in document ? 1 : document.version;
  const name = nameOf(document, text);
  return { schema: 'drydock.paper/1', name, version, text, by, signature };
}
