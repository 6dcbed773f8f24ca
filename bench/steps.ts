/**
 * What the runner costs a durable step beyond the command: a runbook of many `true` steps on the
 * lab, with the record on disk; from the whole time of a step the server's own record of the
 * command (spawn to end) is taken away. Peer: ansible-core's whole cost of a local command step.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openSqliteJournal } from '../src/adapters/sqlite-journal.ts';
import { systemRandom } from '../src/adapters/system-random.ts';
import { topologyOf } from '../src/change/topology.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Lab } from '../src/lab/lab.ts';
import type { OperationRecord } from '../src/ports/commands.ts';
import { loadRunbook } from '../src/runbook/language/load.ts';
import { makePlan } from '../src/runbook/plan/plan.ts';
import { AT_START } from '../src/runbook/run/drift.ts';
import { factsOf } from '../src/runbook/run/facts.ts';
import { runPlan } from '../src/runbook/run/run.ts';
import type { Status } from '../src/schema/generated/status.ts';
import { type Benchmark, median, timed } from './figures.ts';
import { withLab } from './lab.ts';

const STEPS = 100;

/** What a step of a real runbook has: looked at before, between and after. */
const LOOKS = `requires: [{ that: "server('server1').power == 'on'", or: 'power it on' }],
      probe: "server('server1').power == 'off'",
      expect: "group('failover1').state == 'Online'",`;

function textOf(more: string): string {
  const step = (n: number) => `  - { id: s${n}, title: Nothing, added: bench, on: server1,
      ${more}
      run: "true", undo: none }`;
  return `id: bench-steps
title: Many steps that do nothing
source: { manual: v3, section: none }
editions: [LE]
kind: procedure
steps:
${Array.from({ length: STEPS }, (_, n) => step(n)).join('\n')}
`;
}

/** The prediction that nothing changes, but for the lease of the run itself. */
function nothingChanges(plan: Plan, status: Status): Plan {
  const facts = Object.fromEntries(
    Object.entries(factsOf(status, { self: null })).filter(([key]) => !key.startsWith('lease.')),
  );
  const names = [AT_START, ...plan.steps.map(({ id }) => id)];
  return {
    ...plan,
    predicted: Object.fromEntries(names.map((name) => [name, { facts, durationMs: 0 }])),
  };
}

/** Per step: ms from its intent's predecessor to its end, less the command's own time. */
async function runnerCost(lab: Lab, folder: string, isChecked: boolean): Promise<number[]> {
  const runbook = loadRunbook(textOf(isChecked ? LOOKS : ''), 'bench.runbook.yaml');
  const status = await lab.status();
  const bare = makePlan({
    runbook,
    library: new Map(),
    parameters: {},
    status,
    topology: topologyOf(lab.config),
  });
  const plan = isChecked ? nothingChanges(bare, status) : bare;
  const journal = openSqliteJournal({
    file: join(folder, `${isChecked ? 'checked' : 'bare'}.sqlite`),
    clock: lab.clock,
    who: 'bench',
  });
  const operations: number[] = [];
  const ended: number[] = [];
  const door = lab.door();
  const exec: typeof door.commands.exec = async (request) => {
    let record: OperationRecord | null = null;
    const ms = await timed(async () => {
      record = await door.commands.exec(request);
    });
    operations.push(ms);
    return record as unknown as OperationRecord;
  };
  const result = await runPlan({
    plan,
    door: { ...door, commands: { ...door.commands, exec } },
    operator: { ...lab.operator(), confirm: async () => null, choose: async () => null },
    journal,
    clock: lab.clock,
    random: systemRandom(),
    who: 'bench',
    onEvent: (seen) => {
      if (seen.type === 'entry' && seen.entry.type === 'step.ended') ended.push(performance.now());
    },
  });
  await journal.close();
  if (result.exit !== 0) throw new Error(`the run ended ${result.outcome}: ${result.words}`);
  return ended.slice(1).map((at, index) => at - ended[index]! - operations[index + 1]!);
}

/** Milliseconds a step; null without ansible. */
async function ansible(folder: string): Promise<number | null> {
  const tasks = 20;
  const play = join(folder, 'play.yml');
  const list = Array.from({ length: tasks }, () => '    - ansible.builtin.command: "true"').join(
    '\n',
  );
  writeFileSync(
    play,
    `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${list}\n`,
  );
  const run = () =>
    execa('ansible-playbook', [play], { env: { ANSIBLE_LOCALHOST_WARNING: 'false' } });
  try {
    await execa('ansible-playbook', ['--version']);
  } catch {
    return null;
  }
  return (await timed(run)) / tasks;
}

export const steps: Benchmark = {
  name: 'steps',
  run: (say) =>
    withLab({ fixture: 'v3le' }, async (lab) => {
      const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
      try {
        const took = await runnerCost(lab, folder, false);
        const checked = await runnerCost(lab, folder, true);
        const peer = await ansible(folder);
        if (peer === null) say('ansible-playbook is not installed: no peer');
        return [
          {
            name: 'runner, a durable step beyond the command',
            value: median(took),
            unit: 'ms',
            goal: 1.5,
            peer: peer === null ? null : { name: 'ansible-core, the whole step', value: peer },
            note: `${STEPS} steps, a commit each`,
          },
          {
            name: 'runner, the same with requirement, probe, expectation and prediction',
            value: median(checked),
            unit: 'ms',
            goal: null,
            peer: null,
            note: 'the looks at the cluster included',
          },
        ];
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
};
