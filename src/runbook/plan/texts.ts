/** Texts of a step filled when it is planned: words for people, and commands with their secrets. */
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { AcceptedExit } from '../../core/plan.ts';
import { secretWords } from '../../core/secret-words.ts';
import { maskOf, refuseOption, reveal, type SecretPlace } from '../../core/secrets.ts';
import type { Answer } from '../../ports/commands.ts';
import type { PromptAnswer } from '../../schema/generated/runbook.ts';
import { type Filled, fillPlaces, fillTemplate } from '../language/template.ts';
import type { LoadedStep } from '../language/types.ts';
import { type Binding, type Planning, scopeOf } from './planning.ts';

/** Fills texts of one step on one server. */
export interface StepTexts {
  /** For people, and for what no secret is used in: masks stand for secrets. */
  fill(text: string): string;
  accepted(exits: AcceptedExit[]): AcceptedExit[];
  /** Arguments and answers, with the places of secrets. */
  command(argv: string[], answers: PromptAnswer[] | undefined): PlannedCommand;
}

export interface PlannedCommand {
  argv: string[];
  answers: Answer[];
  secrets?: SecretPlace[];
}

interface StepBinding extends Pick<Binding, 'secrets'> {
  names: Record<string, Json>;
  /** The step's id, for secrets without a parameter of their own. */
  id: string;
}

export function textsOf(planning: Planning, binding: StepBinding): StepTexts {
  const scope = scopeOf(planning, binding.names);
  const { secrets } = binding;
  return {
    fill: (text) => fillTemplate(text, scope, secrets),
    accepted: (exits) =>
      exits.map(({ exit, remark }) => ({ exit, remark: fillTemplate(remark, scope, secrets) })),
    command(argv, answers) {
      const given = argv.map((argument) => {
        const filled = fillPlaces(argument, scope, secrets);
        refuseOptionAt(planning, argument, filled);
        return filled;
      });
      const replied = (answers ?? []).map((answer, index) => ({
        ...answer,
        prompt: fillTemplate(answer.prompt, scope, secrets),
        ...replyOf(
          planning,
          answer,
          fillPlaces(answer.reply, scope, secrets),
          `${binding.id}#${index + 1}`,
        ),
      }));
      const places = [
        ...given.flatMap(({ places: at }, index) =>
          at.map((place): SecretPlace => ({ in: 'argv', index, ...place })),
        ),
        ...replied.flatMap(({ places: at }, index) =>
          at.map((place): SecretPlace => ({ in: 'answers', index, ...place })),
        ),
      ];
      refuseLiteral(given);
      return {
        argv: given.map(({ text }) => text),
        answers: replied.map(({ places: _places, ...answer }) => answer),
        ...(places.length > 0 ? { secrets: places } : {}),
      };
    },
  };
}

/** A plan is kept and shown: a password does not stand in it as a text like another. */
function refuseLiteral(given: readonly Filled[]): void {
  const texts = given.map(({ text }) => text);
  const bare = secretWords(texts).find((index) => given[index]?.places.length === 0);
  if (bare === undefined) return;
  throw badInput(`the value after ${texts[bare - 1]} is a secret, and would stand in the plan`, {
    code: 'secret.literal',
    remedy: 'give it as a parameter with `secret: true`',
  });
}

/** The text as a program would get it. */
function wholeOf(planning: Planning, { text, places }: Filled): string {
  const at = places.map((place): SecretPlace => ({ in: 'answers', index: 0, ...place }));
  const texts = { argv: [], answers: [{ prompt: '', reply: text }] };
  const values = Object.fromEntries(planning.secrets);
  return reveal(texts, { places: at, values }).answers[0]?.reply ?? '';
}

/** A reply that is marked secret is one wholly; it gets a name of its own. */
function replyOf(
  planning: Planning,
  answer: PromptAnswer,
  filled: Filled,
  name: string,
): { reply: string; places: Filled['places'] } {
  const { text, places } = filled;
  const [only] = places;
  const isOne = places.length === 1 && only !== undefined && text === maskOf(only.name);
  if (!answer.secret || isOne || text === '') return { reply: text, places };
  planning.secrets.set(name, wholeOf(planning, filled));
  return { reply: maskOf(name), places: [{ offset: 0, name }] };
}

/** A value at the head of an argument must not turn it into an option. */
function refuseOptionAt(planning: Planning, template: string, { text, places }: Filled): void {
  const [first] = places;
  if (first?.offset === 0) {
    if (planning.secrets.get(first.name)?.startsWith('-')) refuseOption(first.name);
    return;
  }
  if (template.startsWith('{') && !template.startsWith('{{') && text.startsWith('-')) {
    throw badInput(`'${text}' would be read as an option (from ${template})`, {
      code: 'parameter.option',
      remedy: 'give a value that does not begin with -',
    });
  }
}

/** What a call gives: texts, and secrets by name. */
export function givenBy(planning: Planning, binding: Binding, step: LoadedStep, prefix: string) {
  const scope = scopeOf(planning, binding.names);
  const given: Record<string, Json> = {};
  const handedDown = new Map<string, string>();
  for (const [name, template] of Object.entries(step.call?.with ?? {})) {
    const filled = fillPlaces(template, scope, binding.secrets);
    const { text, places } = filled;
    const [only] = places;
    if (only === undefined) given[name] = text;
    else if (text === maskOf(only.name)) handedDown.set(name, only.name);
    else {
      planning.secrets.set(`${prefix}${name}`, wholeOf(planning, filled));
      handedDown.set(name, `${prefix}${name}`);
    }
  }
  return { given, handedDown };
}
