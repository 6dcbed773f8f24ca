/**
 * Words as typed: put in order for the parser, and, where the parser refuses them, said again so
 * that the nearest right word is named. Bad usage is exit 2, and nothing was done.
 */
import { badInput, type DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';

/** Options of drydock itself where a command's own options follow; true: a value comes with it. */
const OWN_OPTIONS: Record<string, boolean> = {
  '--json': false,
  '--input': false,
  '--no-input': false,
  '--help': false,
  '--cluster': true,
  '--server': true,
};

/** Whether it takes a value; undefined: no option of ours, whatever word it is. */
function optionOf(word: string): boolean | undefined {
  return Object.hasOwn(OWN_OPTIONS, word) ? OWN_OPTIONS[word] : undefined;
}

/** What follows belongs to a command on a server: `clp NAME …`, `lab exec SERVER …`. */
const PASSES_ON: Record<string, (rest: string[]) => number> = {
  clp: () => 1,
  lab: ([what]) => (what === 'exec' ? 2 : -1),
};

/** Options by the names that they had, verb by verb: scripts of before go on. Shown nowhere. */
const FORMER: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['run-log', new Map([['--paper', '--remainder']])],
  ['window', new Map([['--without-papers', '--without-documents']])],
]);

/** Index of the first word that is no option nor an option's value; -1 when there is none. */
function firstWord(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-')) {
    at += optionOf(words[at] as string) === true ? 2 : 1;
  }
  return at < words.length ? at : -1;
}

/** Puts `--` before the words of a command on a server, so that its options stay its own. */
function partOwn(verb: string, rest: string[]): string[] {
  const own: string[] = [];
  const named: string[] = [];
  const passed: string[] = [];
  const passesOn = Object.hasOwn(PASSES_ON, verb) ? PASSES_ON[verb] : undefined;
  const before = passesOn?.(rest.filter((word) => !word.startsWith('-'))) ?? -1;
  if (before < 0 || rest.includes('--')) return rest;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    const takesValue = optionOf(word.split('=')[0] as string);
    if (takesValue !== undefined) {
      own.push(word);
      if (takesValue && !word.includes('=')) own.push(...rest.slice(++at, at + 1));
    } else if (named.length < before && !word.startsWith('-')) named.push(word);
    else passed.push(word);
  }
  return [...named, ...own, ...(passed.length > 0 ? ['--', ...passed] : [])];
}

/** The words for the parser; an unknown verb is refused here, with the nearest one. */
export function arrange(words: readonly string[], verbs: readonly string[]): string[] {
  const at = firstWord(words);
  if (at < 0 || words[0] === '--get-yargs-completions') return [...words];
  const verb = words[at] as string;
  const rest = words.slice(at + 1);
  if (verb === 'help') return [...rest, ...words.slice(0, at), '--help'];
  if (!verbs.includes(verb)) {
    throw badInput(`there is no verb '${verb}'`, {
      code: 'usage',
      remedy: `${suggestion(verb, verbs)} (\`drydock --help\` shows all)`,
    });
  }
  const named = rest.map((word) => FORMER.get(verb)?.get(word) ?? word);
  return [verb, ...words.slice(0, at), ...partOwn(verb, named)];
}

/** What is typed between the verb's name and its options: `<id>`, `[files..]`. */
export interface Grammar {
  /** The verb as described: `show <id>`; null when none was named. */
  command: string | null;
  options: readonly string[];
}

function unknownWord(word: string, words: readonly string[], { options }: Grammar): string {
  const asOption = [`--${word}`, `-${word}`].find((option) =>
    words.some((typed) => typed === option || typed.startsWith(`${option}=`)),
  );
  if (!asOption && !words.some((typed) => /^-[^-]/.test(typed) && typed.includes(word))) {
    return `'${word}' is one word too many`;
  }
  return `there is no option '${asOption ?? `-${word}`}'; ${suggestion(word, options).replace(
    /'([^']+)'/,
    "'--$1'",
  )}`;
}

function valueRefused(message: string, { command }: Grammar): string {
  const found = /Argument: (\S+), Given: "([^"]*)"[^,]*, Choices: (.*)/.exec(message);
  if (!found) return message;
  const [, name = '', given = '', choices = ''] = found;
  const known = [...choices.matchAll(/"([^"]+)"/g)].map(([, choice]) => choice as string);
  const near = suggestion(given, known);
  const hint = near.startsWith('did you mean') ? `${near} (known: ${known.join(', ')})` : near;
  const verb = command?.split(' ')[0];
  const isWord = command?.includes(`<${name}>`);
  return isWord
    ? `there is no '${verb} ${given}'; ${hint}`
    : `'${given}' is no value of --${name}; ${hint}`;
}

/** The parser's refusal in our words. */
export function usageError(
  message: string,
  words: readonly string[],
  grammar: Grammar,
): DrydockError {
  const { command } = grammar;
  const verb = command?.split(' ')[0];
  const remedy = verb ? `see \`drydock ${verb} --help\`` : 'see `drydock --help`';
  const say = (text: string) => badInput(text, { code: 'usage', remedy });
  const unknown = /^Unknown arguments?: (.*)/.exec(message);
  if (unknown) {
    const [first = ''] = (unknown[1] as string).split(', ');
    return say(unknownWord(first, words, grammar));
  }
  if (message.startsWith('Invalid values')) {
    return say(valueRefused(message.replaceAll('\n', ' '), grammar));
  }
  if (message.startsWith('Not enough non-option arguments') && command) {
    return say(`\`drydock ${command}\` needs ${(command.match(/<[^>]+>/g) ?? []).join(' and ')}`);
  }
  const valueless = /^Not enough arguments following: (\S+)/.exec(message);
  if (valueless) return say(`--${valueless[1]} needs a value`);
  return say(message.replace(/\s*\n\s*/g, ' ').trim());
}

const REPEATABLE = new Set([
  ...['set', 'secret', 'confirm', 'choose', 'answer', 'plan', 'accept', 'skip', 'give-up'],
  ...['words', 'files', 'given', 'wish', '--', '_'],
]);

/** What the parser lets through: an option given twice that means one thing, a number that is none. */
export function checkValues(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (REPEATABLE.has(name) || /[A-Z]/.test(name)) continue;
    if (Array.isArray(value)) {
      throw badInput(`--${name} was given ${value.length} times`, {
        code: 'usage',
        remedy: 'give it once',
      });
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw badInput(`--${name} wants a number`, { code: 'usage', remedy: `write --${name} 10` });
    }
  }
}
