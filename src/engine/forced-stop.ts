/**
 * Carries a forced stop out (machines/forced-stop.machine.ts) over whoever can cut the power, and
 * answers for it what a daemon asks of a server's controller:
 *
 *     power.status   → { power }     as it was read; refused `power.unknown`
 *     power.check    → { power }     the same; refused `power.denied` too, where the login may not cut
 *     power.cut      → { power }     once it was read as off; refused `power.failed`
 *     power.on       → {}            once the order is out
 *
 * The same over a management controller, a cloud, and the lab's own.
 */
import { type ForcedStopEvent, forcedStopMachine } from '../../machines/forced-stop.machine.ts';
import { type ChartEffect, moveChart, startChart } from '../core/chart.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { PowerControl } from '../ports/power-control.ts';
import { RemoteError, type Wire } from '../ports/wire.ts';

export type Stopped = { off: true } | { off: false; why: string };

/** Never rejects. `orderedAt`: when an earlier order to that server had ended. */
export async function forceStop(
  control: PowerControl,
  clock: Clock,
  server: string,
  budgetMs: number,
  orderedAt: number | null = null,
): Promise<Stopped & { orderedAt: number | null }> {
  let ordered = orderedAt;
  const carryOut = async ({ type, params }: ChartEffect): Promise<ForcedStopEvent | Stopped> => {
    if (type === 'look') {
      const reading = await control.look(server);
      const why = reading.power === 'unknown' ? reading.why : '';
      return { type: 'looked', power: reading.power, why, at: clock.now() };
    }
    if (type === 'order') {
      await control.order(server);
      ordered = clock.now();
      return { type: 'order.ended', at: ordered };
    }
    if (type === 'lookLater') {
      await sleep(clock, (params as { afterMs: number }).afterMs);
      return { type: 'look.due' };
    }
    if (type === 'reportOff') return { off: true };
    return { off: false, why: (params as { why: string }).why };
  };
  let move = startChart(forcedStopMachine, { at: clock.now(), budgetMs, orderedAt });
  for (;;) {
    const next = await carryOut(move.effects[0]!);
    if ('off' in next) return { ...next, orderedAt: ordered };
    move = moveChart(forcedStopMachine, move.chart, next);
  }
}

interface Ordered {
  running: Promise<Json> | null;
  orderedAt: number | null;
}

/** A wire on which the questions to controllers are answered by a power control. */
export function overPowerControl(wire: Wire, control: PowerControl, clock: Clock): Wire {
  const known = new Map<string, Ordered>();
  const look = async (server: string): Promise<Json> => {
    const reading = await control.look(server);
    if (reading.power === 'unknown') throw new RemoteError('power.unknown', reading.why);
    return { power: reading.power };
  };
  const check = async (server: string): Promise<Json> => {
    const read = await look(server);
    const why = (await control.denial?.(server)) ?? null;
    if (why !== null) throw new RemoteError('power.denied', why);
    return read;
  };
  const cut = async (server: string, budgetMs: number): Promise<Json> => {
    const before = known.get(server) ?? { running: null, orderedAt: null };
    known.set(server, before);
    const stopped = await forceStop(control, clock, server, budgetMs, before.orderedAt);
    known.set(server, { running: null, orderedAt: stopped.orderedAt });
    if (stopped.off) return { power: 'off' };
    throw new RemoteError('power.failed', stopped.why);
  };
  const request = (to: Address, body: Json, timeoutMs: number): Promise<Json> => {
    const { do: what } = (body ?? {}) as { do?: string };
    if (to.part !== 'bmc' || what === undefined) return wire.request(to, body, timeoutMs);
    if (what === 'power.status') return look(to.server);
    if (what === 'power.check') return check(to.server);
    if (what === 'power.on') return control.start(to.server).then(() => ({}));
    if (what !== 'power.cut') return wire.request(to, body, timeoutMs);
    // Two that want it off at one time share one stop.
    const running = known.get(to.server)?.running ?? cut(to.server, timeoutMs);
    known.set(to.server, { orderedAt: null, ...known.get(to.server), running });
    return running;
  };
  return {
    server: wire.server,
    request,
    serve: wire.serve.bind(wire),
    datagram: wire.datagram.bind(wire),
    onDatagram: wire.onDatagram.bind(wire),
    reaches: wire.reaches.bind(wire),
    connect: wire.connect.bind(wire),
    listen: wire.listen.bind(wire),
  };
}
