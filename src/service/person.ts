/**
 * The person who asks for something, as a port: what only they can say. Whoever takes requests asks
 * them in words (a terminal, a page), or finds the answer in what they gave beforehand.
 */
import { DrydockError } from '../core/errors.ts';
import type { Operator } from '../ports/operator.ts';
import type { WantedSecret } from './run/secrets.ts';

/** What a yes is asked for, after everything that it rests on was shown. */
export type Question =
  | { ask: 'run' }
  | { ask: 'approve' | 'reject' | 'withdraw' | 'review'; window: string }
  | { ask: 'request'; plans: number }
  | { ask: 'open'; window: string; cluster: string }
  | { ask: 'close'; window: string; outcome: string }
  | { ask: 'breakGlass' | 'breakGates' }
  | { ask: 'signPolicy'; version: number }
  | { ask: 'pushPolicy'; version: number; cluster: string };

/** What is asked for in words of the person's own, where nobody gave it beforehand. */
export type Wanted = 'reason' | 'notes' | 'outcome';

export interface Person extends Pick<Operator, 'confirm' | 'choose'> {
  /** Whether somebody is there to be asked. */
  isThere: boolean;
  /** Whether they say yes; nobody there says no. */
  agrees(question: Question): Promise<boolean>;
  /** null: nobody is there, or says anything. */
  says(wanted: Wanted): Promise<string | null>;
  /**
   * What they give for parameters, by name, secrets by every way. `of`: the runbook or run, for
   * words. A secret that is needed and that nobody gives is left out.
   */
  gives(wish: { of: string; wanted: readonly WantedSecret[] }): Promise<Record<string, string>>;
}

interface Unsaid {
  code: string;
  /** What was left undone. */
  undone: string;
  /** What nobody is there for. */
  say: string;
  remedy: string;
}

const AT_RUN: Unsaid = {
  code: 'run.unconfirmed',
  undone: 'nothing was done',
  say: '"go on"',
  remedy: 'run it at a terminal, or give --yes',
};

const AT_WINDOW: Unsaid = {
  code: 'window.unconfirmed',
  undone: 'nothing was signed or sent',
  say: 'yes',
  remedy: 'do it at a terminal, or give --yes',
};

/** Goes on where the person says yes; otherwise nothing is done (exit 3). `by`: a time limit. */
export async function needYes(person: Person, question: Question, by?: string): Promise<void> {
  if (await person.agrees(question)) return;
  const { code, undone, say, remedy } = question.ask === 'run' ? AT_RUN : AT_WINDOW;
  const why = person.isThere ? 'the answer was not yes' : `nobody is there to say ${say}`;
  throw new DrydockError(`${why}; ${undone}`, {
    code,
    exit: 3,
    remedy,
    ...(by === undefined ? {} : { by }),
  });
}
