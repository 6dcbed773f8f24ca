/**
 * What a message means, what to do about it, and why it is never raised here if so: the whole
 * catalogue, with explanations.json and unraised.json. No program of a server loads this; they carry
 * about what they raise.
 *
 *     explain('rc 32')                        module and id
 *     explain('md 81')                        type and code of a failure
 *     explain('liscal mirror break')          a module, and words of the message
 *     explain('… Server server2 down.')       a line as it stands in a log
 */
import { isDeepStrictEqual } from 'node:util';
import type { FailureRow } from '../schema/generated/failure-words.ts';
import type { MessageRow } from '../schema/generated/message-catalogue.ts';
import type { ExplainedMessage, MessageSaying } from '../schema/generated/reports/explanation.ts';
import driver from './driver.json' with { type: 'json' };
import explanations from './explanations.json' with { type: 'json' };
import failures from './failures.json' with { type: 'json' };
import own from './own.json' with { type: 'json' };
import { isAmong, whyUnraised } from './unraised.ts';
import v3 from './v3.json' with { type: 'json' };
import x5 from './x5.json' with { type: 'json' };

type Means = Pick<ExplainedMessage, 'means' | 'remedy'>;
type Source = ExplainedMessage['source'];

const UNEXPLAINED: Means = { means: null, remedy: null };
/** Literal characters that a template must have, to be found in a line by its shape. */
const LEAST_SHAPE = 8;

function meansOfEvent(module: string, id: number | undefined): Means {
  const found = explanations.events.find(({ of }) => isAmong(of, module, id ?? 0));
  return found ? { means: found.means, remedy: found.remedy } : UNEXPLAINED;
}

function meansOfText(rows: readonly ({ like: string } & Means)[], text: string): Means {
  const found = rows.find(({ like }) => new RegExp(like).test(text));
  return found ? { means: found.means, remedy: found.remedy } : UNEXPLAINED;
}

/** Without what else stands under the reason. */
function unraisedOf(...about: Parameters<typeof whyUnraised>): MessageSaying['unraised'] {
  const found = whyUnraised(...about);
  return found && { kind: found.kind, reason: found.reason };
}

function sayingOf(
  generations: MessageSaying['generations'],
  row: MessageRow,
  unraised: MessageSaying['unraised'],
): MessageSaying {
  return { generations, level: row.level, to: row.to, text: row.text, unraised };
}

/** But for the generation. */
function isSame(a: MessageSaying, b: MessageSaying): boolean {
  return isDeepStrictEqual({ ...a, generations: [] }, { ...b, generations: [] });
}

/** One entry for each module and id: both generations' words in it. A template may stand twice. */
function events(): ExplainedMessage[] {
  const made = new Map<string, ExplainedMessage>();
  const take = (source: Source, row: MessageRow, saying: MessageSaying) => {
    const { module, id } = row;
    const name = `${module} ${id}`;
    const means = meansOfEvent(module, id);
    const entry = made.get(name) ?? { source, module, id: id ?? null, sayings: [], ...means };
    const said = entry.sayings.find((one) => isSame(one, saying));
    if (said) said.generations = [...new Set([...said.generations, ...saying.generations])];
    else entry.sayings.push(saying);
    made.set(name, entry);
  };
  for (const row of v3 as MessageRow[]) {
    take('event', row, sayingOf(['v3'], row, unraisedOf('v3', row)));
  }
  for (const row of x5 as MessageRow[]) {
    take('event', row, sayingOf(['x5'], row, unraisedOf('x5', row)));
  }
  for (const row of own as MessageRow[]) {
    take('drydock', row, sayingOf(['v3', 'x5'], row, null));
  }
  return [...made.values()];
}

/** Every message that is known, each once. */
export function explainedMessages(): ExplainedMessage[] {
  const both: MessageSaying['generations'] = ['v3', 'x5'];
  const ofDriver = (driver as MessageRow[]).map(
    (row): ExplainedMessage => ({
      source: 'driver',
      module: row.module,
      id: null,
      sayings: [sayingOf(both, row, unraisedOf('driver', row))],
      ...meansOfText(explanations.driver, row.text),
    }),
  );
  const ofFailures = (failures as FailureRow[]).map(
    (row): ExplainedMessage => ({
      source: 'failure',
      module: row.type ?? null,
      id: row.code ?? null,
      sayings: [
        {
          generations: both,
          level: null,
          to: [],
          text: row.text,
          unraised: unraisedOf('failures', row),
        },
      ],
      ...meansOfText(explanations.failures, row.text),
    }),
  );
  return [...events(), ...ofFailures, ...ofDriver];
}

/** A line that a template may have become: its places hold anything. */
function shapeOf(template: string): RegExp | null {
  const literal = template.split(/%\d/);
  if (literal.join('').length < LEAST_SHAPE) return null;
  return new RegExp(literal.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+'));
}

function isSaidIn(text: string): (one: ExplainedMessage) => boolean {
  const wanted = text.toLowerCase();
  return ({ sayings }) =>
    sayings.some(
      (said) => said.text.toLowerCase().includes(wanted) || shapeOf(said.text)?.test(text) === true,
    );
}

/** The messages that are asked about, see above; none when nothing fits. */
export function explain(query: string): ExplainedMessage[] {
  const all = explainedMessages();
  const named = /<type: (\w+)><event: (\d+)>/.exec(query) ?? /^(\w+) (\d+)$/.exec(query.trim());
  if (named) {
    const [, module, id] = named;
    return all.filter((one) => one.module === module && one.id === Number(id));
  }
  const [first = '', ...rest] = query.trim().split(/\s+/);
  const ofModule = all.filter(({ module }) => module === first);
  if (ofModule.length === 0) return all.filter(isSaidIn(query.trim()));
  return rest.length === 0 ? ofModule : ofModule.filter(isSaidIn(rest.join(' ')));
}
