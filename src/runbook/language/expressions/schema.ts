/** Types of the expressions' world, taken from its schema: one contract, no second list. */
import schema from '../../../schema/status-1.schema.json' with { type: 'json' };

export type Type =
  | { kind: 'any' }
  | { kind: 'null' }
  | { kind: 'bool' }
  /** `whole`: surely without a fraction, or surely a decimal number; not given: either. */
  | { kind: 'number'; whole?: boolean }
  /** `words`: the only values; `unknownWord`: the one of them that says "not known". */
  | { kind: 'string'; words?: readonly string[]; unknownWord?: string }
  | { kind: 'list'; of: Type }
  | { kind: 'map'; of: Type }
  | { kind: 'record'; name: string; shape: SchemaNode };

export interface SchemaNode {
  $ref?: string;
  title?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: boolean | SchemaNode;
}

export const ANY: Type = { kind: 'any' };
export const STRING: Type = { kind: 'string' };
export const NUMBER: Type = { kind: 'number' };
export const WHOLE: Type = { kind: 'number', whole: true };
export const DECIMAL: Type = { kind: 'number', whole: false };
export const BOOL: Type = { kind: 'bool' };

/** The vendor's words that mean "this is not known". */
export const UNKNOWN_WORDS = ['GRAY', 'Unknown'];

const definitions = schema.definitions as unknown as Record<string, SchemaNode>;

function wordsType(values: unknown[]): Type {
  const words = values.filter((value) => typeof value === 'string');
  const unknownWord = words.find((word) => UNKNOWN_WORDS.includes(word));
  return { kind: 'string', words, ...(unknownWord ? { unknownWord } : {}) };
}

function typeOf(node: SchemaNode, name: string): Type {
  if (node.$ref) return typeOf(definitions[node.$ref.split('/').at(-1) ?? ''] ?? {}, name);
  const some = node.anyOf?.find((branch) => branch.type !== 'null');
  if (some) return typeOf(some, name);
  if (node.enum) return wordsType(node.enum);
  if (typeof node.const === 'string') return wordsType([node.const]);
  const type = [node.type].flat().find((word) => word !== 'null');
  switch (type) {
    case 'string':
      return STRING;
    case 'integer':
      return WHOLE;
    case 'number':
      return NUMBER;
    case 'boolean':
      return BOOL;
    case 'array':
      return { kind: 'list', of: node.items ? typeOf(node.items, name) : ANY };
    case 'object':
      if (node.properties) return { kind: 'record', name: node.title ?? name, shape: node };
      return typeof node.additionalProperties === 'object'
        ? { kind: 'map', of: typeOf(node.additionalProperties, name) }
        : { kind: 'map', of: ANY };
    default:
      return ANY;
  }
}

const fieldCache = new WeakMap<SchemaNode, Record<string, Type>>();

export function fieldsOf(type: Type & { kind: 'record' }): Record<string, Type> {
  let fields = fieldCache.get(type.shape);
  if (!fields) {
    const properties = Object.entries(type.shape.properties ?? {});
    // Without a prototype: `constructor` is no field.
    fields = Object.assign(
      Object.create(null) as Record<string, Type>,
      Object.fromEntries(properties.map(([key, node]) => [key, typeOf(node, key)])),
    );
    fieldCache.set(type.shape, fields);
  }
  return fields;
}

/** cluster, servers, groups … as in the status. */
export const STATUS_TYPE: Record<string, Type> = Object.fromEntries(
  Object.entries(schema.properties as unknown as Record<string, SchemaNode>).map(([key, node]) => [
    key,
    typeOf(node, key),
  ]),
);

/** The record that a map of the status holds, e.g. `servers` → ServerStatus. */
export function elementOf(list: string): Type {
  const type = STATUS_TYPE[list];
  return type?.kind === 'map' ? type.of : ANY;
}

export function describeType(type: Type): string {
  if (type.kind === 'record') return `the record ${type.name}`;
  if (type.kind === 'list' || type.kind === 'map') return `a ${type.kind}`;
  return type.kind === 'any' ? 'anything' : `a ${type.kind}`;
}
