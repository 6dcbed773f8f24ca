/** Two or three wires over a real switch on loopback, in one process. */
import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { type TcpWire, tcpWire } from '../../src/adapters/tcp-wire.ts';
import type { PartName } from '../../src/core/part.ts';
import { LabTransport } from '../../src/lab/lab-transport.ts';
import { Switch } from '../../src/lab/switch.ts';

export const clock = systemClock();

export async function startNet() {
  const key = randomBytes(32);
  const lans = ['lan0', 'lan1'];
  const hub = new Switch({ key, lans, clock });
  const place = await hub.listen();
  const wires: TcpWire[] = [];
  const transports: LabTransport[] = [];

  const plug = async (server: string, part: PartName | 'control', withKey = key) => {
    const transport = new LabTransport({ self: { server, part }, place, key });
    const wire = tcpWire({ server, part, key: withKey, transport, lans, clock });
    if (part !== 'control') {
      const parts: PartName[] = part === 'host' ? ['host', 'bmc'] : [part];
      await transport.register(parts);
    }
    wires.push(wire);
    transports.push(transport);
    return wire;
  };

  const control = new LabTransport({ self: { server: 'control', part: 'control' }, place, key });
  return {
    hub,
    place,
    key,
    plug,
    ask: control.ask.bind(control),
    /** Both directions, unless `oneWay`. */
    async link(net: string, from: string, to: string, up: boolean, oneWay = false) {
      const changes = [{ net, from, to, up }];
      if (!oneWay) changes.push({ net, from: to, to: from, up });
      await control.ask({ do: 'links', changes });
    },
    close() {
      for (const wire of wires) wire.close();
      control.close();
      hub.close();
    },
  };
}

export type Net = Awaited<ReturnType<typeof startNet>>;

/** Resolves with the next thing that `listen` hands over. */
export function nextOf<T>(listen: (fn: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve) => listen(resolve));
}
