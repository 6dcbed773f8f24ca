/**
 * Whether the power of the other servers could be cut, asked while all is well (x5: forced stop): once
 * this server serves, and every CHECK_MS. A controller that is away, or a login that it refuses, is
 * noticed before it is needed. Where the platform can tell, so is a login that reads and may not cut:
 * it is asked to read with the privilege that cutting wants, and how far it may go at most
 * (src/adapters/power-platforms.ts).
 *
 *     asked ──► answers: on, or off ──► said, if it was said before that it did not
 *          └──► does not ──► asked again after AGAIN_MS ──► does not: said, once
 *
 * Times and messages are our choice.
 */
import { say } from '../messages.ts';
import { ask, emit, patch, type Turn } from '../turn.ts';

const CHECK_MS = 300_000;
const AGAIN_MS = 5_000;
/** More than any command of a platform takes to look. */
const LOOK_MS = 30_000;
/** In a row; one answer may be late on a busy machine. */
const MISSES = 2;

const TIMER = 'controllers';

export function watchControllers(turn: Turn): void {
  if (turn.state.config.forceStop === null) emit(turn, { type: 'cancelTimer', id: TIMER });
  else onControllersTimer(turn);
}

export function onControllersTimer(turn: Turn): void {
  const { config, phase, peers } = turn.state;
  if (config.forceStop === null || phase !== 'online') return;
  for (const peer of Object.keys(peers)) {
    const to = { server: peer, part: 'bmc' as const };
    ask(turn, to, { do: 'power.check' }, LOOK_MS, { kind: 'controller', peer });
  }
  emit(turn, { type: 'armTimer', id: TIMER, at: turn.now + CHECK_MS });
}

function note(turn: Turn, peer: string, misses: number): void {
  patch(turn, { controllers: { ...turn.state.controllers, [peer]: misses } });
}

/** `failure`: why its power cannot be read; null: it can. */
export function onControllerAnswered(turn: Turn, peer: string, failure: string | null): void {
  if (!turn.state.peers[peer] || turn.state.phase !== 'online') return;
  const before = turn.state.controllers[peer] ?? 0;
  if (failure === null) {
    if (before >= MISSES) say(turn, 'controllerAnswers', peer);
    if (before > 0) note(turn, peer, 0);
    return;
  }
  if (before >= MISSES) return;
  note(turn, peer, before + 1);
  if (before + 1 === MISSES) say(turn, 'controllerSilent', peer, failure);
  else emit(turn, { type: 'armTimer', id: TIMER, at: turn.now + AGAIN_MS });
}
