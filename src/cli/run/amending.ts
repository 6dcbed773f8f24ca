/**
 * `amend`: what is left of a run that waits is planned anew, rehearsed from where the cluster is
 * now, and recorded. In a change window it also needs to be approved: a paper asks for it (exit 3),
 * and the same words typed again, once enough people have approved it, amend the run.
 */

import { secretVouch } from '../../adapters/secret-key.ts';
import { isEmergency } from '../../change/judge.ts';
import { benchHeld } from '../../cluster/bench.ts';
import { heldIfAble } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Journal } from '../../ports/journal.ts';
import {
  type Amendment,
  amendmentBody,
  makeAmendment,
  requireAmendable,
} from '../../runbook/afterwards/amend.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { lintFiles } from '../../runbook/language/lint/lint.ts';
import { placesOf, requireSameSecrets, vouchFor } from '../../runbook/plan/secrets.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import { appendToRun } from '../../runbook/run/append.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { pinnedPlan } from '../../runbook/run/resume.ts';
import { endInWords, windowOfRun } from '../../runbook/run/standing.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import { findRun } from '../../service/runs.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readText } from '../words/reading.ts';
import { sayClosing } from './closing.ts';
import { givenValues, secretsOf } from './giving-secrets.ts';
import { optionsOf, rehearseOn } from './planning.ts';
import { findRunbook } from './runbooks.ts';
import { checkCluster } from './running.ts';

interface Desk {
  cli: Cli;
  cluster: Cluster;
  args: Args;
  journal: Journal;
  state: RunState;
  reason: string;
}

/** Which runbook the rest comes from; null: what is left stays, but for what is skipped. */
async function restOf({ cli, args, state }: Desk) {
  const named = [args.runbook, args.from].filter((word) => typeof word === 'string');
  if (named.length > 1) {
    throw badInput('--runbook and --from name two runbooks', {
      code: 'usage',
      remedy: 'give one of the two',
    });
  }
  if (typeof args.from === 'string') lintFile(args.from);
  const given = [...words(args.set), ...words(args.secret)];
  if (named.length === 0 && given.length === 0) return null;
  const { found, library } = findRunbook(String(named[0] ?? state.plan.runbook.id));
  const of = { of: found.runbook.id, wanted: secretsOf(found) };
  const set = await givenValues(cli, args, of);
  return { runbook: found, library, set };
}

/** A runbook that nobody has looked at before is held to the same rules as the shipped ones. */
function lintFile(file: string): void {
  if (!/\/|\.ya?ml$/.test(file)) {
    throw badInput(`--from ${file} is not the name of a runbook file`, {
      code: 'usage',
      remedy: 'write a path, or name a shipped runbook with --runbook',
    });
  }
  const [first] = lintFiles([{ file, text: readText(file) }]);
  if (first) throw first;
}

async function amendment(desk: Desk, status: Status): Promise<Amendment> {
  const { args, cluster, journal, state } = desk;
  const entries = await journal.entries(state.run);
  return makeAmendment({
    state,
    predicted: (await pinnedPlan(journal, state)).predicted,
    skip: words(args.skip),
    rest: await restOf(desk),
    before: entries.filter(({ type }) => type === 'run.amended').length,
    status,
    config: cluster.config,
  });
}

/** What was done was done with the secrets of then; what is left may get others. */
async function requireDoneWithSame({ cli, journal, state }: Desk, made: Amendment): Promise<void> {
  const done = new Set(
    made.plan.steps
      .slice(0, made.at)
      .flatMap(placesOf)
      .map(({ name }) => name),
  );
  const entries = await journal.entries(state.run);
  requireSameSecrets(entries, made.secrets, secretVouch(cli.home), {
    names: done,
    remedy: 'a step was done with it: give the same, or start a new run',
  });
}

/** On a twin the run is amended and resumed, as it would be on the cluster. */
async function rehearseAmended(desk: Desk, made: Amendment, from: Status): Promise<Rehearsal> {
  const { cli, cluster, journal, state, reason } = desk;
  const entries = await journal.entries(state.run);
  const last = entries.at(-1) as JournalEntry;
  const body = amendmentBody(state, made, cli.who, reason);
  const amended = { ...last, type: 'run.amended', body };
  return rehearseOn({
    cluster,
    plan: made.plan,
    secrets: made.secrets,
    who: cli.who,
    options: optionsOf(cli, desk.args),
    from,
    begun: { run: state.run, entries: [...entries, amended], secrets: made.secrets },
  });
}

