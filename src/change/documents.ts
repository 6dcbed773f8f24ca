/**
 * Documents: canonical JSON with a signature, as they lie in a file or on a server. Whatever is read
 * here comes from outside, so it is held to its schema before anything looks at it, and to its one
 * canonical form, because hashes and signatures are over the text.
 *
 *   Document { name, version, text, by, signature }
 *     policy            version of the policy   text: drydock.policy/1
 *     window/ID/HASH    1                       text: drydock.window-paper/1
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { badInput, invariant } from '../core/errors.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type {
  WindowAmendment,
  WindowAnswer,
  WindowClosing,
  WindowDocument,
  WindowHandover,
  WindowOpening,
  WindowRequest,
  WindowReview,
} from '../schema/generated/window-document.ts';
import policySchema from '../schema/policy.schema.json' with { type: 'json' };
import documentSchema from '../schema/signed-document.schema.json' with { type: 'json' };
import windowSchema from '../schema/window-document.schema.json' with { type: 'json' };
import { canonicalText, hashText } from './text.ts';

/** A document's text, larger than any window needs: documents come by mail. */
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

/** A window's document whose body was held to its kind. */
export type KnownWindowDocument = {
  [K in Kind]: Omit<WindowDocument, 'kind' | 'body'> & { kind: K; body: Bodies[K] };
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
    for (const schema of [documentSchema, policySchema, windowSchema]) schemas.addSchema(schema);
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

/** Holds what was read from a file or a server to the form of a document; its text is not opened. */
export function readDocument(json: unknown, place: string): SignedDocument {
  demand(json, documentSchema.$id, place);
  return json as SignedDocument;
}

function unusual(signed: SignedDocument, message: string, field = 'text') {
  return badInput(message, {
    code: 'paper.unusual',
    place: { file: signed.name, field },
    remedy: 'get the document anew from whoever signed it',
  });
}

/** The document that stands in a text, which must be the one canonical form of it. */
function open(signed: SignedDocument): unknown {
  if (signed.text.length > MOST_CHARACTERS) throw unusual(signed, 'the text is too large');
  let document: unknown;
  let canonical: string | undefined;
  try {
    document = JSON.parse(signed.text);
    canonical = canonicalText(document);
  } catch {
    throw unusual(signed, 'the text is not JSON');
  }
  if (canonical !== signed.text) throw unusual(signed, 'the text is not canonical JSON');
  return document;
}

export function readPolicy(signed: SignedDocument): Policy {
  if (signed.name !== 'policy') throw unusual(signed, 'the document is no policy', 'name');
  const document = open(signed);
  demand(document, policySchema.$id, signed.name, 'text');
  const policy = document as Policy;
  if (policy.version !== signed.version) {
    throw unusual(
      signed,
      `it says version ${signed.version} and holds ${policy.version}`,
      'version',
    );
  }
  return policy;
}

export function readWindowDocument(signed: SignedDocument): KnownWindowDocument {
  const document = open(signed);
  demand(document, windowSchema.$id, signed.name, 'text');
  const word = document as KnownWindowDocument;
  const definition = `${windowSchema.$id}#/definitions/${DEFINITIONS[word.kind]}`;
  demand(word.body, definition, signed.name, 'text.body');
  const name = nameOf(word, signed.text);
  if (signed.name !== name) throw unusual(signed, `its text belongs to ${name}`, 'name');
  if (signed.version !== 1) throw unusual(signed, 'a window’s document has version 1', 'version');
  if (signed.by !== word.by) throw unusual(signed, `its text says it is by ${word.by}`, 'by');
  if (word.kind === 'request' && Date.parse(word.body.end) <= Date.parse(word.body.start)) {
    throw unusual(signed, 'the window ends before it starts', 'text.body.end');
  }
  return word;
}

function nameOf(document: Policy | WindowDocument, text: string): string {
  return 'window' in document ? `window/${document.window}/${hashText(text)}` : 'policy';
}

/** The document of a document that was signed: the signature is over `canonicalText(document)`. */
export function documentOf(
  document: Policy | WindowDocument,
  by: string,
  signature: string,
): SignedDocument {
  const text = canonicalText(document);
  const version = 'window' in document ? 1 : document.version;
  const name = nameOf(document, text);
  return { schema: 'drydock.paper/1', name, version, text, by, signature };
}
