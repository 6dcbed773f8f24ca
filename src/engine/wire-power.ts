/** The power control of a lab and a twin: the servers' own controllers, over the management network. */
import type { PowerControl } from '../ports/power-control.ts';
import { RemoteError, type Wire, WireError } from '../ports/wire.ts';

const QUESTION_MS = 500;
const ORDER_MS = 5_000;

export function wirePower(wire: Wire): PowerControl {
  const ask = (server: string, what: string, limitMs: number) =>
    wire.request({ server, part: 'bmc' }, { do: what }, limitMs);
  return {
    async look(server) {
      try {
        const { power } = ((await ask(server, 'power.status', QUESTION_MS)) ?? {}) as {
          power?: string;
        };
        if (power === 'on' || power === 'off') return { power };
        return { power: 'unknown', why: 'its controller does not say' };
      } catch (error) {
        if (error instanceof WireError || error instanceof RemoteError) {
          return { power: 'unknown', why: error.message };
        }
        throw error;
      }
    },
    async order(server) {
      // What comes back, or does not, tells nothing: the next look does.
      await ask(server, 'power.cut', ORDER_MS).catch(() => undefined);
    },
    async start(server) {
      await ask(server, 'power.on', ORDER_MS).catch(() => undefined);
    },
  };
}
