/** Plans for tests, by hand: what is not said is empty. */
import type { Plan, PlannedStep, Verb } from '../../src/core/plan.ts';

export function aStep(id: string, action: Verb, more: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    title: `title of ${id}`,
    source: [],
    added: null,
    server: action.verb === 'run' || action.verb === 'watch' ? 'server1' : null,
    action,
    when: null,
    requires: [],
    names: {},
    remember: {},
    probe: null,
    expect: null,
    expectOutput: null,
    undo: null,
    danger: null,
    timeoutMs: 10_000,
    safe: false,
    ...more,
  };
}

export function runs(command: string, more: { goesDown?: boolean } = {}): Verb {
  return { verb: 'run', argv: command.split(' '), answers: [], goesDown: more.goesDown ?? false };
}

export function aPlan(steps: PlannedStep[], more: Partial<Plan> = {}): Plan {
  return {
    schema: 'drydock.plan/1',
    runbook: { id: 'v3-0.0', title: 'A test', manual: 'v3', section: '0.0', hash: 'rb' },
    called: [],
    cluster: { name: 'fake', uuid: 'fake-uuid' },
    parameters: {},
    roles: {},
    requires: [],
    steps,
    leftOut: [],
    predicted: null,
    hash: 'plan-hash',
    ...more,
  };
}
