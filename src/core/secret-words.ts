/**
 * Which words of a command line are secrets by what stands before them, whoever gives it: the value
 * of an option whose name says so (`--password VALUE`), and that of a place in a configuration whose
 * last step does (`clpcfset add fncparam bmc parameters/password VALUE`). In doubt a word is one.
 */
import type { SecretPlace } from './secrets.ts';
import { maskOf, type Sealed } from './secrets.ts';

const NAME = String.raw`[\w-]*(password|passwd|passphrase|secret|token|credential)[\w-]*`;
const OPTION = new RegExp(`^--?${NAME}$`, 'i');
const PLACE = new RegExp(String.raw`^[\w@./-]*/${NAME}$`, 'i');

/** Whether the name of an option, or of a place in a configuration, says that a secret follows. */
export function announcesSecret(word: string): boolean {
  return OPTION.test(word) || PLACE.test(word);
}

/** Their indices. */
export function secretWords(argv: readonly string[]): number[] {
  return argv.flatMap((word, index) => {
    const before = argv[index - 1] ?? '';
    const isValue = !OPTION.test(before) || !word.startsWith('-');
    return index > 0 && isValue && announcesSecret(before) ? [index] : [];
  });
}

/** Such words that stand there as they are become secrets of the order, with masks in their place. */
export function sealWords(argv: string[], sealed: Sealed | undefined) {
  const held = new Set(sealed?.places.flatMap((at) => (at.in === 'argv' ? [at.index] : [])));
  const bare = secretWords(argv).filter((index) => !held.has(index) && argv[index] !== '');
  if (bare.length === 0) return { argv, secrets: sealed };
  const nameOf = (index: number) => `argument ${index}`;
  const places = bare.map(
    (index): SecretPlace => ({ in: 'argv', index, offset: 0, name: nameOf(index) }),
  );
  const values = bare.map((index) => [nameOf(index), argv[index] ?? ''] as const);
  return {
    argv: argv.map((word, index) => (bare.includes(index) ? maskOf(nameOf(index)) : word)),
    secrets: {
      places: [...(sealed?.places ?? []), ...places],
      values: { ...sealed?.values, ...Object.fromEntries(values) },
    },
  };
}
