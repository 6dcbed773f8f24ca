/** Marks on the shared disks of the resolution of partitions: who still writes there is not down. */
import { markNetOf } from '../../config/index.ts';
import type { Json } from '../../core/json.ts';
import { partitionResources } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { emit, setEar, type Turn } from '../turn.ts';

/** With every heartbeat, on each shared disk of the resolution: the others tell by it who is down. */
export function writeMarks(turn: Turn): void {
  const { config, partition, peers } = turn.state;
  const isIsolated = Object.values(partition.runs).some(({ value }) => value === 'error');
  for (const net of markNets(config)) {
    for (const to of Object.keys(peers)) {
      emit(turn, { type: 'sendDatagram', net, to, body: { kind: 'mark', isIsolated } });
    }
  }
}

function markNets(config: DaemonState['config']): Set<string> {
  const nets = partitionResources(config).map((resource) => markNetOf(config, resource));
  return new Set(nets.filter((net) => net !== null));
}

/** A server that reaches nothing outside does not count as one that goes on. */
export function onMark(turn: Turn, net: string, from: string, body: Json): boolean {
  const mark = body as { kind?: unknown; isIsolated?: unknown } | null;
  if (mark?.kind !== 'mark') return false;
  const { marks } = turn.state.ears[from]!;
  const at = mark.isIsolated === false ? turn.now : 0;
  setEar(turn, from, { marks: { ...marks, [net]: at } });
  return true;
}
