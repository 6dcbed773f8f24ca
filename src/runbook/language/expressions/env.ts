/**
 * The functions and operators of the expressions: CEL's own, its text functions, ours. Every one
 * of them is wrapped by the same guard, so that those of a later version are guarded too:
 *
 *   - an argument that holds something unknown (a map with an unknown value) is unknown itself;
 *     functions that only look at its outside (`size`, `in` a map, `.on`) are named here
 *   - null where something is needed is unknown too
 *   - a number that is none (NaN, Infinity) is an error
 *   - calls are counted, and what they give has a greatest length (expressions-budget.ts)
 */
import {
  type CelFunc,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { MOST_LENGTH, spend } from './budget.ts';
import { vocabulary } from './functions.ts';
import { arithmetic } from './numbers.ts';
import { unknownError } from './values.ts';

/** Characters or items that are looked at in the time of one step. */
const LENGTH_OF_A_STEP = 64;

/** What looks at names and numbers of a container, or puts it in another, and not at what is in it. */
const OUTSIDE_ONLY = new Set(['size', 'on', 'asSaid', 'isSaid', '_+_']);

function isOutsideOnly(name: string, args: readonly unknown[]): boolean {
  return OUTSIDE_ONLY.has(name) || (name === '@in' && isCelMap(args[1]));
}

/** The first error value inside a list or a map; null when there is none. Every item is paid. */
function unknownWithin(value: unknown): unknown {
  if (isCelError(value)) return value;
  if (!isCelList(value) && !isCelMap(value)) return null;
  if (!spend(Math.floor(value.size / LENGTH_OF_A_STEP) + 1)) throw new Error('budget spent');
  for (const item of value.values()) {
    const found = unknownWithin(item);
    if (found !== null) return found;
  }
  return null;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return isCelList(value) ? value.size : 0;
}

function sound(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${name} gives no number`);
  }
  if (lengthOf(value) > MOST_LENGTH)
    throw new Error(`${name} gives more than ${MOST_LENGTH} items`);
  return value;
}

/** Methods that look for one text in another, letter by letter in the worst case. */
const SEARCHING = new Set(['indexOf', 'lastIndexOf', 'contains', 'replace', 'split']);

/** Cost of a pattern: it is compiled each time, and `{n}` writes out what it repeats. */
function costOfPattern(pattern: string): number {
  const repeats = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  const times = repeats.reduce((sum, [, least, most]) => sum + Number(most || least), 1);
  return pattern.length * times;
}

/** What a call costs beside the walk through its values. */
function costOf(name: string, on: unknown, args: readonly unknown[]): number {
  const lengths = [on, ...args].map(lengthOf);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const cost = (name === 'format' ? 20 : 1) + Math.floor(all / LENGTH_OF_A_STEP);
  const [text = 0, part = 0] = lengths;
  if (SEARCHING.has(name)) return cost + Math.floor((text * part) / LENGTH_OF_A_STEP ** 2);
  if (name !== 'matches') return cost;
  return costOfPattern(String(args[0])) * (1 + Math.floor(text / LENGTH_OF_A_STEP));
}

/** `replace` of every letter by a long text would fill the memory before its result is seen. */
function checkGrowth(name: string, target: unknown, args: readonly unknown[]): void {
  if (name !== 'replace' && name !== 'join') return;
  const times = lengthOf(target) + 1;
  const each = Math.max(...args.map(lengthOf), 0);
  if (times * each > MOST_LENGTH * 10) throw new Error(`${name} gives too long a text`);
}

function guarded(original: CelFunc): CelFunc {
  const { name, target, arguments: wanted, result } = original;
  const act = (on: unknown, args: unknown[]): never => {
    if (!spend(costOf(name, on, args))) throw new Error('budget spent');
    if (!isOutsideOnly(name, args)) {
      for (const value of [on, ...args]) {
        const unknown = value === undefined ? null : unknownWithin(value);
        if (unknown !== null) throw unknown;
      }
    }
    if (name === 'format' && isCelList(args[0]) && [...args[0]].includes(null)) {
      throw noneOf(name);
    }
    checkGrowth(name, on, args);
    const value = original.call(0, on as CelValue, args as CelValue[]);
    if (isCelError(value)) throw value;
    return sound(name, value) as never;
  };
  if (target === undefined) {
    return celFunc(name, wanted as never, result, (...args: unknown[]) => act(undefined, args));
  }
  return celMethod(name, target, wanted as never, result, function (this: unknown, ...args) {
    return act(this, args as unknown[]);
  });
}

/** Lists are joined flat: a list made of a thousand lists would be walked a thousand deep. */
const joinLists = (add: CelFunc): CelFunc =>
  celFunc('_+_', add.arguments as never, add.result, (...[left, right]: unknown[]) => {
    const items = [left, right].flatMap((list) => [...(list as Iterable<unknown>)]);
    return celList(items as never) as never;
  });

/** "None" was given where something is needed: nothing can be said about it. */
function noneOf(name: string): Error {
  return unknownError(`'${name.replace(/[_@]/g, '')}'`, 'what it needs is none (null)');
}

/** What is asked last, when no form of a function takes the values: one of them may be null. */
function lastResorts(functions: CelFunc[]): CelFunc[] {
  const forms = new Map<string, CelFunc>();
  for (const one of functions) {
    forms.set(`${one.target ? '.' : ''}${one.name}/${one.arguments.length}`, one);
  }
  return [...forms.values()].map(({ name, target, arguments: { length } }) => {
    const refuse = (values: unknown[]): never => {
      if (values.includes(null)) throw noneOf(name);
      throw new Error(`found no matching overload for '${name}'`);
    };
    const any = Array(length).fill(CelScalar.DYN);
    if (!target) return celFunc(name, any, CelScalar.DYN, (...values: unknown[]) => refuse(values));
    return celMethod(name, CelScalar.DYN, any, CelScalar.DYN, function (this: unknown, ...args) {
      return refuse([this, ...args]);
    });
  });
}

function guardedFunctions(): CelFunc[] {
  const base = celEnv({ funcs: [...strings, ...arithmetic, ...vocabulary] });
  const all = [...base.funcs].map((one) => {
    const isListSum = one.name === '_+_' && one.arguments[0]?.kind === 'list';
    return guarded(isListSum ? joinLists(one) : one);
  });
  const ids = new Set(all.map(({ id }) => id));
  return [...all, ...lastResorts(all).filter(({ id }) => !ids.has(id))];
}

/** Put into the condition of every loop by expressions-rewrite.ts. */
const withinBudget = celFunc('withinBudget', [CelScalar.INT], CelScalar.BOOL, (cost) =>
  spend(Number(cost)),
);

export const env = celEnv({ funcs: [...guardedFunctions(), withinBudget] });
