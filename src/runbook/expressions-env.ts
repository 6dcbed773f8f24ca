/**
 * The functions and operators of the expressions: CEL's own, its text functions, ours. Every one
 * of them is wrapped by the same guard, so that those of a later version are guarded too:
 *
 *   - an argument that holds something unknown (a map with an unknown value) is unknown itself;
 *     functions that only look at its outside (`size`, `in` a map, `.on`) are named here
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
import { MOST_LENGTH, spend } from './expressions-budget.ts';
import { vocabulary } from './expressions-functions.ts';
import { arithmetic } from './expressions-numbers.ts';

/** Characters or items that are looked at in the time of a turn. */
const LENGTH_OF_A_TURN = 64;

/** What looks at names and numbers of a container, or puts it in another, and not at what is in it. */
const OUTSIDE_ONLY = new Set(['size', 'on', 'asSaid', '_+_']);

function isOutsideOnly(name: string, args: readonly unknown[]): boolean {
  return OUTSIDE_ONLY.has(name) || (name === '@in' && isCelMap(args[1]));
}

/** The first error value inside a list or a map; null when there is none. */
function unknownWithin(value: unknown): unknown {
  if (isCelError(value)) return value;
  if (!isCelList(value) && !isCelMap(value)) return null;
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
    const length = lengthOf(on) + args.reduce<number>((sum, value) => sum + lengthOf(value), 0);
    if (!spend(1 + Math.floor(length / LENGTH_OF_A_TURN))) throw new Error('out of turns');
    if (!isOutsideOnly(name, args)) {
      for (const value of [on, ...args]) {
        const unknown = value === undefined ? null : unknownWithin(value);
        if (unknown !== null) throw unknown;
      }
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

function guardedFunctions(): CelFunc[] {
  const base = celEnv({ funcs: [...strings, ...arithmetic, ...vocabulary] });
  return [...base.funcs].map((one) => {
    const isListSum = one.name === '_+_' && one.arguments[0]?.kind === 'list';
    return guarded(isListSum ? joinLists(one) : one);
  });
}

/** Put into the condition of every loop by expressions-rewrite.ts. */
const withinBudget = celFunc('withinBudget', [], CelScalar.BOOL, () => spend());

export const env = celEnv({ funcs: [...guardedFunctions(), withinBudget] });
