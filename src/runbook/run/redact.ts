/**
 * Plans of before, in whose recorded texts the words `{secret:NAME}` stand wherever the value
 * stood. They are opened as they were written: whoever resumes such a run brings the values, which
 * are put back into conditions and names, and taken out again of whatever is recorded. Its commands
 * go the way of every other: their marks become places.
 *
 * Also the limit on what is stored of a command's output: its head and its tail.
 */
import type { Json, JsonObject } from '../../core/json.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import { maskOf, type SecretPlace, type Secrets } from '../../core/secrets.ts';
import type { Answer } from '../../ports/commands.ts';

export type Redact = <T>(value: T) => T;

const MARK = /\{secret:([^}]*)\}/;
const MARKS = new RegExp(MARK.source, 'g');
const KEPT_OUTPUT_CHARS = 16_384;

/** Whether the text holds the mark of a secret in place of its value. */
export function isMarked(text: string): boolean {
  return MARK.test(text);
}

function hasSecretAnswer({ action, undo }: PlannedStep): boolean {
  const answers = [...(action.verb === 'run' ? action.answers : []), ...(undo?.answers ?? [])];
  return answers.some(({ secret }) => secret === true);
}

/** Whether the plan has secrets, and no place tells their marks from other text. */
export function isOldPlan(plan: Plan): boolean {
  if (plan.secretsAre !== undefined) return false;
  return (plan.secrets ?? []).length > 0 || plan.steps.some(hasSecretAnswer);
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]),
    );
  }
  return value;
}

/** Longest first, so that a secret that contains another is not left in half; marks stay. */
export function redactor(secrets: Secrets): Redact {
  const ordered = [...secrets].filter(([, value]) => value !== '');
  if (ordered.length === 0) return (value) => value;
  ordered.sort(([, a], [, b]) => b.length - a.length);
  const parts = ordered.map(([, value]) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const found = new RegExp([MARK.source, ...parts.map((part) => `(${part})`)].join('|'), 'g');
  const change = (text: string) =>
    text.replace(found, (whole: string, _name: unknown, ...groups: unknown[]) => {
      const at = groups.slice(0, ordered.length).findIndex((group) => group !== undefined);
      return at < 0 ? whole : maskOf(ordered[at]![0]);
    });
  return <T>(value: T) => mapTexts(value, change) as T;
}

function restored<T>(value: T, secrets: Secrets): T {
  const change = (text: string) =>
    text.replace(MARKS, (whole, name: string) => secrets.get(name) ?? whole);
  return mapTexts(value, change) as T;
}

function placesIn(text: string, where: Pick<SecretPlace, 'in' | 'index'>): SecretPlace[] {
  return [...text.matchAll(MARKS)].map((match) => ({
    ...where,
    offset: match.index,
    name: match[1] as string,
  }));
}

function placed<C extends { argv: string[]; answers?: Answer[]; secrets?: SecretPlace[] }>(
  command: C,
): C {
  const secrets = [
    ...command.argv.flatMap((text, index) => placesIn(text, { in: 'argv', index })),
    ...(command.answers ?? []).flatMap(({ reply }, index) =>
      placesIn(reply, { in: 'answers', index }),
    ),
  ];
  return secrets.length > 0 ? { ...command, secrets } : command;
}

/** A step of an old plan whose commands say where their secrets belong. */
export function placedStep(step: PlannedStep): PlannedStep {
  const { action, undo } = step;
  const hasCommand = action.verb === 'run' || action.verb === 'watch';
  return {
    ...step,
    action: hasCommand ? placed(action) : action,
    undo: undo && placed(undo),
  };
}

export interface Opened {
  /** As a runner needs it: its commands with masks and places. */
  plan: Plan;
  /** For whatever is recorded of the run. */
  redact: Redact;
}

export function openPlan(plan: Plan, secrets: Secrets): Opened {
  if (!isOldPlan(plan)) return { plan, redact: (value) => value };
  const whole = restored(plan, secrets);
  const steps = whole.steps.map((step, index) => {
    const { action, undo } = placedStep(plan.steps[index] as PlannedStep);
    const hasCommand = action.verb === 'run' || action.verb === 'watch';
    return { ...step, action: hasCommand ? action : step.action, undo };
  });
  return { plan: { ...whole, steps }, redact: redactor(secrets) };
}

function keepText(text: string): string {
  const whole = text.toWellFormed();
  if (whole.length <= KEPT_OUTPUT_CHARS) return whole;
  const half = KEPT_OUTPUT_CHARS / 2;
  const cut = whole.length - KEPT_OUTPUT_CHARS;
  const joined = `${whole.slice(0, half)}\n… ${cut} characters left out …\n${whole.slice(-half)}`;
  return joined.toWellFormed();
}

/** What the record keeps of an operation. */
export function keepOutput(record: {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  answered: { prompt: string; reply: string }[];
}): JsonObject {
  return {
    answered: record.answered as unknown as Json,
    exitCode: record.exitCode,
    stderr: keepText(record.stderr),
    stdout: keepText(record.stdout),
  };
}
