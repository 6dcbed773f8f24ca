/** The verb of a planned step, with its texts filled. */
import { acts } from '../../cluster/index.ts';
import { badInput } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Diagnosed, OutcomeFound, Verb } from '../../core/plan.ts';
import type { PhysicalAct } from '../../schema/generated/physical-act.ts';
import type { Find, OperatorAct } from '../../schema/generated/runbook.ts';
import { durationMs } from '../language/durations.ts';
import type { LoadedStep } from '../language/types.ts';
import type { StepTexts } from './texts.ts';

const WATCH_EVERY = '2s';

function needServer(step: LoadedStep, server: string | null): string {
  if (server !== null) return server;
  throw badInput(`step '${step.id}' does not say on which server`, {
    code: 'runbook.malformed',
    remedy: 'give it `on`',
  });
}

function actOf(
  step: LoadedStep,
  reported: OperatorAct,
  texts: StepTexts,
  server: string,
): PhysicalAct {
  const act: JsonObject = { act: reported.act, server };
  for (const [field, parameter] of Object.entries(acts.get(reported.act)?.parameters ?? {})) {
    const given = reported[field as keyof OperatorAct] ?? parameter.default;
    if (given === undefined) {
      throw badInput(`step '${step.id}': ${reported.act} needs a ${field}`, {
        code: 'runbook.malformed',
        remedy: `write ${field}: … beside the act`,
      });
    }
    act[field] = typeof given === 'string' ? texts.fill(given) : given;
  }
  return act as PhysicalAct;
}

/** What a step reports where it finds something. */
function diagnosed(
  { severity, says, remedy, runbook }: Omit<Find, 'if' | 'shows'>,
  { fill }: StepTexts,
): Diagnosed {
  return {
    severity,
    says: fill(says),
    remedy: remedy === undefined ? null : fill(remedy),
    runbook: runbook ?? null,
  };
}

function outcomes({ findings }: LoadedStep, texts: StepTexts): { findings?: OutcomeFound[] } {
  if (findings === undefined) return {};
  return {
    findings: findings.map(({ exit, prints, lacks, ...found }) => ({
      ...(exit === undefined ? {} : { exit }),
      ...(prints === undefined ? {} : { prints: texts.fill(prints) }),
      ...(lacks === undefined ? {} : { lacks: texts.fill(lacks) }),
      ...diagnosed(found, texts),
    })),
  };
}

export function plannedVerb(step: LoadedStep, texts: StepTexts, server: string | null): Verb {
  if (step.run !== undefined) {
    needServer(step, server);
    return {
      verb: 'run',
      ...texts.command(step.argv ?? [], step.answers),
      goesDown: step['goes-down'] ?? false,
      ...(step.accept ? { accept: texts.accepted(step.accept) } : {}),
      ...outcomes(step, texts),
    };
  }
  if (step.watch) {
    needServer(step, server);
    const everyMs = durationMs(step.watch.every ?? WATCH_EVERY);
    const { answers: _none, ...command } = texts.command(step.argv ?? [], undefined);
    return { verb: 'watch', ...command, until: step.watch.until, everyMs };
  }
  if (step.check !== undefined) return { verb: 'check', that: step.check };
  if (step.find) {
    const { if: that = null, shows = null, ...found } = step.find;
    return { verb: 'find', if: that, shows, ...diagnosed(found, texts) };
  }
  if (step.wait) {
    const forMs = step.wait.for === undefined ? null : durationMs(step.wait.for);
    return { verb: 'wait', until: step.wait.until ?? null, forMs };
  }
  if (step.operator) {
    const act = actOf(step, step.operator, texts, needServer(step, server));
    return { verb: 'operator', act, words: texts.fill(step.title) };
  }
  if (step.confirm) {
    const typeName = step.confirm['type-name'];
    return {
      verb: 'confirm',
      question: texts.fill(step.confirm.question),
      typeName: typeName === undefined ? null : texts.fill(typeName),
      shows: step.confirm.shows ?? null,
    };
  }
  if (step.choose) {
    const options = step.choose.options.map((option) => texts.fill(option));
    return { verb: 'choose', question: texts.fill(step.choose.question), options };
  }
  return { verb: 'refuse', because: texts.fill(step.refuse ?? '') };
}
