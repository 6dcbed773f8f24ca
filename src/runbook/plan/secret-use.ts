/**
 * Where a runbook may use a secret: as `{name}` in the arguments of a command, in the reply to a
 * prompt, and in what a called runbook is given; in words for people a mask stands for it. Anywhere
 * else the plan, a fact or a decision would tell something of its value.
 */
import { parse } from '@bufbuild/cel';
import { DrydockError } from '../../core/errors.ts';
import { parseTemplate } from '../language/template-parse.ts';
import type { FieldPath, LoadedRunbook, LoadedStep } from '../language/types.ts';
import { namesIn } from './choices.ts';

export interface SecretMisuse {
  path: FieldPath;
  message: string;
}

export const SECRET_REMEDY =
  'write {NAME} in an argument after the program, in a reply, or in what a call gives';

type Texts = [FieldPath, string | undefined][];

function conditionsOf(step: LoadedStep, at: FieldPath): Texts {
  const undo = step.undo === 'none' ? null : step.undo;
  return [
    [[...at, 'when'], step.when],
    [[...at, 'probe'], step.probe],
    [[...at, 'expect'], step.expect],
    [[...at, 'check'], step.check],
    [[...at, 'find', 'if'], step.find?.if],
    [[...at, 'find', 'shows'], step.find?.shows],
    [[...at, 'watch', 'until'], step.watch?.until],
    [[...at, 'wait', 'until'], step.wait?.until],
    [[...at, 'confirm', 'shows'], step.confirm?.shows],
    [[...at, 'undo', 'expect'], undo?.expect],
    ...(step.requires ?? []).map(({ that }, i): [FieldPath, string] => [
      [...at, 'requires', i, 'that'],
      that,
    ]),
    ...Object.entries(step.remember ?? {}).map(([name, text]): [FieldPath, string] => [
      [...at, 'remember', name],
      text,
    ]),
  ];
}

function expressionsOf({ runbook }: LoadedRunbook): Texts {
  return [
    ...Object.entries(runbook.parameters ?? {}).map(
      ([name, parameter]): [FieldPath, string | undefined] => [
        ['parameters', name, 'default-expression'],
        parameter['default-expression'],
      ],
    ),
    ...Object.entries(runbook.roles ?? {}).map(([name, text]): [FieldPath, string] => [
      ['roles', name],
      text,
    ]),
    ...(runbook.requires ?? []).map(({ that }, i): [FieldPath, string] => [
      ['requires', i, 'that'],
      that,
    ]),
    ...runbook.steps.flatMap((step, i) => conditionsOf(step, ['steps', i])),
  ];
}

/** Templates that decide something: which server, which device, what has to be typed. */
function decidingTexts(step: LoadedStep, at: FieldPath): Texts {
  const undo = step.undo === 'none' ? null : step.undo;
  return [
    [[...at, 'on'], step.on],
    [[...at, 'expect-output'], step['expect-output']],
    [[...at, 'operator', 'device'], step.operator?.device],
    [[...at, 'operator', 'medium'], step.operator?.medium],
    [[...at, 'operator', 'image'], step.operator?.image],
    [[...at, 'confirm', 'type-name'], step.confirm?.['type-name']],
    [[...at, 'undo', 'on'], undo?.on],
    [[...at, step.watch ? 'watch' : 'run'], step.argv?.[0]],
    [[...at, 'undo', 'run'], step.undoArgv?.[0]],
    ...(step.choose?.options ?? []).map((text, i): [FieldPath, string] => [
      [...at, 'choose', 'options', i],
      text,
    ]),
    ...(step.findings ?? []).flatMap(
      ({ prints, lacks }, i): Texts => [
        [[...at, 'findings', i, 'prints'], prints],
        [[...at, 'findings', i, 'lacks'], lacks],
      ],
    ),
    ...(step.answers ?? []).map(({ prompt }, i): [FieldPath, string] => [
      [...at, 'answers', i, 'prompt'],
      prompt,
    ]),
    ...(undo?.answers ?? []).map(({ prompt }, i): [FieldPath, string] => [
      [...at, 'undo', 'answers', i, 'prompt'],
      prompt,
    ]),
  ];
}

function otherTexts(step: LoadedStep, at: FieldPath): Texts {
  const undo = step.undo === 'none' ? null : step.undo;
  const all: Texts = [
    [[...at, 'title'], step.title],
    [[...at, 'danger'], step.danger],
    [[...at, 'refuse'], step.refuse],
    [[...at, 'confirm', 'question'], step.confirm?.question],
    [[...at, 'choose', 'question'], step.choose?.question],
    [[...at, 'find', 'says'], step.find?.says],
    [[...at, 'find', 'remedy'], step.find?.remedy],
    ...(step.findings ?? []).flatMap(
      ({ says, remedy }, i): Texts => [
        [[...at, 'findings', i, 'says'], says],
        [[...at, 'findings', i, 'remedy'], remedy],
      ],
    ),
  ];
  const put = (path: FieldPath, texts: readonly string[]) => {
    for (const text of texts) all.push([path, text]);
  };
  put([...at, step.watch ? 'watch' : 'run'], step.argv ?? []);
  put([...at, 'undo', 'run'], step.undoArgv ?? []);
  put([...at, 'call', 'with'], Object.values(step.call?.with ?? {}));
  const replies = [...(step.answers ?? []), ...(undo?.answers ?? [])];
  put(
    [...at, 'answers'],
    replies.map(({ reply }) => reply),
  );
  put(
    [...at, 'accept'],
    (step.accept ?? []).map(({ remark }) => remark),
  );
  put(
    [...at, 'requires'],
    (step.requires ?? []).map(({ or }) => or),
  );
  return all;
}

/** Expressions of a template; none where it cannot be read, which others say. */
function expressionsIn(text: string): string[] {
  try {
    return parseTemplate(text).flatMap((part) => ('text' in part ? [] : [part.expression]));
  } catch (error) {
    if (error instanceof DrydockError) return [];
    throw error;
  }
}

/** Names that an expression uses; none where it cannot be read, which others say. */
function usedIn(expression: string): Set<string> {
  try {
    return namesIn(parse(expression).expr);
  } catch {
    return new Set();
  }
}

export function secretMisuse(loaded: LoadedRunbook, secrets: ReadonlySet<string>): SecretMisuse[] {
  if (secrets.size === 0) return [];
  const found: SecretMisuse[] = [];
  const secretIn = (expression: string) =>
    [...usedIn(expression)].find((name) => secrets.has(name));
  const say = (path: FieldPath, name: string | undefined, what: string) => {
    if (name !== undefined) found.push({ path, message: `the secret '${name}' ${what}` });
  };
  for (const [path, text] of expressionsOf(loaded)) {
    if (text !== undefined)
      say(path, secretIn(text), 'decides nothing: it stands in no expression');
  }
  for (const [i, step] of loaded.runbook.steps.entries()) {
    const at: FieldPath = ['steps', i];
    for (const [path, text] of decidingTexts(step, at)) {
      for (const one of expressionsIn(text ?? '')) say(path, secretIn(one), 'has no place here');
    }
    for (const [path, text] of otherTexts(step, at)) {
      for (const one of expressionsIn(text ?? '')) {
        if (!secrets.has(one.trim()))
          say(path, secretIn(one), 'is used whole, not within an expression');
      }
    }
  }
  return found;
}
