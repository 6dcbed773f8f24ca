/**
 * Arithmetic as a runbook's author means it: whole and decimal numbers mix, and what has no sound
 * value is an error instead of NaN, Infinity, or a rest that is lost without a word.
 */
import { CelScalar, celFunc } from '@bufbuild/cel';

const { DOUBLE, INT, STRING } = CelScalar;

/** A whole number as a decimal one, when it has that very value. */
function exact(whole: bigint): number {
  if (BigInt(Number(whole)) === whole) return Number(whole);
  throw new Error(`${whole} is too large for a decimal number`);
}

const mixed = (name: string, act: (left: number, right: number) => number) => [
  celFunc(name, [INT, DOUBLE], DOUBLE, (a, b) => act(exact(a), b)),
  celFunc(name, [DOUBLE, INT], DOUBLE, (a, b) => act(a, exact(b))),
];

function divideWhole(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new Error(`${left} cannot be divided by 0`);
  if (left % right === 0n) return left / right;
  throw new Error(`${left} / ${right} is no whole number; double(…) / … gives a decimal one`);
}

function wholeFrom(text: string): bigint {
  if (!/^[+-]?\d{1,18}$/.test(text)) throw new Error(`'${text}' is no whole number`);
  return BigInt(text.replace(/^\+/, ''));
}

function decimalFrom(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw new Error(`'${text}' is no number`);
  }
  return Number(text);
}

export const arithmetic = [
  ...mixed('_+_', (a, b) => a + b),
  ...mixed('_-_', (a, b) => a - b),
  ...mixed('_*_', (a, b) => a * b),
  ...mixed('_/_', (a, b) => a / b),
  celFunc('_/_', [INT, INT], INT, divideWhole),
  celFunc('int', [STRING], INT, wholeFrom),
  celFunc('double', [INT], DOUBLE, exact),
  celFunc('double', [STRING], DOUBLE, decimalFrom),
];
