/**
 * Walks through a runbook's steps as a run may take them: every condition holds or not, and those
 * that are about the same thing agree (`a`, `!a`; `x == 'A'`, `x != 'A'`; a choice has one option).
 * What pictures are held against.
 */
import { conjunctsOf } from '../../src/runbook/plan/graph-blocks.ts';
import type { StepView } from '../../src/runbook/plan/graph-model.ts';

type Draw = (among: number) => number;

const COMPARED = /^(.+?) (==|!=) ('[^']*'|-?\d+|true|false)$/;

function negated(text: string): string {
  const [, left, sign, right] = COMPARED.exec(text) ?? [];
  if (left !== undefined) return `${left} ${sign === '==' ? '!=' : '=='} ${right}`;
  return text.startsWith('!') ? conjunctsOf(text.slice(1)).join(' && ') : `!${text}`;
}

/** Values that something is compared with, by what it is, and one that is none of them. */
function valuesOf(steps: readonly StepView[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { when, id, options } of steps) {
    if (options.length > 0)
      values.set(
        `chosen('${id}')`,
        options.map((one) => `'${one}'`),
      );
    for (const atom of when === null ? [] : conjunctsOf(when)) {
      const [, left = '', , right = ''] = COMPARED.exec(atom) ?? [];
      if (left === '' || values.get(left)?.includes(right)) continue;
      if (left.startsWith('chosen(') && values.has(left)) continue;
      values.set(left, [...(values.get(left) ?? ['another']), right]);
    }
  }
  return values;
}

export function walkThrough(steps: readonly StepView[], draw: Draw): string[] {
  const values = valuesOf(steps);
  const decided = new Map<string, string>();
  const holds = (atom: string): boolean => {
    const [, left = '', sign, right] = COMPARED.exec(atom) ?? [];
    if (left !== '') {
      const among = values.get(left) ?? ['another'];
      const value = decided.get(left) ?? among[draw(among.length)]!;
      decided.set(left, value);
      return (value === right) === (sign === '==');
    }
    if (atom.startsWith('!')) return !conjunctsOf(atom.slice(1)).every(holds);
    const [, list, name, inner] = /^(.+)\.all\((\w+), (.+)\)$/.exec(atom) ?? [];
    if (inner !== undefined) return !holds(`${list}.exists(${name}, ${negated(inner)})`);
    const value = decided.get(atom) ?? String(draw(2));
    decided.set(atom, value);
    return value === '1';
  };
  return steps
    .filter(({ when }) => when === null || conjunctsOf(when).every(holds))
    .map(({ id }) => id);
}
