/** What a daemon is asked for by commands besides the cluster's own work: a script, a measurement. */
import { REQUESTED_PATH } from '../../core/paths.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import { sayIfKnown } from '../messages.ts';
import { entry, isIdle } from '../queries.ts';
import type { Purpose } from '../state.ts';
import { emit, expect, refuse, reply, type Turn } from '../turn.ts';
import type { End } from '../work.ts';

type Of<D extends DaemonRequest['do']> = Extract<DaemonRequest, { do: D }>;

/** Longest that a script may take that another server asked for. */
const MOST_MS = 3_600_000;

/** The first address of who asked, or its name where it has none. */
function addressOf({ state }: Turn, from: string): string {
  const server = state.config.servers.find(({ name }) => name === from);
  return server?.devices.find(({ info }) => /^[\d.]+$|:/.test(info))?.info ?? from;
}

/** clprexec, clptrnreq: a script of this server's folder for them, by its plain name. */
export function onScriptOrder(
  turn: Turn,
  id: string,
  { script, limitMs }: Of<'script'>,
  from: string,
): void {
  if (isIdle(turn.state, 'transfer')) {
    const message = `the data transfer of ${turn.state.server} does not answer`;
    refuse(turn, id, 'service.silent', message);
    return;
  }
  if (!/^[\w.-]{1,255}$/.test(script) || /^\.+$/.test(script)) {
    sayIfKnown(turn, 'notificationDenied', addressOf(turn, from));
    refuse(
      turn,
      id,
      'script.name',
      `${JSON.stringify(script)} is no name of a script; give a plain file name`,
    );
    return;
  }
  sayIfKnown(turn, 'notified', script, addressOf(turn, from));
  const asked = expect(turn, { kind: 'script', request: id, script });
  const env = { CLP_SERVER: turn.state.server };
  const path = `${REQUESTED_PATH}/${script}`;
  emit(turn, { type: 'runScript', id: asked, path, env, timeoutMs: Math.min(limitMs, MOST_MS) });
}

export function onScriptEnded(
  turn: Turn,
  { request, script }: Extract<Purpose, { kind: 'script' }>,
  event: End,
): void {
  const code = event.type === 'script.ended' && !event.timedOut ? event.code : null;
  sayIfKnown(turn, code === 0 ? 'requestedActionDone' : 'requestedActionFailed', script);
  reply(turn, request, { code });
}

/** clpperfc */
export function onPerf(turn: Turn, id: string, { of, name }: Of<'perf'>): void {
  const runs = of === 'monitor' ? turn.state.monitors : turn.state.groups;
  reply(turn, id, { ms: entry<{ tookMs: number | null }>(runs, name)?.tookMs ?? null });
}
