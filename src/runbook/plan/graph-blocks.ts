/**
 * Steps and their conditions as blocks, for a picture: what stands under one condition is one
 * branch, and branches of which at most one is taken are one block. So a picture grows with the
 * steps, where a line around each step that may be left out would grow with their square.
 */

export interface Conditioned {
  /** CEL; null: always taken. */
  when: string | null;
}

export interface Branch<Step> {
  /** Conditions that all have to hold. */
  when: string[];
  blocks: Block<Step>[];
}

/** `isWhole`: one of them is taken in any case. */
export type Block<Step> = { step: Step } | { branches: Branch<Step>[]; isWhole: boolean };

/** Where brackets and quotes are closed, what lies between `&&`, without brackets around it. */
export function conjunctsOf(condition: string): string[] {
  const text = withoutBrackets(condition.trim());
  const parts: string[] = [];
  let from = 0;
  for (const at of topLevel(text)) {
    if (text.startsWith('||', at) || text.startsWith('?', at)) return [text];
    if (!text.startsWith('&&', at)) continue;
    parts.push(text.slice(from, at));
    from = at + 2;
  }
  if (parts.length === 0) return [text];
  return [...parts, text.slice(from)].flatMap(conjunctsOf);
}

/** Positions outside of any brackets and quotes. */
function* topLevel(text: string): Generator<number> {
  let depth = 0;
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== null) {
      if (char === '\\') at++;
      else if (char === quote) quote = null;
    } else if (char === "'" || char === '"') quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (depth === 0) yield at;
  }
}

function withoutBrackets(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  const [first] = topLevel(text);
  return first === undefined ? withoutBrackets(text.slice(1, -1).trim()) : text;
}

const COMPARISON = /^(.+?)\s*(==|!=)\s*('[^']*'|-?\d+|true|false)$/;

/** The condition that holds exactly where this one does not, where its form tells. */
function oppositeOf(text: string): string | null {
  const [, left, sign, right] = COMPARISON.exec(text) ?? [];
  if (left !== undefined) return `${left} ${sign === '==' ? '!=' : '=='} ${right}`;
  if (/^[\w.]+$/.test(text)) return `!${text}`;
  if (text.startsWith('!')) return withoutBrackets(text.slice(1).trim());
  const [, list, loop, name, inner] = /^(.+)\.(exists|all)\((\w+), (.+)\)$/.exec(text) ?? [];
  if (inner === undefined) return null;
  const opposite = oppositeOf(inner);
  return opposite && `${list}.${loop === 'all' ? 'exists' : 'all'}(${name}, ${opposite})`;
}

function areOpposite(a: string, b: string): boolean {
  return oppositeOf(a) === b || oppositeOf(b) === a || a === `!(${b})` || b === `!(${a})`;
}

function exclude(a: string, b: string): boolean {
  if (areOpposite(a, b)) return true;
  const [, left, sign, value] = COMPARISON.exec(a) ?? [];
  const [, other, otherSign, otherValue] = COMPARISON.exec(b) ?? [];
  return (
    left !== undefined &&
    left === other &&
    sign === '==' &&
    otherSign === '==' &&
    value !== otherValue
  );
}

function areExclusive(a: Branch<unknown>, b: Branch<unknown>): boolean {
  return a.when.some((one) => b.when.some((other) => exclude(one, other)));
}

interface Open<Step> {
  step: Step;
  left: string[];
}

/** Options of a choice, by step: where all of them have a branch, one is taken. */
export type Options = ReadonlyMap<string, readonly string[]>;

function isWhole(branches: readonly Branch<unknown>[], options: Options): boolean {
  const alone = branches.map(({ when }) => (when.length === 1 ? when[0]! : null));
  const [first, second] = alone;
  if (alone.length === 2 && first && second && areOpposite(first, second)) return true;
  const chosen = alone.map((one) => /^chosen\('([^']+)'\) == '([^']*)'$/.exec(one ?? ''));
  const known = options.get(chosen[0]?.[1] ?? '');
  const isOfOne = chosen.every((one) => one !== null && one[1] === chosen[0]?.[1]);
  const isCovered = known?.every((one) => chosen.some((it) => it?.[2] === one));
  return isOfOne && isCovered === true;
}

/** A branch that holds nothing but another one is one branch. */
function flat<Step>({ when, blocks }: Branch<Step>): Branch<Step> {
  const [only] = blocks;
  if (blocks.length !== 1 || !only || 'step' in only || only.branches.length !== 1) {
    return { when, blocks };
  }
  const [inner] = only.branches as [Branch<Step>];
  return { when: [...when, ...inner.when], blocks: inner.blocks };
}

function group<Step>(steps: readonly Open<Step>[], options: Options): Block<Step>[] {
  const blocks: Block<Step>[] = [];
  for (let at = 0; at < steps.length; ) {
    const { step, left } = steps[at]!;
    const [shared] = left;
    if (shared === undefined) {
      blocks.push({ step });
      at++;
      continue;
    }
    const end = steps.findIndex((one, index) => index > at && !one.left.includes(shared));
    const run = steps.slice(at, end < 0 ? undefined : end);
    const inner = run.map((one) => ({ ...one, left: one.left.filter((it) => it !== shared) }));
    const branch = flat({ when: [shared], blocks: group(inner, options) });
    const last = blocks.at(-1);
    if (last && 'branches' in last && last.branches.every((one) => areExclusive(one, branch))) {
      last.branches.push(branch);
    } else blocks.push({ branches: [branch], isWhole: false });
    at += run.length;
  }
  return blocks.map((block) =>
    'step' in block ? block : { ...block, isWhole: isWhole(block.branches, options) },
  );
}

export function blocksOf<Step extends Conditioned>(
  steps: readonly Step[],
  options: Options,
): Block<Step>[] {
  return group(
    steps.map((step) => ({ step, left: step.when === null ? [] : conjunctsOf(step.when) })),
    options,
  );
}
