/**
 * Evidence that the active side of a mirror stopped first, asked for: the other host says that no
 * agent runs there and that its cluster partition tells no break, or its management controller's that
 * the power is off. What a server says in an orderly stop, and a forced stop, are evidence as well.
 */
import type { Evidence } from '../../../machines/mirror-events.ts';
import { mirrorsOf } from '../../config/index.ts';
import type { HostView } from '../../ports/views.ts';
import type { FactOf } from '../facts.ts';
import { isUnproven, isUp, waitingWith } from '../queries.ts';
import type { Purpose } from '../state.ts';
import { ask, type Turn } from '../turn.ts';
import { movePeer } from './peer.ts';

/** How long the other host may take to answer for itself. */
const QUESTION_MS = 500;

/** Asks host and management controller, unless they are being asked already. */
export function seekEvidence(turn: Turn, { peer }: FactOf<'evidence.missed'>): void {
  const questions = turn.state.config.forceStop ? 2 : 1;
  movePeer(turn, peer, { type: 'evidence.wanted', questions });
}

export function askForEvidence(turn: Turn, { peer }: FactOf<'evidence.wanted'>): void {
  const about = (how: 'power' | 'host'): Purpose => ({ kind: 'evidence', peer, how });
  ask(turn, { server: peer, part: 'host' }, { do: 'status' }, QUESTION_MS, about('host'));
  if (!turn.state.config.forceStop) return;
  ask(turn, { server: peer, part: 'bmc' }, { do: 'power.status' }, QUESTION_MS, about('power'));
}

function readEvidence(turn: Turn, name: string, how: string, body: unknown): Evidence | null {
  if (how === 'power') {
    const off = (body as { power?: string } | null)?.power === 'off';
    return off ? { by: 'fence', from: name, at: turn.now } : null;
  }
  const view = body as Partial<HostView> | null;
  if (view?.services?.clusterpro_md?.running !== false) return null;
  const isWhole = mirrorsOf(turn.state.config).every(
    (mirror) => view.mirrorBreaks?.[mirror.name] === 'none',
  );
  return isWhole ? { by: 'operatingSystem', from: name, at: turn.now } : null;
}

/** The wait at the start is over: what of those that were never heard is known otherwise? */
export function seekUnheard(turn: Turn): void {
  for (const [name, peer] of Object.entries(turn.state.peers)) {
    if (isUnproven(turn.state, peer)) seekEvidence(turn, { type: 'evidence.missed', peer: name });
  }
}

/** Its host says that no cluster daemon runs there: so no group does. */
function isIdle(how: string, body: unknown): boolean {
  const view = body as Partial<HostView> | null;
  return how === 'host' && view?.services?.clusterpro?.running === false;
}

/** An answer (null: none came). Of a server that is heard again it counts for nothing. */
export function onEvidenceAnswer(turn: Turn, name: string, how: string, body: unknown): void {
  const peer = turn.state.peers[name];
  if (!peer) return;
  const evidence = isUp(peer) || body === null ? null : readEvidence(turn, name, how, body);
  if (evidence) movePeer(turn, name, { type: 'evidence.found', evidence });
  if (isIdle(how, body)) movePeer(turn, name, { type: 'peer.idle' });
  movePeer(turn, name, { type: 'question.answered' });
}

export function onEvidenceDue(turn: Turn, { peer }: FactOf<'evidence.due'>): void {
  const known = turn.state.peers[peer];
  if (!known || isUp(known) || turn.state.stopping) return;
  if (waitingWith(turn.state, peer).length > 0 || isUnproven(turn.state, known)) {
    seekEvidence(turn, { type: 'evidence.missed', peer });
  }
}
