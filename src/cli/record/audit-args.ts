/** What the `audit` verbs are given: parts of the record, anchors, people who may sign. */
import type { Part } from '../../audit/index.ts';
import { badInput } from '../../core/errors.ts';
import type { Trust } from '../../ports/signatures.ts';
import type { Args } from '../verbs/args.ts';
import { readText } from '../words/reading.ts';

export function wordsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function linesIn(file: unknown): string[] {
  if (typeof file !== 'string') return [];
  return readText(file)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** null: nobody was named, so signatures are not looked at. */
export function trustFrom(args: Args): Trust | null {
  if (typeof args.signers !== 'string') return null;
  return { signers: linesIn(args.signers), revoked: linesIn(args.revoked) };
}

function numberOf(value: unknown, option: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw badInput(`--${option} wants the number of an entry`, {
    code: 'usage',
    remedy: `write --${option} 12; \`drydock audit show\` has the numbers`,
  });
}

export function partFrom(args: Args): Part {
  const from = numberOf(args.from, 'from');
  const to = numberOf(args.to, 'to');
  if (from !== undefined && to !== undefined && from > to) {
    throw badInput(`--from ${from} stands behind --to ${to}`, {
      code: 'usage',
      remedy: 'give the smaller number to --from',
    });
  }
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(typeof args.run === 'string' && { run: args.run }),
    ...(typeof args.window === 'string' && { window: args.window }),
  };
}
