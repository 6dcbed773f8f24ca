/**
 * Asking the parts of every server at once. What comes back is an answer, a refusal or silence,
 * and the three are never mixed up: silence is unknown.
 */
import type { Json } from '../core/json.ts';
import type { Address, PartName } from '../core/part.ts';
import type { Clock } from '../ports/clock.ts';
import type { AgentView, DaemonView, HostView } from '../ports/views.ts';
import { RemoteError, WireError, type WireFailure } from '../ports/wire.ts';
import type { ExpressClusterServer, Observed } from '../schema/generated/status.ts';
import { soundAnswer } from './answers.ts';

/** The part of a Wire that asking needs; a command's environment has it too. */
export interface Asking {
  request(to: Address, body: Json, timeoutMs: number): Promise<Json>;
}

export type Answered<T> =
  | { kind: 'answer'; by: string; at: number; view: T }
  | { kind: 'refusal'; by: string; at: number; code: string; message: string }
  | { kind: 'silence'; by: string; at: number; code: WireFailure; message: string };

export interface PowerView {
  power: 'on' | 'off';
  bootId: string | null;
  /** What lies in the disk bays; a controller that does not look there leaves it out. */
  bays?: NonNullable<ExpressClusterServer['bays']>;
  /** The disk images beside it; likewise. */
  images?: NonNullable<ExpressClusterServer['images']>;
}

/** Everything that one server's parts said. */
export interface Heard {
  server: string;
  host: Answered<HostView>;
  bmc: Answered<PowerView>;
  daemon: Answered<DaemonView>;
  agent: Answered<AgentView>;
}

export async function ask<T>(
  wire: Asking,
  clock: Pick<Clock, 'now'>,
  to: { server: string; part: PartName },
  body: Json,
  timeoutMs: number,
): Promise<Answered<T>> {
  const by = `${to.server}/${to.part}`;
  try {
    const answer = await wire.request(to, body, timeoutMs);
    const view = soundAnswer(to, body, answer) as unknown as T;
    return { kind: 'answer', by, at: clock.now(), view };
  } catch (error) {
    const at = clock.now();
    if (error instanceof RemoteError) {
      return { kind: 'refusal', by, at, code: error.code, message: error.message };
    }
    if (error instanceof WireError) {
      return { kind: 'silence', by, at, code: error.code, message: error.message };
    }
    throw error;
  }
}

export async function hear(
  wire: Asking,
  clock: Pick<Clock, 'now'>,
  server: string,
  timeoutMs: number,
): Promise<Heard> {
  const status = { do: 'status' };
  const host = ask<HostView>(wire, clock, { server, part: 'host' }, status, timeoutMs);
  const power = { do: 'power.status' };
  const bmc = ask<PowerView>(wire, clock, { server, part: 'bmc' }, power, timeoutMs);
  // A server without power or system keeps nobody waiting for its daemon's silence.
  const isDown = Promise.any([
    bmc.then((said) => (isOff(said) ? said.at : Promise.reject())),
    host.then((said) => (isNotUp(said) ? said.at : Promise.reject())),
  ]);
  const part = <T>(name: 'daemon' | 'agent'): Promise<Answered<T>> =>
    Promise.race([
      ask<T>(wire, clock, { server, part: name }, status, timeoutMs),
      isDown.then(
        (at): Answered<T> => ({
          kind: 'silence',
          by: `${server}/${name}`,
          at,
          code: 'refused',
          message: `${server} is not up`,
        }),
        () => new Promise<never>(() => {}),
      ),
    ]);
  const [daemon, agent] = [part<DaemonView>('daemon'), part<AgentView>('agent')];
  return {
    server,
    host: await host,
    bmc: await bmc,
    daemon: await daemon,
    agent: await agent,
  };
}

function isOff(said: Answered<PowerView>): boolean {
  return said.kind === 'answer' && said.view.power === 'off';
}

function isNotUp(said: Answered<HostView>): boolean {
  return said.kind === 'refusal' && said.code === 'os.off';
}

const SILENCE: Record<WireFailure, string> = {
  timeout: 'did not answer in time',
  refused: 'does not listen',
  unreachable: 'cannot be reached',
};

/** Why nothing is known, in words. */
export function whyUnknown(answered: Answered<unknown>): string | null {
  if (answered.kind === 'answer') return null;
  if (answered.kind === 'refusal') return `${answered.by} refused: ${answered.message}`;
  return `${answered.by} ${SILENCE[answered.code]}`;
}

export function observedOf(answered: Answered<unknown>): Observed {
  const unknown = whyUnknown(answered);
  return unknown === null
    ? { by: answered.by, at: answered.at, unknown: null }
    : { by: null, at: null, unknown };
}

export function isPowerOff(heard: Heard): boolean {
  return isOff(heard.bmc);
}

/**
 * Whether a service's process runs. A part that answers runs. One that refuses connections is
 * stopped only when the host, or the power being off, says so.
 */
export function processState(
  heard: Heard,
  part: 'daemon' | 'agent',
): { state: 'running' | 'stopped' | null; observed: Observed } {
  const answered = heard[part];
  if (answered.kind !== 'silence') {
    return { state: 'running', observed: { by: answered.by, at: answered.at, unknown: null } };
  }
  if (isPowerOff(heard)) return { state: 'stopped', observed: observedOf(heard.bmc) };
  const service = part === 'daemon' ? 'clusterpro' : 'clusterpro_md';
  const { host } = heard;
  if (host.kind === 'answer' && host.view.services[service]?.running === false) {
    return { state: 'stopped', observed: observedOf(host) };
  }
  return { state: null, observed: observedOf(answered) };
}
