/**
 * How entries of a run get into the record: they are decided from where the run stands, and are
 * appended only while it still stands there. So two writers, whatever they are and whatever lock
 * they lost, never make a sequence that the chart does not know; whoever comes second looks again.
 *
 *   fold ─► decide ─► does the chart take it? ─► append, if the last entry is the one folded
 *    ▲                                                   │ no: somebody was faster
 *    └───────────────────────────────────────────────────┘
 */
import { isRunMoved, runMoved } from '../../audit/errors.ts';
import type { Journal, LastEntries, NewEntry } from '../../ports/journal.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import { type Draft, type Marks, marksOnUndone } from '../afterwards/undo-record.ts';
import { type Advanced, advance, foldRun, type RunState } from './fold.ts';
import type { Redact } from './redact.ts';

/** Somebody was faster so often in a row that something else is wrong. */
const MOST_TRIES = 20;

/** Where they lead one after the other, from where the run stands; null: the chart takes them not. */
function movesOf(state: RunState, drafts: readonly Draft[], who: string): Advanced[] | null {
  const moves: Advanced[] = [];
  let here = state;
  for (const draft of drafts) {
    const { run, seq } = here;
    const entry = { ...draft, run, who, seq: seq + 1, at: '', previous: '', hash: '' };
    try {
      const move = advance(here, entry as JournalEntry);
      moves.push(move);
      here = move.state;
    } catch {
      return null;
    }
  }
  return moves;
}

/** What may go into the same commit, from where that led; nothing where it has to wait for something. */
export type Further = (led: Advanced) => readonly Draft[];

/** Where the drafts lead, and what `further` adds to them; null as above. */
function decided(
  state: RunState,
  own: readonly Draft[],
  who: string,
  further: Further,
): { drafts: readonly Draft[]; moves: Advanced[] } | null {
  const moves = movesOf(state, own, who);
  const led = moves?.at(-1);
  if (!moves || !led) return moves && { drafts: own, moves };
  const more = further(led);
  const moreMoves = movesOf(led.state, more, who);
  return moreMoves && { drafts: [...own, ...more], moves: [...moves, ...moreMoves] };
}

interface Commit {
  journal: Journal;
  state: RunState;
  drafts: readonly Draft[];
  who: string;
  redact: Redact;
}

/** The sealed entries of the run itself; throws `run.moved` where it stands elsewhere by now. */
async function commit({ journal, state, drafts, who, redact }: Commit) {
  const { run } = state;
  const marks: Marks = await marksOnUndone(journal, state, drafts);
  if (marks.undone && !movesOf(marks.undone, marks.drafts, who)) {
    throw runMoved(marks.undone.run, `it is ${marks.undone.phase} by now`);
  }
  const own: NewEntry[] = drafts.map((draft) => ({ run, ...draft }));
  const after: Record<string, number> = { [run]: state.seq };
  if (marks.undone) {
    own.push(...marks.drafts.map((draft) => ({ run: marks.undone!.run, ...draft })));
    after[marks.undone.run] = marks.undone.seq;
  }
  const sealed = await journal.append(redact(own), after satisfies LastEntries);
  return sealed.slice(0, drafts.length);
}

export interface Appended {
  entries: JournalEntry[];
  /** Where each of them led. */
  moves: Advanced[];
}

export interface Appending {
  journal: Journal;
  run: string;
  who: string;
  redact?: Redact;
  /** Asked only while nobody else was faster: what they did may be a reason to add nothing. */
  further?: Further;
}

/**
 * Appends in one commit what `decide` makes of where the run stands. It is asked again as often as
 * somebody else was faster, and throws to refuse. Drafts that the chart does not take are not
 * recorded: `run.moved`, exit 5.
 */
export async function appendToRun(
  { journal, run, who, redact = (value) => value, further = () => [] }: Appending,
  decide: (state: RunState) => readonly Draft[],
  known?: RunState,
): Promise<Appended> {
  let before = known ?? foldRun(await journal.entries(run));
  for (let tries = 1; ; tries += 1) {
    // Before it moves anything: where a run stands is reported as it is recorded.
    const own = redact(decide(before));
    const made = decided(before, own, who, (led) => (tries > 1 ? [] : redact(further(led))));
    if (!made) throw runMoved(run, `it is ${before.phase} by now`);
    const { drafts, moves } = made;
    try {
      const entries = await commit({ journal, state: before, drafts, who, redact });
      // Known only now: others may have appended entries of their own.
      moves.forEach((move, at) => {
        move.state = { ...move.state, seq: entries[at]!.seq };
      });
      return { entries, moves };
    } catch (error) {
      if (!isRunMoved(error) || tries >= MOST_TRIES) throw error;
      const next = foldRun(await journal.entries(run));
      // It is the run that this one undoes that moved, and it does not take the marks.
      if (next.seq === before.seq && tries > 1) throw error;
      before = next;
    }
  }
}
