/** A plan as text that someone can read aloud: what the tests compare as a whole. */
import type { Plan, PlannedStep, Verb } from '../../src/core/plan.ts';

function doing(action: Verb): string[] {
  switch (action.verb) {
    case 'run':
      return [
        `# ${action.argv.map((arg) => (/[\s'"]|^$/.test(arg) ? JSON.stringify(arg) : arg)).join(' ')}`,
        ...action.answers.map(({ prompt, reply }) => `  ${prompt} ⇐ ${reply || '(return)'}`),
        ...(action.accept ?? []).map(({ exit, remark }) => `exit ${exit} counts: ${remark}`),
        ...(action.findings ?? []).map((found) => `finds ${JSON.stringify(found)}`),
        ...(action.goesDown ? ['goes down'] : []),
      ];
    case 'watch':
      return [`watch # ${action.argv.join(' ')}`, `until ${action.until}`];
    case 'check':
      return [`check ${action.that}`];
    case 'find':
      return [`finds (${action.severity}) ${action.says} | ${action.if}`];
    case 'wait':
      return [`wait until ${action.until}`];
    case 'operator':
      return [`by hand: ${JSON.stringify(action.act)}`];
    case 'confirm':
      return [`confirm: ${action.question} [${action.typeName}]`];
    case 'choose':
      return [`choose: ${action.options.join(' | ')}`];
    case 'refuse':
      return [`refuse: ${action.because}`];
  }
}

function stepText(step: PlannedStep): string {
  const label = step.source.length ? step.source.join(', ') : 'added';
  const lines = [
    `${step.id} (${label})${step.server ? ` on ${step.server}` : ''}: ${step.title}`,
    ...step.requires.map(({ that, or }) => `  requires ${that} | ${or}`),
    ...(step.when ? [`  when ${step.when}`] : []),
    ...Object.entries(step.remember).map(
      ([name, expression]) => `  before.${name} = ${expression}`,
    ),
    ...doing(step.action).map((line) => `  ${line}`),
    ...(step.probe ? [`  done if ${step.probe}`] : []),
    ...(step.expect && step.expect !== step.probe ? [`  expects ${step.expect}`] : []),
    ...(step.expectOutput ? [`  prints ${step.expectOutput}`] : []),
    ...(step.danger ? [`  danger: ${step.danger}`] : []),
    ...(step.undo ? [`  undo # ${step.undo.argv.join(' ')}`] : []),
    `  within ${step.timeoutMs / 1000} s${step.safe ? '; safe after it' : ''}`,
  ];
  return lines.join('\n');
}

export function planText(plan: Plan): string {
  const set = Object.entries(plan.parameters).map(([name, value]) => `  ${name} = ${value}`);
  const roles = Object.entries(plan.roles).map(([name, { value }]) => `  ${name} is ${value}`);
  const requires = plan.requires.map(({ that, or }) => `  requires ${that} | ${or}`);
  const head = [`${plan.runbook.id} on ${plan.cluster.name}`, ...set, ...roles, ...requires];
  const out = plan.leftOut.map(({ id, why }) => `left out ${id}: ${why}`);
  return `${[head.join('\n'), ...plan.steps.map(stepText), ...out].join('\n\n')}\n`;
}
