/**
 * When which fault strikes in a history. Of one fault alone: when its moment comes. Of many: each
 * in a copy of the history that parts from the undisturbed one at its moment, so that what lies
 * before is played once for all of them.
 */
import type { Forks } from '../ports/forks.ts';
import { type Moment, momentOf, type StepFault } from './step-faults.ts';

export interface Strikes {
  /** Told when a step comes to a moment: the fault that strikes this history there, once. */
  arrive(moment: Moment, step: string): StepFault | null;
  /** The one that has struck. */
  struck(): StepFault | null;
  /** This history parted from another one, which waits for what comes of it. */
  isCopy(): boolean;
}

const placeOf = (moment: Moment, step: string) => `${moment} ${step}`;

export function oneStrike(fault: StepFault): Strikes {
  let struck: StepFault | null = null;
  return {
    arrive(moment, step) {
      if (struck || step !== fault.step || moment !== momentOf(fault)) return null;
      struck = fault;
      return fault;
    },
    struck: () => struck,
    isCopy: () => false,
  };
}

/** A copy is begun under the place of its fault among `faults`. */
export function everyStrike(faults: readonly StepFault[], forks: Forks): Strikes {
  const waiting = new Map<string, number[]>();
  for (const [index, fault] of faults.entries()) {
    const place = placeOf(momentOf(fault), fault.step);
    waiting.set(place, [...(waiting.get(place) ?? []), index]);
  }
  let struck: StepFault | null = null;
  return {
    arrive(moment, step) {
      if (struck) return null;
      const place = placeOf(moment, step);
      const due = waiting.get(place) ?? [];
      // A step that is begun again comes to the same moment.
      waiting.delete(place);
      for (const index of due) {
        if (!forks.fork(index)) continue;
        struck = faults[index] as StepFault;
        return struck;
      }
      return null;
    },
    struck: () => struck,
    isCopy: () => struck !== null,
  };
}
