/** From the file of symptoms to what shows in a status: what is wrong, the most dangerous first. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Symptom, Symptoms } from '../../schema/generated/symptoms.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import schema from '../../schema/symptoms.schema.json' with { type: 'json' };
import { evaluateCondition, type Scope } from '../language/expressions/expressions.ts';
import { describeSchemaError } from '../language/load-messages.ts';
import { packageRoot } from '../language/package-root.ts';
import { readPlainYaml } from '../language/plain-yaml.ts';
import { fillTemplate } from '../language/template.ts';
import type { LoadedRunbook } from '../language/types.ts';
import { namesFrom } from '../plan/parameters.ts';

export const SYMPTOMS_FILE = 'runbooks/symptoms.yaml';

export interface LoadedSymptoms {
  symptoms: Symptom[];
  placeOf: LoadedRunbook['placeOf'];
}

/** Something that is wrong with the cluster. */
export interface Finding {
  symptom: Symptom;
  /** Of what it shows: a server, a mirror …; null: of the cluster. */
  about: string | null;
  words: string;
}

/** Reads the text as the file of symptoms; throws the first thing that is wrong with it. */
export function parseSymptoms(text: string, file: string): LoadedSymptoms {
  const { document, places, errors } = readPlainYaml(text, file, 'a file of symptoms');
  if (errors[0]) throw errors[0];
  const source: unknown = document.toJS({ maxAliasCount: 0 });
  const fits = new Ajv({ allErrors: true, verbose: true }).compile(schema);
  if (!fits(source)) {
    const said = (fits.errors ?? []).flatMap(
      (error) => describeSchemaError(error, source, 'the file') ?? [],
    );
    const { path, message, remedy } = said[0] ?? {
      path: [],
      message: 'the file is not as its schema has it',
      remedy: 'see src/schema/symptoms.schema.json',
    };
    throw badInput(message, { code: 'symptoms.malformed', place: places.of(path), remedy });
  }
  const { symptoms } = source as unknown as Symptoms;
  return { symptoms, placeOf: (path, offset) => places.of(path, offset) };
}

export function loadSymptoms(): LoadedSymptoms {
  return parseSymptoms(readFileSync(join(packageRoot(), SYMPTOMS_FILE), 'utf8'), SYMPTOMS_FILE);
}

/** The server that the configuration prefers for a group, or for what lies in one. */
function homeOf({ groups }: Topology, name: string): string | null {
  const group = groups.find((one) => one.name === name || one.resources.includes(name));
  return group?.servers[0] ?? null;
}

/** What expressions of a symptom may name. */
export function scopeAbout(status: Status, topology: Topology, about: string | null): Scope {
  const home = about === null ? null : homeOf(topology, about);
  const names: Record<string, Json> = {
    ...(about === null ? {} : { it: about }),
    ...(home === null ? {} : { home }),
  };
  return { status, names, before: {}, chosen: {}, topology };
}

/** What is not known does not hold, nor what has no meaning in this cluster. */
export function holdsIn(expression: string, scope: Scope): boolean {
  try {
    const found = evaluateCondition(expression, scope);
    return 'value' in found && found.value;
  } catch (error) {
    if (error instanceof DrydockError && error.code === 'expression.failed') return false;
    throw error;
  }
}

/** The text with its values; where one of them is not known, what kind of case it is. */
function wordsOf({ says, about }: Symptom, scope: Scope): string {
  try {
    return fillTemplate(says, scope);
  } catch (error) {
    if (error instanceof DrydockError) return about;
    throw error;
  }
}

/** Everything that shows, in the order of the file. */
export function findingsOf(
  symptoms: readonly Symptom[],
  status: Status,
  topology: Topology,
): Finding[] {
  return symptoms.flatMap((symptom) => {
    const asked = symptom.each === undefined ? [null] : namesFrom(status, symptom.each);
    return asked.flatMap((about) => {
      const scope = scopeAbout(status, topology, about);
      if (!holdsIn(symptom.shows, scope)) return [];
      return [{ symptom, about, words: wordsOf(symptom, scope) }];
    });
  });
}
