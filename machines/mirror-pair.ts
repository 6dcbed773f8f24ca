/**
 * A mirror as a person sees it: the colour of each copy, and the state of the pair (v3 11.10.2); and
 * what the two sides know of each other. Apart from the chart, so that who only shows a mirror need
 * not load one.
 */
export type Color = 'GREEN' | 'YELLOW' | 'RED' | 'GRAY';
export type PairState = 'Normal' | 'Abnormal' | 'Recovering' | 'No Construction' | 'Unknown';

/** How this copy stands to the other one, as far as it follows from what both say. */
export type Verdict =
  | 'same'
  | 'sourceMe'
  | 'sourcePeer'
  | 'bothChanged'
  | 'unrelated'
  | 'unconstructed';

export interface Judgement {
  verdict: Verdict;
  /** The whole copy must be sent: the out-of-sync map does not tell what differs. */
  full: boolean;
  why: string;
}

/** What the other side said of itself when the two met, kept up to date by its notices. */
export interface PeerFacts {
  active: boolean;
  diskError: boolean;
  victim: string | null;
  /** Of its copy of the mirror. */
  sizeBytes: number;
}

/** One side as the pair function needs it; null where nothing is known of that side. */
export interface SideFacts {
  color: Color;
  constructed: boolean;
}

/** State of the pair by v3 11.10.2: of what both sides say, unknown when nobody says anything. */
export function pairState(sides: readonly (SideFacts | null)[]): PairState {
  const known = sides.filter((side) => side !== null);
  if (known.every((side) => side.color === 'GRAY')) return 'Unknown';
  if (known.some((side) => side.color === 'YELLOW')) return 'Recovering';
  if (known.every((side) => !side.constructed)) return 'No Construction';
  const green = known.length === sides.length && known.every((side) => side.color === 'GREEN');
  return green ? 'Normal' : 'Abnormal';
}
