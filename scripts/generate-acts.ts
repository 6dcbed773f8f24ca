/**
 * What the schemas say of physical acts, made from their entries (src/cluster/acts): as a runbook
 * writes one (`OperatorAct`), and as plans and records hold one (`PhysicalAct`).
 */
import type { ActEntry, ActParameter } from '../src/cluster/acts/act.ts';
import { acts } from '../src/cluster/acts/registry.ts';
import type { Json, JsonObject } from '../src/core/json.ts';

const entries = [...acts.values()];

function asField({ type, description }: ActParameter): JsonObject {
  return { type, description };
}

/** Parameters of one name are one field, whichever act they belong to. */
function fieldsOfAll(): JsonObject {
  const fields: JsonObject = {};
  for (const { name, parameters } of entries) {
    for (const [field, parameter] of Object.entries(parameters)) {
      const said = asField(parameter);
      if (JSON.stringify(fields[field] ?? said) !== JSON.stringify(said))
        throw new Error(`'${field}' of ${name} is something else for another act`);
      fields[field] = said;
    }
  }
  return fields;
}

const operatorAct: JsonObject = {
  title: 'OperatorAct',
  type: 'object',
  additionalProperties: false,
  required: ['act'],
  properties: {
    act: { enum: entries.map(({ name }) => name), description: 'what the person does' },
    ...fieldsOfAll(),
  },
  description: "a person's physical act on server `on`",
};

function planned({ name, words, parameters }: ActEntry): JsonObject {
  const fields = Object.entries(parameters).map(([field, { type }]) => [field, { type }]);
  return {
    description: words,
    type: 'object',
    additionalProperties: false,
    required: ['act', 'server', ...Object.keys(parameters)],
    properties: {
      act: { const: name },
      server: { type: 'string' },
      ...Object.fromEntries(fields),
    },
  };
}

const physicalAct: JsonObject = {
  title: 'PhysicalAct',
  description: 'What only a person with hands can do, or a management controller in their place.',
  anyOf: entries.map(planned),
};

/** The schema with what it says of physical acts in step with their entries. */
export function withActs(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withActs);
  if (schema === null || typeof schema !== 'object') return schema;
  if (schema.title === operatorAct.title) return operatorAct;
  const { $schema, $id, title } = schema;
  if (title !== physicalAct.title) {
    return Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, withActs(one)]));
  }
  return { ...($schema && $id ? { $schema, $id } : {}), ...physicalAct };
}

/** The table of acts in a text, between its marks. */
export function readmeWithActs(text: string): string {
  const rows = entries.map(({ name, words, parameters, isDangerous }) => {
    const fields = Object.entries(parameters).map(([field, { what, default: preset }]) => {
      return `\`${field}\` (${what}${preset === undefined ? '' : `, ${preset} by itself`})`;
    });
    const danger = isDangerous ? 'yes' : '';
    return `| \`${name}\` | ${words} | ${fields.join(', ')} | ${danger} |`;
  });
  const table = ['| act | what is done | needs | wants `danger` |', '|---|---|---|---|', ...rows];
  return text.replace(
    /(<!-- acts -->\n)[\s\S]*?(<!-- \/acts -->)/,
    (_all, begin: string, end: string) => `${begin}${table.join('\n')}\n${end}`,
  );
}
