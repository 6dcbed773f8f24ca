/**
 * OCF agents of simulated servers: what was started runs until it is stopped with the same
 * parameters, or its server goes down; what an agent answers can be set. Whatever the agent is called
 * it answers so; what one would find out by itself (a program that is not installed) is unknown.
 */
import { OCF } from '../core/ocf.ts';
import type { OcfAgents, OcfCall, OcfEnd, OcfSight } from '../ports/ocf.ts';
import type { SimProcess } from './sim-process.ts';

/** `lies`: it does nothing, and says that it is done. A start that hangs has begun all the same. */
export type OcfFault = { code: number; reason?: string } | { hangs: true } | { lies: true };

const LOOK_MS = 1;

export class SimOcf {
  /** How long an action takes. */
  durationMs = 20;
  /** By `server resource action`. */
  readonly faults = new Map<string, OcfFault>();
  /** Every action but what is monitored again and again, in order. */
  readonly ran: string[] = [];
  /** By server, what runs there: its agent, instance and parameters in one text. */
  readonly #running = new Map<string, Map<string, OcfCall>>();

  /** Nothing outlives the power of its server. */
  powerOff(server: string): void {
    this.#running.delete(server);
  }

  forProcess(process: SimProcess): OcfAgents {
    const { server } = process;
    let generation = 0;
    return {
      run: (call, limitMs) => {
        const mine = generation;
        const fault = this.faults.get(`${server} ${call.instance} ${call.action}`);
        if (call.intervalMs === 0) this.ran.push(`${server} ${wordsOf(call)}`);
        const hangs = fault !== undefined && 'hangs' in fault;
        const takesMs = hangs ? limitMs : Math.min(this.durationMs, limitMs);
        return process.call(() => {
          if (generation !== mine) return end(null);
          return this.#act(server, call, fault);
        }, takesMs);
      },
      look: (at, device) => process.call(() => this.#sight(server, at, device), LOOK_MS),
      killAll: () => {
        generation++;
      },
    };
  }

  #act(server: string, call: OcfCall, fault: OcfFault | undefined): OcfEnd {
    const here = this.#running.get(server) ?? new Map<string, OcfCall>();
    this.#running.set(server, here);
    if (fault && 'lies' in fault) return end(OCF.success);
    if (fault && 'code' in fault) return end(fault.code, fault.reason);
    const key = wordsOf({ ...call, action: 'start' });
    if (call.action === 'start') here.set(key, call);
    if (fault) return { ...end(null), timedOut: true };
    if (call.action === 'stop') here.delete(key);
    if (call.action !== 'monitor') return end(OCF.success);
    return end(here.has(key) ? OCF.success : OCF.notRunning);
  }

  #sight(server: string, at: 'addresses' | 'mounts', device: string): OcfSight {
    const all = [...(this.#running.get(server)?.values() ?? [])].map(
      ({ parameters }) => parameters,
    );
    if (at === 'addresses') {
      const held = all.filter(({ ip }) => ip !== undefined);
      const lines = held.map(({ ip, nic, cidr_netmask: prefix }, index) => {
        return `${index + 2}: ${nic}    inet ${ip}/${prefix} scope global ${nic}`;
      });
      return { text: lines.join('\n'), device: null };
    }
    const mounted = all.filter(({ directory }) => directory !== undefined);
    const lines = mounted.map(({ device: source = '', directory, fstype }, index) => {
      return `${index + 30} 1 ${numbersOf(source)} / ${directory} rw - ${fstype} ${source} rw`;
    });
    return { text: lines.join('\n'), device: numbersOf(device) };
  }
}

/** Some numbers for a device, the same ones each time. */
function numbersOf(device: string): string {
  const sum = [...device].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 1000, 7);
  return `8:${sum}`;
}

function end(code: number | null, reason = ''): OcfEnd {
  return { code, timedOut: false, refused: false, reason };
}

function wordsOf({ provider, agent, action, instance, parameters }: OcfCall): string {
  const given = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  return `${provider}:${agent} ${instance} ${action}${given.join('')}`;
}
