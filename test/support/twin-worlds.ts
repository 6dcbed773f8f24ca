/** A live cluster for every runbook of the project: a twin in a situation that the runbook is for. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { topologyOf } from '../../src/change/topology.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Plan } from '../../src/core/plan.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import {
  type Rehearsal,
  type RehearsalWorld,
  rehearse,
} from '../../src/runbook/rehearsal/rehearse.ts';
import type { Situation } from '../../src/schema/generated/runbook.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { bringAbout, readSituation } from '../../src/sim/situation/situation.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

/** A situation that a runbook is for, or one that a test makes of it. */
export interface Case {
  id: string;
  given: Record<string, Json>;
  choices?: Record<string, string>;
  cluster?: string;
  autoRecovery?: boolean;
  /** How a cluster at rest comes there, in the words of scenarios. */
  situation?: string[];
  arrange?: (twin: Twin) => Promise<unknown>;
  ends?: 'done' | 'refused';
  leaves?: string;
  title?: string;
}

const DATA_BYTES = 1024 * 1024;

export function configText(made: Case): string {
  const file = new URL(
    `../../fixtures/clusters/${made.cluster ?? 'v3le'}.clp.conf`,
    import.meta.url,
  );
  const text = readFileSync(fileURLToPath(file), 'utf8');
  if (made.autoRecovery) return text;
  return text.replace('<autorecovery>1</autorecovery>', '<autorecovery>0</autorecovery>');
}

function caseOf(id: string, given: Situation): Case {
  const { title, cluster, with: parameters = {}, given: situation = [] } = given;
  const { choices, ends = 'done', leaves, 'automatic-recovery': autoRecovery = true } = given;
  return {
    id,
    title: `${id}: ${title}`,
    cluster,
    situation,
    autoRecovery,
    given: parameters,
    ends,
    ...(choices ? { choices } : {}),
    ...(leaves === undefined ? {} : { leaves }),
  };
}

/** Every situation that a runbook of the project names. */
export const CASES: Case[] = [...loadRunbooks().values()].flatMap(({ runbook }) =>
  (runbook.situations ?? []).map((situation) => caseOf(runbook.id, situation)),
);

/** The cluster that the run meets; the same seed gives the same one every time. */
export async function liveTwin(made: Case): Promise<Twin> {
  const normal = await buildTwin({ configText: configText(made), seed: 7, dataBytes: DATA_BYTES });
  await normal.up();
  const lines = readSituation(made.situation ?? [], normal.config);
  const twin = await bringAbout(normal, lines);
  await made.arrange?.(twin);
  await twin.atRest();
  return twin;
}

export function worldOf(twin: Twin, made: Case): RehearsalWorld {
  return {
    door: twin.door(),
    operator: twin.operator({ choices: made.choices ?? {} }),
    clock: twin.controlClock(),
    random: twin.random,
    run: (promise) => twin.run(promise),
    unknowns: twin.unknowns,
  };
}

/** What the cluster runs with: a situation may have changed it. */
export function configNow(twin: Twin): string {
  return twin.atHand().text;
}

export async function planFor(twin: Twin, made: Case): Promise<Plan> {
  const library = loadRunbooks();
  return makePlan({
    runbook: library.get(made.id)!,
    library,
    parameters: made.given,
    status: await twin.status(),
    topology: topologyOf(parseClusterConfiguration(configNow(twin), 'clp.conf')),
  });
}

/** A rehearsal on a twin that is made from the status of the live one. */
export async function rehearsed(twin: Twin, made: Case): Promise<Rehearsal> {
  const from = await twin.status();
  return rehearse({
    plan: await planFor(twin, made),
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: configNow(twin), seed: 11, from }), made),
  });
}
