/**
 * `window close`: only when its runs are over and nothing is left on the cluster that nobody
 * accepted by name. The record gets a checkpoint, kept where the policy says, so that from then on
 * it shows if anything about this window is changed.
 */
import { runsOfWindow } from '../../audit/evidence.ts';
import { entriesOf } from '../../audit/windows.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import { type Debts, debtsOf } from '../../runbook/afterwards/debts.ts';
import { isFinal } from '../../runbook/run/fold.ts';
import { type RunHead, readHeads } from '../../runbook/run/heads.ts';
import { collectNotes } from '../../service/notes.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readLine, words } from '../words/asking.ts';
import { counted } from '../words/progress.ts';
import { type Answering, refused, signAnswer } from './answers.ts';
import { agree } from './asking.ts';
import { sealWindow } from './checkpoint.ts';
import { findWindow, needPolicy, openDesk, withHeld } from './desk.ts';
import { identityOf, sayWhoSigns } from './keys.ts';
import { giveWindow } from './push.ts';

const OUTCOMES = ['successful', 'with-issues', 'backed-out', 'failed', 'not-done'];

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
    ...own.map(({ key, words: told, remedy }) => ({ name: key, words: told, remedy })),
    ...hidden,
  ];
}

function refuseLeft(
  cli: Cli,
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
  for (const { name, words: what, remedy } of open) {
    cli.say(`${cli.paint('yellow', name)}: ${what}; mend it with: ${remedy}`);
  }
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
  const told = going.map(({ run, phase }) => `run ${run} is ${phase}`).join(', ');
  throw refused(
    `${told}: ${window.id} is not over`,
    'window.running',
    `drydock resume ${first.run}, or drydock abort ${first.run}`,
  );
}

async function outcomeFor(cli: Cli, args: Args): Promise<string> {
  const given = args.outcome ?? (await readLine(cli, `Outcome (${OUTCOMES.join(', ')}): `));
  if (OUTCOMES.includes(String(given))) return String(given);
  throw new DrydockError('how it went is not said', {
    code: 'usage',
    exit: 2,
    remedy: `give --outcome ${OUTCOMES.join('|')}`,
  });
}

/** With what people typed on the servers meanwhile: the closing's checkpoint stands for it too. */
async function recordedRuns(
  cli: Cli,
  args: Args,
  cluster: Cluster,
  window: ChangeWindow,
): Promise<Recorded> {
  const journal = await openJournal(cli);
  try {
    const { silent } = await collectNotes(contextOf(cli, args), cluster, journal);
    for (const words of silent) {
      cli.say(cli.paint('yellow', `what was typed there is not known: ${words}`));
    }
    const { id } = window;
    const runs = runsOfWindow(await entriesOf(journal, { window: id }), id);
    return { heads: await readHeads(journal), runs };
  } finally {
    await journal.close();
  }
}

async function whatIsLeft(cluster: Cluster, { heads, runs }: Recorded) {
  const status = await cluster.door.observation.status();
  return leftBehind(debtsOf(status, cluster.config, heads), runs);
}

/** The record is sealed whether or not the servers take the news. */
async function giveAndSeal(
  cli: Cli,
  cluster: Cluster,
  { desk, policy, identity }: Answering,
  window: ChangeWindow,
): Promise<JsonObject> {
  try {
    await giveWindow(cli, cluster, desk, window);
  } catch (error) {
    await sealWindow(cli, { policy, identity, window: window.id });
    throw error;
  }
  return sealWindow(cli, { policy, identity, window: window.id });
}

export async function closeWindow(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const desk = await withHeld(openDesk(cli, args), cluster.door);
    const [given] = (args.words ?? []) as string[];
    const window = findWindow(desk, given, 'close');
    if (!window.opened || window.closed) {
      throw refused(
        `${window.id} is ${window.state}, not open`,
        'window.notOpen',
        'nothing to close',
      );
    }
    const policy = needPolicy(desk, cluster.config.uuid);
    const identity = identityOf(args, policy);
    const recorded = await recordedRuns(cli, args, cluster, window);
    const { runs } = recorded;
    refuseRunning(window, recorded);
    const left = await whatIsLeft(cluster, recorded);
    const accepted = words(args.accept);
    refuseLeft(cli, window, left, accepted);
    const outcome = await outcomeFor(cli, args);
    const notes = typeof args.notes === 'string' ? args.notes : '';
    cli.say(`runs: ${runs.join(', ') || 'none'}`);
    for (const one of left) cli.say(cli.paint('yellow', `left on purpose: ${one.words}`));
    sayWhoSigns(cli, identity, 'the closing');
    await agree(cli, args, `Close ${window.id} as ${outcome}?`, window);
    const names = left.map(({ name, words: told }) => `${name}: ${told}`);
    const body = { of: window.hash, outcome, notes, runs, accepted: names };
    const answering = { desk, window, policy, identity };
    const done = await signAnswer(cli, answering, { kind: 'closing', body, type: 'window.closed' });
    const sealed = await giveAndSeal(cli, cluster, answering, done.window);
    const { id, state, owesReview } = done.window;
    const told = {
      schema: 'drydock.window-closed/1',
      window: id,
      state,
      outcome,
      runs,
      owesReview,
    };
    print(
      cli,
      { ...told, accepted: names, checkpoint: sealed, hash: done.hash, file: done.file },
      () => `${id} ${state}\n`,
    );
    cli.say(`${owesReview ? 'it owes a review' : 'next'}: drydock window review ${id}`);
    return 0;
  } finally {
    await cluster.close();
  }
}
