/**
 * A mirror that broke, from the agent here to the agents of the other servers: over whatever
 * heartbeat path is left, because the mirror's own is gone.
 *
 *     agent ── mirror-event ──► daemon ── peer-broke ──► the others' daemons ──► their agents
 *                                 └ which generation does that side go on with? (asked, if not said)
 */
import type { Json } from '../../core/json.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { AgentView } from '../../ports/views.ts';
import { entry, groupOfResource, isUp } from '../queries.ts';
import { addToJob, ask, askHere, jobDone, openJob, type Turn } from '../turn.ts';

const TELL_MS = 1000;

export function onMirrorEvent(
  turn: Turn,
  id: string,
  { mirror, event, generation }: Extract<DaemonRequest, { do: 'mirror-event' }>,
): void {
  openJob(turn, id, 1, true);
  if (event === 'broke' && typeof generation !== 'string') {
    const purpose = { kind: 'generation', job: id, mirror } as const;
    askHere(turn, 'agent', { do: 'status' }, TELL_MS, purpose);
    return;
  }
  if (event === 'broke') tellBreak(turn, id, mirror, generation!);
  jobDone(turn, id, null);
}

function tellBreak(turn: Turn, job: string, mirror: string, generation: string): void {
  const { server, peers } = turn.state;
  const servers = groupOfResource(turn.state, mirror)?.servers ?? [];
  const received = servers.filter((name) => isUp(entry(peers, name)));
  addToJob(turn, job, received.length);
  for (const peer of received) {
    const body: Json = { do: 'peer-broke', mirror, server, generation };
    ask(turn, { server: peer, part: 'daemon' }, body, TELL_MS, { kind: 'tellPeer', job, peer });
  }
}

/** The agent's answer on the generation of a mirror that broke. */
export function onGeneration(turn: Turn, job: string, mirror: string, body: Json): void {
  const view = body as Partial<AgentView> | null;
  const generation = view?.mirrors && entry(view.mirrors, mirror)?.generation;
  if (typeof generation === 'string') tellBreak(turn, job, mirror, generation);
  jobDone(turn, job, null);
}

export function onPeerBroke(
  turn: Turn,
  id: string,
  order: Extract<DaemonRequest, { do: 'peer-broke' }>,
): void {
  openJob(turn, id, 1);
  askHere(turn, 'agent', { ...order }, TELL_MS, { kind: 'tellAgent', job: id });
}
