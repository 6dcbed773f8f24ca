/**
 * Secrets of a run. Its plan holds masks and places (src/core/secrets.ts); the values are given
 * when it is planned and again when it is resumed, and live in memory. So that a resumed run gets
 * the same ones, the record holds a keyed word on each (`Vouch`); without the key, which never
 * leaves the control host, nothing can be guessed by it.
 */
import { canonical } from '../../audit/chain.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import { Masking } from '../../core/masking.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Sealed, SecretPlace, Secrets } from '../../core/secrets.ts';
import type { OperationRecord } from '../../ports/commands.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';

/** A keyed hash of a text: `KEY:HASH`, where KEY tells one key from another. */
export type Vouch = (text: string) => string;

/** What a step hands to its program; null when it has no command. */
function commandOf({ action }: PlannedStep) {
  return action.verb === 'run' || action.verb === 'watch' ? action : null;
}

export function placesOf(step: PlannedStep): SecretPlace[] {
  return commandOf(step)?.secrets ?? [];
}

function missing(step: PlannedStep, name: string): DrydockError {
  return badInput(`step ${step.id} needs {secret:${name}}, which is never recorded`, {
    code: 'secret.missing',
    remedy: `give it again: --secret ${name}=FILE`,
  });
}

/** The values that a step's command needs; undefined when it needs none. Refuses to act without. */
export function sealedFor(step: PlannedStep, secrets: Secrets): Sealed | undefined {
  const places = placesOf(step);
  if (places.length === 0) return undefined;
  const values = [...new Set(places.map(({ name }) => name))].map((name) => {
    const value = secrets.get(name);
    if (value === undefined) throw missing(step, name);
    return [name, value] as const;
  });
  return { places, values: Object.fromEntries(values) };
}

/** Before anything is done: all that the steps will need is here. */
export function requireSecrets(steps: readonly PlannedStep[], secrets: Secrets): void {
  for (const step of steps) sealedFor(step, secrets);
}

/** A server is asked to hide them; that it does is not taken for granted. */
export function maskedFor(step: PlannedStep, secrets: Secrets): (text: string) => string {
  const names = new Set(placesOf(step).map(({ name }) => name));
  if (names.size === 0) return (text) => text;
  const masking = new Masking(new Map([...secrets].filter(([name]) => names.has(name))));
  return (text) => masking.all(text);
}

export function withoutSecrets(
  record: OperationRecord,
  step: PlannedStep,
  secrets: Secrets,
): OperationRecord {
  if (placesOf(step).length === 0) return record;
  const masked = maskedFor(step, secrets);
  return {
    ...record,
    stdout: masked(record.stdout),
    stderr: masked(record.stderr),
    answered: record.answered.map(({ prompt, reply }) => ({
      prompt: masked(prompt),
      reply: masked(reply),
    })),
  };
}

/** For the record of a run: name → keyed word. */
export type Vouched = Record<string, string>;

function aboutSecret(run: string, name: string, value: string): string {
  return canonical(['drydock.secret/1', run, name, value]);
}

/** Of what the plan refers to; nothing where there is no key. */
export function vouchFor(
  run: string,
  plan: Pick<Plan, 'secrets'>,
  secrets: Secrets,
  vouch: Vouch | undefined,
): { secrets?: Vouched } {
  const known = (plan.secrets ?? []).filter((name) => secrets.has(name));
  if (!vouch || known.length === 0) return {};
  const made = known.map((name) => [name, vouch(aboutSecret(run, name, secrets.get(name)!))]);
  return { secrets: Object.fromEntries(made) };
}

/** What the record says of a run's secrets, the newest word of each. */
function vouchedIn(entries: readonly JournalEntry[]): Vouched {
  const said = entries
    .filter(({ type }) => type === 'run.created' || type === 'run.amended')
    .map(({ body }) => (body as { secrets?: Vouched }).secrets ?? {});
  return Object.assign({}, ...said);
}

/**
 * Refuses a secret that is not the one that the run knows. `unknown`: names whose value cannot be
 * compared here, because another control host vouched for it.
 */
export function requireSameSecrets(
  entries: readonly JournalEntry[],
  secrets: Secrets,
  vouch: Vouch | undefined,
  only?: { names: ReadonlySet<string>; remedy: string },
): { unknown: string[] } {
  const run = entries[0]?.run ?? '';
  const unknown: string[] = [];
  for (const [name, word] of Object.entries(vouchedIn(entries))) {
    const value = secrets.get(name);
    if (value === undefined || !vouch || (only && !only.names.has(name))) continue;
    const now = vouch(aboutSecret(run, name, value));
    if (now === word) continue;
    if (now.split(':')[0] !== word.split(':')[0]) {
      unknown.push(name);
      continue;
    }
    throw new DrydockError(`the secret '${name}' is not the one that run ${run} began with`, {
      code: 'secret.other',
      exit: 2,
      remedy:
        only?.remedy ??
        `give the same; for another one: drydock amend ${run} --secret ${name}=FILE`,
    });
  }
  return { unknown };
}