/** Why the amendment has to wait for people, and until when it can; null when it need not. */
async function waitsFor(
  desk: Desk,
  made: Amendment,
  rehearsal: Rehearsal,
): Promise<{ why: string; by?: string } | null> {
  const { cli, cluster, journal, state, args, reason } = desk;
  const { run } = state;
  const id = windowOfRun(await journal.entries(run));
  if (id === null) return null;
  const held = await heldIfAble(cluster.door);
  const bench = benchHeld(held, cluster.config.uuid, cluster.clock.now());
  const window = bench.windows.find((one) => one.id === id);
  if (window && isEmergency(window)) return null;
  const isThis = (plan: { amends?: string }) => plan.amends === made.plan.hash;
  if (window?.plans.some(isThis)) return null;
  const pending = window?.pending.find(({ plan }) => isThis(plan));
  const need = `drydock window approve ${id}, by people who neither asked for it nor carry it out`;
  const by = window ? { by: endInWords({ id, endsAt: window.endsAt }) } : {};
  if (pending)
    return { why: `${pending.approvals.length} have approved it so far; ${need}`, ...by };
  const { proposeAmendment } = await import('../window/handover.ts');
  const wish = { window: id, run, plan: made.plan, rehearsal, reason, args };
  const { hash } = await proposeAmendment(cli, cluster, wish);
  return { why: `asked for in window ${id} (${hash.slice(0, 16)}); ${need}`, ...by };
}

async function append(desk: Desk, made: Amendment): Promise<void> {
  const { cli, journal, state, reason } = desk;
  const { run, plan } = state;
  const letGo = await journal.hold(plan.cluster.uuid, `amendment of ${run}, ${cli.who}`);
  try {
    const vouched = vouchFor(run, made.plan, made.secrets, secretVouch(cli.home));
    const body = { ...amendmentBody(state, made, cli.who, reason), ...vouched };
    await appendToRun({ journal, run, who: cli.who }, (now) => {
      requireAmendable(now);
      if (now.seq === state.seq) {
        return [{ type: 'run.amended', body }];
      }
      throw new DrydockError(`run ${run} has moved on while it was rehearsed`, {
        code: 'amend.moved',
        exit: 5,
        remedy: 'amend it again',
      });
    });
  } finally {
    await letGo();
  }
}

async function amendRun(desk: Desk): Promise<number> {
  const { cli, cluster, args, state } = desk;
  const { run } = state;
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const made = await amendment(desk, from);
  await requireDoneWithSame(desk, made);
  const rehearsal = await rehearseAmended(desk, made, from);
  const ready: Amendment = { ...made, plan: rehearsal.plan };
  const isDoomed = rehearsal.exit !== 0;
  const isDry = args.dryRun === true;
  const waiting = isDoomed || isDry ? null : await waitsFor(desk, ready, rehearsal);
  if (!isDoomed && !isDry && waiting === null) await append(desk, ready);
  const waits = waiting?.why ?? null;
  const { plan, changes, at } = ready;
  const outcome = isDoomed ? 'doomed' : isDry ? 'rehearsed' : waits ? 'waiting' : 'amended';
  const exit = isDoomed ? rehearsal.exit : waits ? 3 : 0;
  const hashes = { from: state.plan.hash, to: plan.hash };
  const told = { run, outcome, exit, waits, ...hashes, at, changes };
  const { transcript } = rehearsal;
  print(cli, { schema: 'drydock.amendment/1', ...told, transcript }, () =>
    [...changes.map((line) => `${line}\n`), transcript].join(''),
  );
  const said = {
    doomed: `what is left would end ${rehearsal.outcome}; the run is not amended`,
    rehearsed: 'rehearsed only; the run is not amended',
    waiting: `the run is not amended yet: ${waits}`,
    amended: `run ${run} is amended: drydock resume ${run}`,
  };
  cli.say(cli.paint(outcome === 'amended' ? 'green' : 'yellow', said[outcome]));
  sayClosing(cli, exit, waiting?.by);
  return exit;
}

export async function amend(cli: Cli, args: Args): Promise<number> {
  const reason = typeof args.reason === 'string' ? args.reason.trim() : '';
  if (reason === '') {
    throw badInput('an amendment needs a reason', { code: 'usage', remedy: 'give --reason TEXT' });
  }
  const cluster = await openCluster(cli, args);
  const journal = await openJournal(cli);
  try {
    const state = await findRun(journal, String(args.run), 'act');
    checkCluster(cluster, state);
    requireHolder(state, cli.who);
    return await amendRun({ cli, cluster, args, journal, state, reason });
  } finally {
    await journal.close();
    await cluster.close();
  }
}
