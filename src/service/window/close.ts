/**
 * A window is closed only when its runs are over and nothing is left on the cluster that nobody
 * accepted by name. The record gets a checkpoint, stored where the policy says, so that from then on
 * it shows if anything about this window is changed.
 */
import { runsOfWindow } from '../../audit/evidence.ts';
import { entriesOf } from '../../audit/windows.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { type Debts, debtsOf } from '../../runbook/afterwards/debts.ts';
import { isFinal } from '../../runbook/run/fold.ts';
import { type RunHead, readHeads } from '../../runbook/run/heads.ts';
import { endInWords } from '../../runbook/run/standing.ts';
import type { WindowClosedReport } from '../../schema/generated/reports/window-closed.ts';
import type { Cluster, Context } from '../context.ts';
import { counted } from '../figures.ts';
import { collectNotes } from '../notes.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { type Answering, refused, signAnswer } from './answers.ts';
import { sealWindow } from './checkpoint.ts';
import { identityOf, tellWhoSigns } from './keys.ts';
import { giveWindow } from './push.ts';
import { findWindow, needPolicy, openWorkspace, withHeld } from './workspace.ts';

export const OUTCOMES = ['successful', 'with-issues', 'backed-out', 'failed', 'not-done'];

/** Something that is left, by the name it is accepted under. */
export interface Left {
  name: string;
  words: string;
  remedy: string;
}

/**
 * What stands in the way of closing: debts of the window's runs, and those of which nobody knows
 * who left them; what another run left is that one's. What cannot be seen may be there.
 */
export function leftBehind({ debts, unknown }: Debts, runs: readonly string[]): Left[] {
  const own = debts.filter(({ by }) => by === null || runs.includes(by.run));
  const hidden = unknown.map((text) => ({
    // One name a server; what is of no server is the cluster's.
    name: `unknown:${/^(\S+):/.exec(text)?.[1] ?? 'cluster'}`,
    words: `not known: ${text}`,
    remedy: 'make it answer, or accept that nobody knows',
  }));
  return [
    ...own.map(({ key, words: reported, remedy }) => ({ name: key, words: reported, remedy })),
    ...hidden,
  ];
}

function refuseLeft(
  ctx: Context,
  window: ChangeWindow,
  left: readonly Left[],
  accepted: readonly string[],
): void {
  const names = left.map(({ name }) => name);
  const stranger = accepted.find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new DrydockError(`nothing called ${stranger} is left on the cluster`, {
      code: 'debt.unknown',
      exit: 2,
      remedy: suggestion(stranger, names),
    });
  }
  const open = left.filter(({ name }) => !accepted.includes(name));
  if (open.length === 0) return;
  ctx.tell({ type: 'window.owes', left: open });
  const asked = [...new Set(open.map(({ name }) => `--accept ${name}`))];
  throw refused(
    `${window.id} leaves ${counted(open.length, 'thing')} on the cluster`,
    'window.debts',
    `mend them, or accept each by name: ${asked.join(' ')}`,
  );
}

/** What the record says: of all runs, and which of them are the window's. */
interface Recorded {
  heads: readonly RunHead[];
  runs: string[];
}

function refuseRunning(window: ChangeWindow, { heads, runs }: Recorded): void {
  const going = heads
    .map(({ summary }) => summary)
    .filter(({ run }) => runs.includes(run))
    .filter(({ phase }) => phase !== 'damaged' && !isFinal(phase));
  const [first] = going;
  if (!first) return;
  const reported = going.map(({ run, phase }) => `run ${run} is ${phase}`).join(', ');
  throw refused(
    `${reported}: ${window.id} is not over`,
    'window.running',
    `drydock resume ${first.run}, or drydock abort ${first.run}`,
  );
}

async function outcomeFor(ctx: Context, given: string | undefined): Promise<string> {
  const said = given ?? (await ctx.person.says('outcome'));
  if (OUTCOMES.includes(String(said))) return String(said);
  throw new DrydockError('how it went is not said', {
    code: 'usage',
    exit: 2,
    remedy: `give --outcome ${OUTCOMES.join('|')}`,
  });
}

/** With what people typed on the servers meanwhile: the closing's checkpoint stands for it too. */
async function recordedRuns(
  ctx: Context,
  cluster: Cluster,
  window: ChangeWindow,
): Promise<Recorded> {
  const journal = await ctx.records.open();
  try {
    const { silent } = await collectNotes(ctx, cluster, journal);
    for (const why of silent) ctx.tell({ type: 'server.silent', why });
    const { id } = window;
    const runs = runsOfWindow(await entriesOf(journal, { window: id }), id);
    return { heads: await readHeads(journal), runs };
  } finally {
    await journal.close();
  }
}

async function whatIsLeft(cluster: Cluster, { heads, runs }: Recorded) {
  const status = await cluster.door.observation.status();
  return leftBehind(debtsOf(status, cluster.topology, heads), runs);
}

/** The record is sealed whether or not the servers take the news. */
async function giveAndSeal(
  ctx: Context,
  cluster: Cluster,
  { workspace, policy, identity }: Answering,
  window: ChangeWindow,
) {
  const sealing = { policy, identity, window: window.id };
  try {
    await giveWindow(ctx, cluster, workspace, window);
  } catch (error) {
    await sealWindow(ctx, sealing);
    throw error;
  }
  return sealWindow(ctx, sealing);
}

export interface ClosingWish {
  window: string | undefined;
  outcome: string | undefined;
  notes: string;
  /** Debts that are left on the cluster on purpose, by name. */
  accept: readonly string[];
}

async function openOne(ctx: Context, cluster: Cluster, given: string | undefined) {
  const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
  const window = findWindow(workspace, given, 'close');
  if (!window.opened || window.closed) {
    throw refused(
      `${window.id} is ${window.state}, not open`,
      'window.notOpen',
      'nothing to close',
    );
  }
  const policy = needPolicy(workspace, cluster.topology.id);
  return { workspace, window, policy, identity: identityOf(ctx.keys, policy) };
}

export async function closeWindow(
  ctx: Context,
  wish: ClosingWish,
): Promise<Report<WindowClosedReport>> {
  const cluster = await ctx.openCluster();
  try {
    const answering = await openOne(ctx, cluster, wish.window);
    const { window, identity } = answering;
    const recorded = await recordedRuns(ctx, cluster, window);
    const { runs } = recorded;
    refuseRunning(window, recorded);
    const left = await whatIsLeft(cluster, recorded);
    refuseLeft(ctx, window, left, wish.accept);
    const outcome = await outcomeFor(ctx, wish.outcome);
    ctx.tell({ type: 'window.ending', runs, left });
    tellWhoSigns(ctx, identity, { is: 'closing' });
    const { id: asked, endsAt } = window;
    const by = endInWords({ id: asked, endsAt });
    await needYes(ctx.person, { ask: 'close', window: asked, outcome }, by);
    const accepted = left.map(({ name, words: reported }) => `${name}: ${reported}`);
    const body = { of: window.hash, outcome, notes: wish.notes, runs, accepted };
    const answer = { kind: 'closing', body, type: 'window.closed' } as const;
    const { window: done, hash, file } = await signAnswer(ctx, answering, answer);
    const checkpoint = await giveAndSeal(ctx, cluster, answering, done);
    const { id, state, owesReview } = done;
    const about = { window: id, state, outcome, runs, owesReview };
    const more = { accepted, checkpoint, hash, file };
    return reportOf({ schema: 'drydock.window-closed/1', ...about, ...more });
  } finally {
    await cluster.close();
  }
}
