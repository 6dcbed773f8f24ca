/**
 * Expressions as people say them, for those who read a runbook and write none:
 *
 *     servers.all(s, s.state == 'Online')      the state of every server is Online
 *     active(md) == null                       md is active nowhere
 *
 * It is for reading only; what decides is the expression. One that has no words here is shown as it
 * stands, whole.
 */
import { parse } from '@bufbuild/cel';
import { parseTemplate } from '../template-parse.ts';
import type { Expr } from './tree.ts';
import { FIELDS, HOLDS, NAMES, NOUNS, SINGULAR } from './words.ts';

/** There are no words for it. */
class Untold extends Error {}

type Macros = Record<string, Expr>;

/** `loops`: names that loops bind, and how they are said. */
interface Telling {
  macros: Macros;
  loops: ReadonlyMap<string, string>;
}

interface Call {
  name: string;
  target: Expr | undefined;
  args: Expr[];
}

function camelWords(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function listed(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words[0] ?? 'none';
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** The node, or what was written where the parser put in a loop. */
function asWritten({ macros }: Telling, expr: Expr): Expr {
  return macros[String(expr.id)] ?? expr;
}

function callOf(telling: Telling, expr: Expr): Call | null {
  const { exprKind } = asWritten(telling, expr);
  if (exprKind.case !== 'callExpr') return null;
  const { function: name, target, args } = exprKind.value;
  return { name, target, args };
}

function constantOf(expr: Expr): string | number | bigint | boolean | null | undefined {
  if (expr.exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = expr.exprKind.value;
  if (constantKind.case === 'nullValue') return null;
  return constantKind.value as string | bigint | boolean;
}

function constantWords(value: ReturnType<typeof constantOf>): string {
  if (value === null) return 'none';
  if (typeof value !== 'string') return String(value);
  return /^[\w./@-][\w ./@-]*$/.test(value) ? value : `“${value}”`;
}

function identifierOf(expr: Expr): string | null {
  return expr.exprKind.case === 'identExpr' ? expr.exprKind.value.name : null;
}

function selectOf(telling: Telling, expr: Expr) {
  const { exprKind } = asWritten(telling, expr);
  if (exprKind.case !== 'selectExpr' || !exprKind.value.operand) return null;
  return { operand: exprKind.value.operand, field: exprKind.value.field };
}

function some<T>(value: T | undefined): T {
  if (value === undefined) throw new Untold();
  return value;
}

const ARITHMETIC: Record<string, string> = {
  '_+_': 'plus',
  '_-_': 'minus',
  '_*_': 'times',
  '_/_': 'divided by',
  '_%_': 'modulo',
};
/** Said as their argument: what they change is how it is kept. */
const SAME = new Set(['int', 'double', 'string', 'dyn', 'join', 'trim', 'lowerAscii']);

function looped(telling: Telling, name: string, words: string): Telling {
  return { ...telling, loops: new Map([...telling.loops, [name, words]]) };
}

const isText = (expr: Expr | undefined) => typeof (expr && constantOf(expr)) === 'string';

/** A part of a text that is put together. */
function textOr(telling: Telling, expr: Expr): string {
  const value = constantOf(expr);
  return typeof value === 'string' ? value.trim() : noun(telling, expr);
}

function listNoun(telling: Telling, list: Expr): { one: string; of: string; all: string } {
  const name = identifierOf(list);
  const one = name === null ? undefined : SINGULAR[name];
  if (one !== undefined) return { one, of: '', all: `the ${name}` };
  const all = noun(telling, list);
  const select = selectOf(telling, list);
  const kind = select ? SINGULAR[select.field] : undefined;
  if (select && kind) return { one: kind, of: ` of ${noun(telling, select.operand)}`, all };
  return { one: 'one', of: ` of ${all}`, all };
}

function loopOf({ target, args }: Call) {
  const [variable, condition] = args;
  return {
    list: some(target),
    name: some(identifierOf(some(variable)) ?? undefined),
    condition: some(condition),
  };
}

function callNoun(telling: Telling, call: Call): string {
  const { name, target, args } = call;
  const [first, second, third] = args;
  const say = (expr: Expr | undefined) => noun(telling, some(expr));
  if (name === '_+_' && [first, second].some((one) => isText(one))) {
    return [first, second].map((one) => textOr(telling, some(one))).join(' ');
  }
  if (ARITHMETIC[name]) return `${say(first)} ${ARITHMETIC[name]} ${say(second)}`;
  if (SAME.has(name)) return noun(telling, some(target ?? first));
  if (name === 'size') return `the number of ${bare(noun(telling, some(target ?? first)))}`;
  if (name === '_?_:_') {
    return `${say(second)} if ${clause(telling, some(first))}, else ${say(third)}`;
  }
  if (name === 'on') return `${noun(telling, some(target))} on ${say(first)}`;
  if (name === '_[_]') return itemNoun(telling, some(first), some(second));
  if (name === 'filter') {
    const { list, name: variable, condition } = loopOf(call);
    const { all } = listNoun(telling, list);
    const inner = looped(telling, variable, variable);
    return `${all} ${variable} for which ${clause(inner, condition)}`;
  }
  if (name === 'map') {
    const { list, name: variable, condition } = loopOf(call);
    const { one, of, all } = listNoun(telling, list);
    const isName = selectOf(telling, condition)?.field === 'name';
    return isName ? all : noun(looped(telling, variable, `every ${one}${of}`), condition);
  }
  if (name === 'split') return `the names in ${noun(telling, some(target))}`;
  const words = NOUNS[name];
  if (!words) throw new Untold();
  return withArticle(words.replaceAll(/\{(\d)\}/g, (_all, at: string) => say(args[Number(at)])));
}

/** `server the first server`, `server this server` and `server server` say it twice. */
function withArticle(words: string): string {
  const [, head, rest = ''] = /^(server|group|resource|monitor|mirror) (.*)$/.exec(words) ?? [];
  if (head === undefined) return words;
  if (rest === head) return `the ${head}`;
  return /^(the|this|every|some|no) /.test(rest) ? rest : words;
}

/** Without its article: after “the number of”. */
function bare(words: string): string {
  return words.replace(/^the /, '');
}

function itemNoun(telling: Telling, list: Expr, key: Expr): string {
  const value = constantOf(key);
  if (typeof value === 'bigint') {
    const which = value === 0n ? 'first' : `number ${value + 1n}`;
    const name = identifierOf(list);
    const one = name === null ? undefined : SINGULAR[name];
    return one ? `the ${which} ${one}` : `the ${which} of ${noun(telling, list)}`;
  }
  const select = selectOf(telling, list);
  if (!select) {
    const [item, all] = [noun(telling, key), noun(telling, list)];
    return item.endsWith(` of ${all}`) ? item : `${item} of ${all}`;
  }
  const { operand, field } = select;
  const said = SINGULAR[field] ?? FIELDS[field] ?? camelWords(field);
  const of = identifierOf(operand) === 'cluster' ? null : noun(telling, operand);
  const item = noun(telling, key);
  return of === null ? `the ${said} of ${item}` : `the ${said} ${item} of ${of}`;
}

function noun(telling: Telling, given: Expr): string {
  const expr = asWritten(telling, given);
  const constant = constantOf(expr);
  if (constant !== undefined) return constantWords(constant);
  const name = identifierOf(expr);
  if (name !== null) {
    return telling.loops.get(name) ?? (SINGULAR[name] ? `the ${name}` : (NAMES[name] ?? name));
  }
  if (expr.exprKind.case === 'listExpr') {
    return listed(
      expr.exprKind.value.elements.map((one) => noun(telling, one)),
      'or',
    );
  }
  const select = selectOf(telling, expr);
  if (select) {
    const { operand, field } = select;
    const owner = identifierOf(operand);
    if (owner === 'before') return `the earlier ${camelWords(field)}`;
    if (field === 'name') return noun(telling, operand);
    return `the ${FIELDS[field] ?? camelWords(field)} of ${noun(telling, operand)}`;
  }
  const call = callOf(telling, expr);
  if (call) return isClause(call.name) ? clause(telling, expr) : callNoun(telling, call);
  throw new Untold();
}

const BETWEEN: Record<string, [is: string, isNot: string]> = {
  '_<_': ['is below', 'is at least'],
  '_<=_': ['is at most', 'is above'],
  '_>_': ['is above', 'is at most'],
  '_>=_': ['is at least', 'is below'],
  startsWith: ['begins with', 'does not begin with'],
  endsWith: ['ends with', 'does not end with'],
  contains: ['contains', 'does not contain'],
  matches: ['matches', 'does not match'],
};

const JOINED = new Set(['_&&_', '_||_']);
const CLAUSES = new Set([
  ...['_==_', '_!=_', '@in', '_in_', '!_', 'all', 'exists', 'exists_one', 'has'],
  ...Object.keys(BETWEEN),
  ...JOINED,
]);
const isClause = (name: string) => CLAUSES.has(name);

/** A side of `and` or `or`; one that is joined otherwise is put between brackets. */
function side(telling: Telling, expr: Expr, within: string, isNot: boolean): string {
  const call = callOf(telling, expr);
  const words = clause(telling, expr, isNot);
  const isOther = call !== null && JOINED.has(call.name) && call.name !== within;
  return isOther || words.startsWith('for ') ? `(${words})` : words;
}

/** `a == b` in words; `null` is said as absence. */
function equality(telling: Telling, [left, right]: [Expr, Expr], isNot: boolean): string {
  const call = callOf(telling, left);
  const value = constantOf(right);
  if (call?.name === 'chosen') {
    const step = noun(telling, some(call.args[0]));
    return `${noun(telling, right)} was ${isNot ? 'not ' : ''}chosen at ${step}`;
  }
  if (value === null && call?.name === 'active') {
    const what = noun(telling, some(call.args[0]));
    return isNot ? `${what} is active somewhere` : `${what} is active nowhere`;
  }
  if (call?.name === 'active') {
    const [what, where] = [noun(telling, some(call.args[0])), noun(telling, right)];
    return `${what} is ${isNot ? 'not ' : ''}active on ${where}`;
  }
  if (value === null) return `${noun(telling, left)} is ${isNot ? 'there' : 'not there'}`;
  if (typeof value === 'boolean') return clause(telling, left, isNot === value);
  if (value === '') return `${noun(telling, left)} is ${isNot ? 'not empty' : 'empty'}`;
  return `${noun(telling, left)} is ${isNot ? 'not ' : ''}${noun(telling, right)}`;
}

function membership(telling: Telling, [item, list]: [Expr, Expr], isNot: boolean): string {
  const said = noun(telling, item);
  if (asWritten(telling, list).exprKind.case !== 'listExpr') {
    return `${said} is ${isNot ? 'not ' : ''}among ${noun(telling, list)}`;
  }
  const words = noun(telling, list);
  return `${said} is ${isNot ? 'neither ' : ''}${isNot ? words.replaceAll(/,? or /g, ' nor ') : words}`;
}

function usesOf(telling: Telling, given: Expr, name: string): number {
  const expr = asWritten(telling, given);
  if (identifierOf(expr) === name) return 1;
  const call = callOf(telling, expr);
  const select = selectOf(telling, expr);
  const { exprKind } = expr;
  const below = [
    ...(call ? [call.target, ...call.args] : []),
    ...(select ? [select.operand] : []),
    ...(exprKind.case === 'listExpr' ? exprKind.value.elements : []),
  ];
  return below.reduce((sum, one) => sum + (one ? usesOf(telling, one, name) : 0), 0);
}

/** `all` and `exists`: what is said of one thing is said with “every”, “some” or “no” before it. */
function quantified(telling: Telling, call: Call, isNot: boolean): string {
  const { list, name, condition } = loopOf(call);
  const { one, of } = listNoun(telling, list);
  const isAll = call.name === 'all';
  const isOnce = usesOf(telling, condition, name) === 1;
  // Of all not: of some not. That none is so: of no one it is.
  const word = isAll ? (isNot ? 'some' : 'every') : isNot ? 'no' : 'some';
  const inner = isAll && isNot;
  if (isOnce) return clause(looped(telling, name, `${word} ${one}${of}`), condition, inner);
  const said = clause(looped(telling, name, name), condition, inner);
  return `for ${word} ${one} ${name}${of}: ${said}`;
}

/** What stands for itself: a parameter, or a field that is yes or no. */
function plain(telling: Telling, expr: Expr, isNot: boolean): string {
  const select = selectOf(telling, expr);
  if (!select) return `${isNot ? 'not ' : ''}${noun(telling, expr)}`;
  const { operand, field } = select;
  const owner = noun(telling, operand);
  const [holds, doesNot] = HOLDS[field] ?? [
    `is ${camelWords(field)}`,
    `is not ${camelWords(field)}`,
  ];
  return `${owner} ${isNot ? doesNot : holds}`;
}

function clause(telling: Telling, given: Expr, isNot = false): string {
  const expr = asWritten(telling, given);
  const call = callOf(telling, expr);
  if (!call) return plain(telling, expr, isNot);
  const { name, target, args } = call;
  const [left, right] = args;
  if (JOINED.has(name)) {
    const isAnd = (name === '_&&_') !== isNot;
    const sides = [left, right].map((one) => side(telling, some(one), name, isNot));
    return sides.join(isAnd ? ' and ' : ' or ');
  }
  if (name === '!_') return clause(telling, some(left), !isNot);
  if (name === '_==_') return equality(telling, [some(left), some(right)], isNot);
  if (name === '_!=_') return equality(telling, [some(left), some(right)], !isNot);
  if (name === '@in' || name === '_in_') {
    return membership(telling, [some(left), some(right)], isNot);
  }
  if (name === 'all' || name === 'exists') return quantified(telling, call, isNot);
  const between = BETWEEN[name];
  if (between) {
    const [subject, object] = target ? [target, some(left)] : [some(left), some(right)];
    const verb = between[isNot ? 1 : 0];
    return `${noun(telling, subject)} ${verb} ${noun(telling, object)}`;
  }
  if (name === 'has') return `${noun(telling, some(left))} is ${isNot ? 'not known' : 'known'}`;
  if (name === '_?_:_') {
    return `${clause(telling, some(right), isNot)} if ${clause(telling, some(left))}, else ${clause(telling, some(args[2]), isNot)}`;
  }
  throw new Untold();
}

function told(expression: string, say: (telling: Telling, expr: Expr) => string): string {
  try {
    const { expr, sourceInfo } = parse(expression);
    const macros = (sourceInfo?.macroCalls ?? {}) as Macros;
    return say({ macros, loops: new Map() }, some(expr));
  } catch {
    return expression.replaceAll(/\s+/g, ' ').trim();
  }
}

/** A condition in words. */
export function conditionInWords(expression: string): string {
  return told(expression, (telling, expr) => clause(telling, expr));
}

/** What an expression gives, in words. */
export function valueInWords(expression: string): string {
  return told(expression, noun);
}

/** A text with the words of what is put in: a name stays `{name}`. */
export function templateInWords(template: string): string {
  try {
    return parseTemplate(template)
      .map((part) => ('text' in part ? part.text : `{${valueInWords(part.expression)}}`))
      .join('');
  } catch {
    return template;
  }
}
