/**
 * What a message means, and what to do about it: the whole catalogue, with explanations.json. No
 * program of a server loads this; they carry about what they raise.
 *
 *     explain('rc 32')                        module and id
 *     explain('md 81')                        type and code of a failure
 *     explain('liscal mirror break')          a module, and words of the message
 *     explain('… Server server2 down.')       a line as it stands in a log
 */
import type { FailureRow } from '../schema/generated/failure-words.ts';
import type { MessageRow } from '../schema/generated/message-catalogue.ts';
import type { ExplainedMessage, MessageSaying } from '../schema/generated/reports/explanation.ts';
import driver from './driver.json' with { type: 'json' };
import explanations from './explanations.json' with { type: 'json' };
import failures from './failures.json' with { type: 'json' };
import own from './own.json' with { type: 'json' };
import v3 from './v3.json' with { type: 'json' };
import x5 from './x5.json' with { type: 'json' };

type Means = Pick<ExplainedMessage, 'means' | 'remedy'>;
type Source = ExplainedMessage['source'];

const UNEXPLAINED: Means = { means: null, remedy: null };
/** Literal characters that a template must have, to be found in a line by its shape. */
const LEAST_SHAPE = 8;

/** `rc 240-247` → [rc, 240, 247]. */
function rangeOf(of: string): [module: string, first: number, last: number] {
  const [module = '', ids = ''] = of.split(' ');
  const [first = '', last = first] = ids.split('-');
  return [module, Number(first), Number(last)];
}

function meansOfEvent(module: string, id: number | undefined): Means {
  const found = explanations.events.find(({ of }) =>
    of.map(rangeOf).some(([name, first, last]) => name === module && id! >= first && id! <= last),
  );
  return found ? { means: found.means, remedy: found.remedy } : UNEXPLAINED;
}

function meansOfText(rows: readonly ({ like: string } & Means)[], text: string): Means {
  const found = rows.find(({ like }) => new RegExp(like).test(text));
  return found ? { means: found.means, remedy: found.remedy } : UNEXPLAINED;
}

function sayingOf(generations: MessageSaying['generations'], row: MessageRow): MessageSaying {
  return { generations, level: row.level, to: row.to, text: row.text };
}

/** One entry for each module and id: both generations' words in it. A template may stand twice. */
function events(): ExplainedMessage[] {
  const made = new Map<string, ExplainedMessage>();
  const take = (source: Source, row: MessageRow, generations: MessageSaying['generations']) => {
    const { module, id } = row;
    const name = `${module} ${id}`;
    const means = meansOfEvent(module, id);
    const entry = made.get(name) ?? { source, module, id: id ?? null, sayings: [], ...means };
    const said = entry.sayings.find(
      ({ text, level, to }) => text === row.text && level === row.level && `${to}` === `${row.to}`,
    );
    if (said) said.generations = [...new Set([...said.generations, ...generations])];
    else entry.sayings.push(sayingOf(generations, row));
    made.set(name, entry);
  };
  for (const row of v3 as MessageRow[]) take('event', row, ['v3']);
  for (const row of x5 as MessageRow[]) take('event', row, ['x5']);
  for (const row of own as MessageRow[]) take('drydock', row, ['v3', 'x5']);
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
      sayings: [sayingOf(both, row)],
      ...meansOfText(explanations.driver, row.text),
    }),
  );
  const ofFailures = (failures as FailureRow[]).map(
    ({ type = null, code = null, text }): ExplainedMessage => ({
      source: 'failure',
      module: type,
      id: code,
      sayings: [{ generations: both, level: null, to: [], text }],
      ...meansOfText(explanations.failures, text),
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
