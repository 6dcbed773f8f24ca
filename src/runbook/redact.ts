/**
 * Secrets never reach the record or a terminal: every text on its way there goes through here, and
 * the value of a secret reads `{secret:NAME}`. A plan read back from the record has those marks in
 * place of the values; who resumes it brings the values again.
 *
 * Also the limit on what is kept of a command's output: its head and its tail.
 */
import { badInput } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Plan, PlannedStep } from '../core/plan.ts';

export type Redact = <T>(value: T) => T;

const MARK = /\{secret:[^}]*\}/;
const KEPT_OUTPUT_CHARS = 16_384;

/** Whether the text holds the mark of a secret in place of its value. */
export function isMarked(text: string): boolean {
  return MARK.test(text);
}

/** name → value of everything secret in a plan. */
export function secretsOf(plan: Plan): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of plan.secrets ?? []) {
    const value = plan.parameters[name];
    if (value !== undefined && value !== null && String(value) !== '')
      found.set(name, String(value));
  }
  for (const step of plan.steps) {
    const answers = step.action.verb === 'run' ? step.action.answers : [];
    for (const [index, answer] of answers.entries()) {
      const isNew =
        answer.secret && answer.reply !== '' && ![...found.values()].includes(answer.reply);
      if (isNew && !MARK.test(answer.reply)) found.set(`${step.id}#${index + 1}`, answer.reply);
    }
  }
  return found;
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

/** Longest first, so that a secret that contains another is not left in half. */
export function redactor(secrets: ReadonlyMap<string, string>): Redact {
  if (secrets.size === 0) return (value) => value;
  const ordered = [...secrets].sort(([, a], [, b]) => b.length - a.length);
  return <T>(value: T) =>
    mapTexts(value, (text) =>
      ordered.reduce((held, [name, secret]) => held.replaceAll(secret, `{secret:${name}}`), text),
    ) as T;
}

/** The plan with its secrets in place again. */
export function restoreSecrets(plan: Plan, secrets: ReadonlyMap<string, string>): Plan {
  return mapTexts(plan, (text) =>
    [...secrets].reduce(
      (held, [name, secret]) => held.replaceAll(`{secret:${name}}`, secret),
      text,
    ),
  ) as Plan;
}

/** Refuses to act with a mark in place of a secret. */
export function requireSecrets(step: PlannedStep): void {
  const found = MARK.exec(JSON.stringify([step.action, step.undo]));
  if (!found) return;
  throw badInput(`step ${step.id} needs ${found[0]}, which is never recorded`, {
    code: 'secret.missing',
    remedy: 'give it again when you resume the run',
  });
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
    exitCode: record.exitCode,
    stdout: keepText(record.stdout),
    stderr: keepText(record.stderr),
    answered: record.answered as unknown as Json,
  };
}
