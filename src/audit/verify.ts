/**
 * Verifies a record: the same for `audit verify`, for the stand-alone script and for the tests.
 * Needs the record, and, to say more than that it agrees with itself, anchors and allowed signers.
 */
import type { RecordReader } from '../ports/journal.ts';
import type { Trust } from '../ports/signatures.ts';
import type { StoredAnchor } from './anchors.ts';
import type { Line } from './lines.ts';
import { bad, type Findings, good, type RecordVerdict, unknown, verdictOf } from './verdict.ts';
import { type Vouched, vouchedFor } from './vouching.ts';
import { Walk } from './walk.ts';

export interface VerifyOptions {
  anchors?: StoredAnchor[];
  /** Places of anchors that were cut off while they were written. */
  torn?: string[];
  /** null: signatures are not looked at. */
  trust?: Trust | null;
}

function entriesWords(count: number): string {
  return count === 1 ? 'entry 1' : `entries 1 to ${count}`;
}

function countWords(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}

function completenessOf(
  walk: Walk,
  anchors: StoredAnchor[],
  vouched: Vouched,
): Findings['completeness'] {
  const last = Math.max(0, ...anchors.map(({ seq }) => seq));
  if (walk.completeness) return bad(walk.completeness);
  if (last > walk.end) {
    const cut =
      last === walk.end + 1 ? `entry ${last} is` : `entries ${walk.end + 1} to ${last} are`;
    return bad({ entry: walk.end + 1, why: `${cut} cut off: an anchor names entry ${last}` });
  }
  if (walk.end === 0) return unknown('there is no entry; whether there ever was one is not known');
  const whole = `${entriesWords(walk.end)}, none missing`;
  if (vouched.byAnchor === null)
    return unknown(`${whole} among them; whether more followed is not known`);
  return good(`${whole}, and none cut off up to entry ${vouched.byAnchor}`);
}

function anchoringOf(vouched: Vouched): Findings['anchoring'] {
  if (vouched.problem) return bad(vouched.problem);
  const said = [vouched.anchorWords, vouched.signatureWords].filter((words) => words !== null);
  if (said.length > 0) return good(said.join('; '));
  return unknown('nothing that could be compared vouches for it');
}

/** What an anchor would show, or does not. */
function beyondAnchor(walk: Walk, { byAnchor, bySignature }: Vouched, isGiven: boolean): string {
  if (byAnchor === null) {
    const why = isGiven ? 'none of the anchors fits' : 'no anchor was given';
    const instead = bySignature === null ? 'a record written anew as a whole' : 'an older copy';
    return `${why}: entries cut off at the end, or ${instead} put in its place, cannot be seen`;
  }
  if (byAnchor >= walk.end)
    return 'entries written and cut off after the anchor was made cannot be seen';
  const newer =
    byAnchor + 1 === walk.end
      ? `entry ${walk.end} is`
      : `entries ${byAnchor + 1} to ${walk.end} are`;
  return `${newer} newer than the anchor: a cut there cannot be seen`;
}

function blindSpots(walk: Walk, vouched: Vouched, isGiven: boolean): string[] {
  const { byAnchor, bySignature, unread } = vouched;
  const spots = [beyondAnchor(walk, vouched, isGiven)];
  const sure = Math.max(byAnchor ?? 0, bySignature ?? 0);
  if (sure > 0 && sure < walk.end) {
    spots.push(
      `no anchor or signature covers what follows entry ${sure}: whoever can write the record ` +
        'could write that anew',
    );
  }
  if (unread > 0) {
    spots.push(
      `${countWords(unread, 'checkpoint is', 'checkpoints are')} signed; without allowed signers ` +
        '(--signers) it is not known by whom',
    );
  }
  return spots;
}

function notesOf(walk: Walk, vouched: Vouched): string[] {
  const notes: string[] = [];
  const [jump] = walk.clockJumps;
  if (jump) {
    const often = countWords(walk.clockJumps.length, 'time', 'times');
    notes.push(`the clock went back ${often}, first at entry ${jump.entry} by ${jump.ms} ms`);
  }
  const unended = [...walk.unended].filter(([recording]) => recording !== walk.exporting);
  const [[, begun] = []] = unended;
  if (begun !== undefined) {
    const who = countWords(unended.length, 'program has', 'programs have');
    notes.push(
      `${who} not recorded an end (killed, or still at work), the first began at entry ${begun}`,
    );
  }
  if (vouched.unsigned > 0) {
    notes.push(countWords(vouched.unsigned, 'checkpoint is unsigned', 'checkpoints are unsigned'));
  }
  return notes;
}

/** What a line said that was cut off, nobody knows. */
export function tornWords(torn: readonly string[]): string[] {
  if (torn.length === 0) return [];
  return [`${torn.join(', ')}: cut off as it was written; what was anchored there is not known`];
}

function conclude(
  walk: Walk,
  { anchors = [], torn = [], trust = null }: VerifyOptions,
): RecordVerdict {
  const vouched = vouchedFor(walk, anchors, trust);
  const whole = `${countWords(walk.entries, 'entry', 'entries')}, each as it was sealed and after the one before`;
  const none = 'there is no entry to look at';
  const findings: Findings = {
    integrity: walk.integrity
      ? bad(walk.integrity)
      : walk.entries > 0
        ? good(whole)
        : unknown(none),
    completeness: completenessOf(walk, anchors, vouched),
    anchoring: anchoringOf(vouched),
  };
  const sure = Math.max(vouched.byAnchor ?? 0, vouched.bySignature ?? 0);
  return verdictOf(findings, {
    entries: walk.entries,
    head: walk.head,
    anchored: sure > 0 ? sure : null,
    cannotKnow: [...blindSpots(walk, vouched, anchors.length > 0), ...tornWords(torn)],
    noted: notesOf(walk, vouched),
  });
}

function walkFor({ anchors = [] }: VerifyOptions): Walk {
  return new Walk(anchors.map(({ seq }) => seq));
}

/** A record as it was exported. */
export function verifyLines(lines: Iterable<Line>, options: VerifyOptions = {}): RecordVerdict {
  const walk = walkFor(options);
  for (const line of lines) walk.line(line);
  return conclude(walk, options);
}

/** A record where it lies. */
export async function verifyRecord(
  reader: RecordReader,
  options: VerifyOptions = {},
): Promise<RecordVerdict> {
  const walk = walkFor(options);
  for await (const page of reader.pages()) {
    for (const sealed of page) walk.sealed(sealed.text, sealed.hash, sealed);
  }
  return conclude(walk, options);
}
