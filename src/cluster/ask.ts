/**
 * Asking servers, and looking at all of them at once: one request a server, which its supervisor
 * answers for each of its parts. What comes back of a part is an answer, a refusal or silence, and
 * the three are never mixed up: silence is unknown.
 */
import type { Json } from '../core/json.ts';
import type { Address, PartName } from '../core/part.ts';
import type { Clock } from '../ports/clock.ts';
import type { AgentView, DaemonView, HostView, PowerView, ServerLook } from '../ports/views.ts';
import { RemoteError, WireError, type WireFailure } from '../ports/wire.ts';
import type { Observed } from '../schema/generated/status.ts';
import { soundAnswer } from './answers.ts';

/** The part of a Wire that asking needs; a command's environment has it too. */
export interface Asking {
  request(to: Address, body: Json, timeoutMs: number): Promise<Json>;
}

export type Answered<T> =
  | { kind: 'answer'; by: string; at: number; view: T }
  | { kind: 'refusal'; by: string; at: number; code: string; message: string }
  | { kind: 'silence'; by: string; at: number; code: WireFailure; message: string };

/** Everything that one server's parts said. */
export interface Reports {
  server: string;
  host: Answered<HostView>;
  bmc: Answered<PowerView>;
  daemon: Answered<DaemonView>;
  agent: Answered<AgentView>;
}

/** An answer without sense is a refusal. */
function sound<T>(to: Address, body: Json, answer: Json, at: number): Answered<T> {
  const by = `${to.server}/${to.part}`;
  try {
    return { kind: 'answer', by, at, view: soundAnswer(to, body, answer) as unknown as T };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { kind: 'refusal', by, at, code: error.code, message: error.message };
  }
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
    return sound<T>(to, body, answer, clock.now());
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

/** Who looks: the name of a server, or of a control host. */
export interface Looking extends Asking {
  readonly server: string;
}

/** So much of the time that a look may take, a server waits for a part of it that is silent. */
const WAIT_SHARE = 0.8;

/**
 * What one part said; where the whole was not heard, why not. A refusal of the whole stays the word
 * of who refused it, since of the part itself nothing was heard.
 */
function partOf<T>(
  whole: Answered<ServerLook>,
  to: { server: string; part: 'host' | 'daemon' | 'agent' },
): Answered<T> {
  const by = `${to.server}/${to.part}`;
  if (whole.kind === 'refusal') return whole;
  if (whole.kind === 'silence') return { ...whole, by };
  const { agoMs, ...said } = whole.view[to.part];
  const at = whole.at - agoMs;
  if ('silent' in said) {
    return { kind: 'silence', by, at, code: said.silent.code, message: said.silent.words };
  }
  if ('refused' in said) {
    return { kind: 'refusal', by, at, code: said.refused.code, message: said.refused.words };
  }
  return sound<T>(to, { do: 'status' }, said.view, at);
}

/** A server without power or system keeps nobody waiting for its daemon's word. */
function receivedOf(
  server: string,
  whole: Answered<ServerLook>,
  bmc: Answered<PowerView>,
): Reports {
  const host = partOf<HostView>(whole, { server, part: 'host' });
  const isDown = isOff(bmc) || isNotUp(host);
  const part = <T>(name: 'daemon' | 'agent'): Answered<T> => {
    const said = partOf<T>(whole, { server, part: name });
    if (!isDown || said.kind === 'answer') return said;
    const by = `${server}/${name}`;
    return { kind: 'silence', by, at: said.at, code: 'refused', message: `${server} is not up` };
  };
  return { server, host, bmc, daemon: part('daemon'), agent: part('agent') };
}

/** What the controller said of the power in a look that it answered. */
function powerOf(whole: Answered<ServerLook>, server: string): Answered<PowerView> {
  if (whole.kind !== 'answer') return whole;
  const controller = { server, part: 'bmc' as const };
  return sound(controller, { do: 'power.status' }, whole.view.power as unknown as Json, whole.at);
}

/**
 * Everything of each server, for one request to its controller. From another server of the cluster
 * a controller is reached over a net of its own, which must not tell what the interconnects cannot:
 * there the host is asked for the whole, and the controller for the power.
 */
export async function hearAll(
  wire: Looking,
  clock: Pick<Clock, 'now'>,
  servers: readonly string[],
  timeoutMs: number,
): Promise<Reports[]> {
  const body = { do: 'look', withinMs: Math.ceil(timeoutMs * WAIT_SHARE) };
  const isPeer = (server: string) => servers.includes(wire.server) && server !== wire.server;
  const look = (server: string, part: 'host' | 'bmc') =>
    ask<ServerLook>(wire, clock, { server, part }, body, timeoutMs);
  return Promise.all(
    servers.map(async (server) => {
      if (!isPeer(server)) {
        const whole = await look(server, 'bmc');
        return receivedOf(server, whole, powerOf(whole, server));
      }
      const bmc = { server, part: 'bmc' as const };
      const power = ask<PowerView>(wire, clock, bmc, { do: 'power.status' }, timeoutMs);
      return receivedOf(server, await look(server, 'host'), await power);
    }),
  );
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

/** Programs of before an update go on running until they are restarted. */
const RESTART = 'take the cluster down and bring it up again with this one';

/** Why nothing is known, in words. */
export function whyUnknown(answered: Answered<unknown>): string | null {
  if (answered.kind === 'answer') return null;
  if (answered.kind === 'refusal') {
    const { by, code, message } = answered;
    if (code !== 'request.unknown') return `${by} refused: ${message}`;
    return `${by} runs another version of drydock (${message}); ${RESTART}`;
  }
  return `${answered.by} ${SILENCE[answered.code]}`;
}

export function observedOf(answered: Answered<unknown>): Observed {
  const unknown = whyUnknown(answered);
  return unknown === null
    ? { by: answered.by, at: answered.at, unknown: null }
    : { by: null, at: null, unknown };
}

export function isPowerOff(received: Reports): boolean {
  return isOff(received.bmc);
}

/**
 * Whether a service's process runs. A part that answers itself runs. One that refuses
 * connections is stopped only when the host, or the power being off, says so.
 */
export function processState(
  received: Reports,
  part: 'daemon' | 'agent',
): { state: 'running' | 'stopped' | null; observed: Observed } {
  const answered = received[part];
  if (answered.kind !== 'silence' && answered.by === `${received.server}/${part}`) {
    return { state: 'running', observed: { by: answered.by, at: answered.at, unknown: null } };
  }
  if (isPowerOff(received)) return { state: 'stopped', observed: observedOf(received.bmc) };
  const service = part === 'daemon' ? 'clusterpro' : 'clusterpro_md';
  const { host } = received;
  if (host.kind === 'answer') {
    const { services } = host.view;
    // Where the product is not installed nothing of it runs.
    const isThere = Object.keys(services).length > 0;
    if (services[service]?.running === false || !isThere) {
      return { state: 'stopped', observed: observedOf(host) };
    }
  }
  return { state: null, observed: observedOf(answered) };
}
