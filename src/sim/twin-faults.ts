/**
 * Faults and acts on a twin, by the words of the lab's: cables, disks, servers, processes. What
 * needs the management controller goes through it, on a cable that no fault touches.
 */
import type { Json } from '../core/json.ts';
import { cablePairs, type Fault } from '../host/faults.ts';
import type { Wire } from '../ports/wire.ts';
import type { Cables } from './cables.ts';
import type { SimServer } from './sim-server.ts';

const BMC_TIMEOUT_MS = 10_000;

export interface TwinFaults {
  cut(net: string, from: string, to: string, oneWay?: boolean): void;
  heal(net: string, from: string, to: string, oneWay?: boolean): void;
  delay(net: string, from: string, to: string, delayMs: number): void;
  /** Share of the datagrams that get lost, 0 to 1. */
  lose(net: string, from: string, to: string, share: number): void;
  /** Requests between two ends are refused at once, until that net is healed. */
  refuse(net: string, from: string, to: string): void;
  failDisk(server: string, device: string, mode?: 'all' | 'read' | 'write'): Promise<void>;
  healDisk(server: string, device: string): Promise<void>;
  /** The server loses its power at once. */
  killServer(server: string): Promise<void>;
  powerOn(server: string): Promise<void>;
  /** … and is switched on again at once. */
  resetServer(server: string): Promise<void>;
  /** A part (`daemon`, `agent`), or another process by its key (src/host/service-table.ts). */
  killProcess(server: string, process: string): void;
  /** SIGSTOP and SIGCONT. */
  stopProcess(server: string, process: string): void;
  continueProcess(server: string, process: string): void;
  freeze(server: string): Promise<void>;
  thaw(server: string): Promise<void>;
  reset(server: string): Promise<void>;
  /** The one that somebody named in words (host/faults.ts). */
  apply(fault: Fault): void | Promise<void>;
}

/** What a twin's faults reach. */
export interface Reach {
  cables: Cables;
  servers: ReadonlyMap<string, SimServer>;
  wire: Wire;
  /** What a cable can lead to (host/faults.ts). */
  ends: readonly string[];
}

type Named = Omit<TwinFaults, 'apply'>;

function applyTo(faults: Named, ends: readonly string[], fault: Fault): void | Promise<void> {
  if ('net' in fault) {
    for (const [from, to] of cablePairs(fault, ends)) {
      if (fault.kind === 'delay') faults.delay(fault.net, from, to, fault.ms);
      else faults[fault.kind](fault.net, from, to, fault.oneWay);
    }
    return;
  }
  const { server } = fault;
  if ('part' in fault) return faults[fault.kind](server, fault.part);
  if (fault.kind === 'failDisk') return faults.failDisk(server, fault.device, fault.mode);
  if (fault.kind === 'healDisk') return faults.healDisk(server, fault.device);
  return fault.kind === 'kill' ? faults.killServer(server) : faults[fault.kind](server);
}

export function twinFaults({ cables, servers, wire, ends }: Reach): TwinFaults {
  const bmc = async (server: string, body: Json): Promise<void> => {
    await wire.request({ server, part: 'bmc' }, body, BMC_TIMEOUT_MS);
  };
  const named: Named = {
    cut: (net, from, to, oneWay) => cables.cut(net, from, to, oneWay),
    heal: (net, from, to, oneWay) => cables.heal(net, from, to, oneWay),
    delay: (net, from, to, delayMs) => cables.delay(net, from, to, delayMs),
    lose: (net, from, to, share) => cables.lose(net, from, to, share),
    refuse: (net, from, to) => cables.refuse(net, from, to),
    failDisk: (server, device, mode = 'all') => bmc(server, { do: 'disk.fail', device, mode }),
    healDisk: (server, device) => bmc(server, { do: 'disk.heal', device }),
    killServer: (server) => bmc(server, { do: 'power.cut' }),
    powerOn: (server) => bmc(server, { do: 'power.on' }),
    resetServer: (server) => bmc(server, { do: 'power.reset' }),
    killProcess: (server, process) => servers.get(server)?.killProcess(process),
    stopProcess: (server, process) => servers.get(server)?.signalProcess(process, true),
    continueProcess: (server, process) => servers.get(server)?.signalProcess(process, false),
    freeze: (server) => bmc(server, { do: 'freeze' }),
    thaw: (server) => bmc(server, { do: 'thaw' }),
    reset: (server) => bmc(server, { do: 'power.reset' }),
  };
  return { ...named, apply: (fault) => applyTo(named, ends, fault) };
}
