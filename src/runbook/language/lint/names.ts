/** Expressions and templates of a runbook: names, fields, words and types. */
import { DrydockError } from '../../../core/errors.ts';
import { suggestion } from '../../../core/nearest.ts';
import { SECRET_REMEDY, secretMisuse } from '../../plan/secret-use.ts';
import { RESERVED } from '../expressions/declarations.ts';
import { checkTypes } from '../expressions/expressions.ts';
import { BOOL, describeType, NUMBER, STRING, type Type, WHOLE } from '../expressions/schema.ts';
import { parseTemplate, wholeTemplate } from '../template-parse.ts';
import type { FieldPath, LoadedRunbook, LoadedStep } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

type Names = Record<string, Type>;
type Kind = Type['kind'];

const TEXTUAL: Kind[] = ['string', 'number', 'bool'];

class NameLint {
  readonly #report: Report;
  readonly #names: Names;

  constructor(report: Report, names: Names) {
    this.#report = report;
    this.#names = names;
  }

  with(more: Names): NameLint {
    return new NameLint(this.#report, { ...this.#names, ...more });
  }

  /** Checks an expression; `shift` is where it begins within the field's text. */
  expression(text: string, path: FieldPath, kinds: Kind[] | null, shift = 0, config = false): Type {
    const { type, problems } = checkTypes(text, this.#names, { config });
    for (const { offset, message, remedy } of problems) {
      this.#report(path, message, remedy, { offset: shift + offset, code: 'expression' });
    }
    if (kinds && problems.length === 0 && type.kind !== 'any' && !kinds.includes(type.kind)) {
      const wanted = kinds.map((kind) => `a ${kind}`).join(' or ');
      const message = `'${text}' gives ${describeType(type)} where ${wanted} is needed`;
      this.#report(path, message, `let it give ${wanted}`, { offset: shift, code: 'expression' });
    }
    return type;
  }

  condition(text: string | undefined, path: FieldPath): void {
    if (text !== undefined) this.expression(text, path, ['bool']);
  }

  template(text: string | undefined, path: FieldPath, kinds: Kind[] = TEXTUAL): void {
    if (text === undefined) return;
    try {
      for (const part of parseTemplate(text)) {
        if ('expression' in part) this.expression(part.expression, path, kinds, part.offset);
      }
    } catch (error) {
      if (!(error instanceof DrydockError)) throw error;
      this.#report(path, error.message, error.remedy ?? '', { code: error.code });
    }
  }
}

const PARAMETER_TYPES = {
  string: STRING,
  integer: WHOLE,
  number: NUMBER,
  boolean: BOOL,
} as const;

function lintParameters(loaded: LoadedRunbook, report: Report): Names {
  const names: Names = {};
  for (const [name, parameter] of Object.entries(loaded.runbook.parameters ?? {})) {
    const path = ['parameters', name];
    if (RESERVED.has(name)) report(path, `'${name}' is a word of the expressions`, 'rename it');
    const expression = parameter['default-expression'];
    if (expression !== undefined && parameter.default !== undefined) {
      report(path, `'${name}' has two defaults`, 'keep default or default-expression');
    }
    const type = PARAMETER_TYPES[parameter.type];
    if (expression !== undefined) {
      const at = [...path, 'default-expression'];
      new NameLint(report, names).expression(expression, at, [type.kind, 'null'], 0, true);
    }
    names[name] = type;
  }
  return names;
}

function lintRoles(loaded: LoadedRunbook, report: Report, names: Names): Names {
  const bound = { ...names };
  for (const [name, expression] of Object.entries(loaded.runbook.roles ?? {})) {
    const path = ['roles', name];
    if (RESERVED.has(name) || names[name]) report(path, `'${name}' is taken`, 'rename the role');
    bound[name] = new NameLint(report, bound).expression(expression, path, null);
  }
  return bound;
}

/** `before` as this step knows it: a record of what it remembers. */
function beforeType(step: LoadedStep): Type {
  const names = Object.keys(step.remember ?? {});
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  return { kind: 'record', name: 'before', shape: { properties } };
}

function lintVerb(step: LoadedStep, path: FieldPath, lint: NameLint): void {
  const at = (...more: (string | number)[]) => [...path, ...more];
  lint.condition(step.check, at('check'));
  lint.condition(step.find?.if, at('find', 'if'));
  lint.template(step.find?.says, at('find', 'says'));
  lint.template(step.find?.remedy, at('find', 'remedy'));
  if (step.find?.shows) lint.expression(step.find.shows, at('find', 'shows'), ['string']);
  for (const [index, found] of (step.findings ?? []).entries()) {
    for (const field of ['prints', 'lacks', 'says', 'remedy'] as const) {
      lint.template(found[field], at('findings', index, field));
    }
  }
  lint.condition(step.watch?.until, at('watch', 'until'));
  lint.condition(step.wait?.until, at('wait', 'until'));
  lint.template(step.operator?.device, at('operator', 'device'));
  lint.template(step.operator?.medium, at('operator', 'medium'));
  lint.template(step.confirm?.question, at('confirm', 'question'));
  lint.template(step.confirm?.['type-name'], at('confirm', 'type-name'));
  if (step.confirm?.shows) lint.expression(step.confirm.shows, at('confirm', 'shows'), ['string']);
  lint.template(step.choose?.question, at('choose', 'question'));
  for (const [index, option] of (step.choose?.options ?? []).entries()) {
    lint.template(option, at('choose', 'options', index));
  }
  lint.template(step.refuse, at('refuse'));
  const command = step.watch ? at('watch', 'run') : at('run');
  for (const argument of step.argv ?? []) lint.template(argument, command);
  for (const [name, text] of Object.entries(step.call?.with ?? {})) {
    lint.template(text, at('call', 'with', name));
  }
}

function lintStep(step: LoadedStep, path: FieldPath, lint: NameLint): void {
  const at = (...more: (string | number)[]) => [...path, ...more];
  if (step.on !== undefined) {
    const whole = wholeTemplate(step.on);
    lint.template(step.on, at('on'), whole === null ? TEXTUAL : ['string', 'list']);
  }
  const here = lint.with(step.on === undefined ? {} : { here: STRING });
  for (const [index, { that, or }] of (step.requires ?? []).entries()) {
    here.condition(that, at('requires', index, 'that'));
    here.template(or, at('requires', index, 'or'));
  }
  for (const [name, expression] of Object.entries(step.remember ?? {})) {
    here.expression(expression, at('remember', name), null);
  }
  const after = here.with({ before: beforeType(step) });
  here.condition(step.when, at('when'));
  here.template(step.title, at('title'));
  here.template(step.danger, at('danger'));
  here.template(step.effect, at('effect'));
  here.template(step['expect-output'], at('expect-output'));
  after.condition(step.probe, at('probe'));
  after.condition(step.expect, at('expect'));
  lintVerb(step, path, here);
  for (const [index, { remark }] of (step.accept ?? []).entries()) {
    here.template(remark, at('accept', index, 'remark'));
  }
  for (const [index, { prompt, reply }] of (step.answers ?? []).entries()) {
    here.template(prompt, at('answers', index, 'prompt'));
    here.template(reply, at('answers', index, 'reply'));
  }
  if (step.undo !== 'none') {
    for (const argument of step.undoArgv ?? []) here.template(argument, at('undo', 'run'));
    here.template(step.undo.on, at('undo', 'on'));
    after.condition(step.undo.expect, at('undo', 'expect'));
  }
}

function lintCall(step: LoadedStep, path: FieldPath, context: LintContext, report: Report): void {
  if (!step.call) return;
  const called = context.library.get(step.call.runbook);
  if (!called) {
    const remedy = suggestion(step.call.runbook, context.library.keys());
    report([...path, 'call', 'runbook'], `there is no runbook '${step.call.runbook}'`, remedy);
    return;
  }
  const known = Object.keys(called.runbook.parameters ?? {});
  for (const name of Object.keys(step.call.with ?? {})) {
    if (known.includes(name)) continue;
    const message = `'${step.call.runbook}' has no parameter '${name}'`;
    report([...path, 'call', 'with', name], message, suggestion(name, known));
  }
}

function secretsOf({ runbook }: LoadedRunbook): Set<string> {
  const declared = Object.entries(runbook.parameters ?? {});
  return new Set(declared.filter(([, { secret }]) => secret).map(([name]) => name));
}

export function lintNames(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  const names = lintRoles(loaded, report, lintParameters(loaded, report));
  const lint = new NameLint(report, names);
  for (const { path, message } of secretMisuse(loaded, secretsOf(loaded))) {
    report(path, message, SECRET_REMEDY, { code: 'secret.use' });
  }
  for (const [index, { that, or }] of (loaded.runbook.requires ?? []).entries()) {
    lint.condition(that, ['requires', index, 'that']);
    lint.template(or, ['requires', index, 'or']);
  }
  for (const [index, step] of loaded.runbook.steps.entries()) {
    lintStep(step, ['steps', index], lint);
    lintCall(step, ['steps', index], context, report);
  }
}
