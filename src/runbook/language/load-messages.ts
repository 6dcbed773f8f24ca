/** What the schema found wrong, in words for the person who wrote the runbook. */
import type { ErrorObject } from 'ajv';
import { suggestion } from '../../core/nearest.ts';
import type { FieldPath } from './types.ts';

export interface SchemaComplaint {
  path: FieldPath;
  message: string;
  remedy: string;
}

function pathOf(error: ErrorObject, source: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let value = source;
  for (const part of error.instancePath.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}

/** Field names that the schema knows where the unknown one stood. */
function knownFields(error: ErrorObject): string[] {
  const { properties } = (error.parentSchema ?? {}) as { properties?: object };
  return Object.keys(properties ?? {});
}

/** Null for the errors that only repeat another one (the branches of an `anyOf`). */
export function describeSchemaError(
  error: ErrorObject,
  source: unknown,
  whole = 'the runbook',
): SchemaComplaint | null {
  const path = pathOf(error, source);
  const here = path.length ? `'${path.at(-1)}'` : whole;
  const params = error.params as Record<string, unknown>;
  // The same is said by `propertyNames`, with the name.
  if (error.propertyName !== undefined) return null;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const remedy = suggestion(name, knownFields(error));
      return { path: [...path, name], message: `unknown field '${name}'`, remedy };
    }
    case 'required':
      return {
        path,
        message: `${here} lacks the field '${String(params.missingProperty)}'`,
        remedy: `write ${String(params.missingProperty)}: …`,
      };
    case 'enum': {
      const words = (params.allowedValues as unknown[]).map(String);
      return { path, message: `${here} is none of the words allowed`, remedy: words.join(' | ') };
    }
    case 'pattern':
      return {
        path,
        message: `${here} is not written as it should be`,
        remedy: `it must match ${String(params.pattern)}`,
      };
    case 'propertyNames':
      return {
        path: [...path, String(params.propertyName)],
        message: `'${String(params.propertyName)}' is no name`,
        remedy: 'begin with a small letter, go on with letters and figures',
      };
    case 'const':
    case 'anyOf':
      return error.keyword === 'anyOf'
        ? { path, message: `${here} has neither of its forms`, remedy: formsOf(error) }
        : null;
    default:
      return { path, message: `${here} ${error.message ?? 'is wrong'}`, remedy: 'see the schema' };
  }
}

function formsOf(error: ErrorObject): string {
  return error.schemaPath.includes('undo')
    ? "write undo: none, or undo: { run: '…' }"
    : 'write one text, or a list of arguments';
}
