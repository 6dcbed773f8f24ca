/**
 * A server on the chassis: the step with the world's side played by hand. Every effect is a line of
 * text; timers fire when told; processes end when told.
 */
import type { Json } from '../../src/core/json.ts';
import type { PartName } from '../../src/core/part.ts';
import {
  DEFAULT_TIMING,
  type Hardware,
  type HostEffect,
  type HostEvent,
  type HostState,
  initialHost,
} from '../../src/host/state.ts';
import { stepHost } from '../../src/host/step.ts';

const MIB = 1024 * 1024;

export function hardware(peers = ['server2']): Hardware {
  const names = ['clusterpro_evt', 'clusterpro_md', 'clusterpro', 'clusterpro_webmgr'];
  return {
    peers,
    timing: DEFAULT_TIMING,
    hotplug: false,
    services: Object.fromEntries(names.map((name) => [name, { enabled: true }])),
    disks: {
      '/dev/sdb': {
        serial: 'SN-server1-sdb-1',
        sizeBytes: 4 * MIB,
        failed: null,
        partitions: [
          { number: 1, offsetBytes: MIB, sizeBytes: MIB },
          { number: 2, offsetBytes: 2 * MIB, sizeBytes: 2 * MIB },
        ],
      },
    },
    mirrors: [
      {
        mirror: 'md1',
        device: '/dev/NMP1',
        data: '/dev/sdb2',
        cluster: '/dev/sdb1',
        fileSystem: 'ext3',
      },
    ],
    media: { floppy: { label: 'floppy', format: 'linux', files: { 'clp.conf': '<root/>' } } },
    inserted: null,
  };
}

/** An effect as a line; what is saved is only named. */
export function lineOf(effect: HostEffect): string {
  const { type, ...rest } = effect as HostEffect & Record<string, Json>;
  if (type === 'saveHost') return 'saveHost';
  if (type === 'log') return `log ${(rest as { text: string }).text}`;
  const words = Object.values(rest).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return [type, ...words].join(' ');
}

export class Chassis {
  state: HostState;
  now = 1_000;
  saved: string | null = null;
  effects: HostEffect[] = [];
  readonly all: HostEffect[] = [];
  readonly timers = new Map<string, number>();
  private requests = 0;
  private lastPid = 1_668;

  constructor(kept: HostState = initialHost(hardware(), 'server1')) {
    this.state = kept;
  }

  /** One step; the answer is its effects as lines, without those for the syslog. */
  take(event: HostEvent): string[] {
    const before = JSON.stringify(this.state);
    const moved = stepHost(this.state, event, this.now);
    if (JSON.stringify(this.state) !== before) throw new Error('the step changed its input');
    this.state = moved.state;
    this.effects = moved.effects;
    this.all.push(...moved.effects);
    for (const effect of moved.effects) {
      if (effect.type === 'saveHost') this.saved = JSON.stringify(effect.state);
      if (effect.type === 'armTimer') this.timers.set(effect.id, effect.at);
      if (effect.type === 'cancelTimer') this.timers.delete(effect.id);
      if (effect.type === 'startProcess') this.started(effect.process);
    }
    return moved.effects.filter(({ type }) => type !== 'printLine').map(lineOf);
  }

  /** A process has an id at once; it is told in a step of its own. */
  private started(process: string): void {
    this.lastPid += 1;
    const event = { type: 'process.started' as const, process, pid: this.lastPid };
    this.state = stepHost(this.state, event, this.now).state;
  }

  /** Asks a part; `id` is r1, r2 … */
  ask(to: PartName, body: Json, from = 'control'): string[] {
    this.requests += 1;
    const id = `r${this.requests}`;
    const part = from === 'control' ? ('control' as const) : ('daemon' as const);
    return this.take({ type: 'request.received', id, from: { server: from, part }, to, body });
  }

  /** Of the last request. */
  get lastId(): string {
    return `r${this.requests}`;
  }

  /** The body that the last step replied with. */
  get answer(): unknown {
    const reply = this.effects.find((effect) => effect.type === 'sendReply');
    return reply?.type === 'sendReply' ? reply.body : undefined;
  }

  /** The code that the last step refused with. */
  get refused(): string | undefined {
    const refusal = this.effects.find((effect) => effect.type === 'refuseRequest');
    return refusal?.type === 'refuseRequest' ? refusal.code : undefined;
  }

  fire(id: string): string[] {
    const at = this.timers.get(id);
    if (at === undefined) throw new Error(`timer ${id} is not armed`);
    this.timers.delete(id);
    this.now = Math.max(this.now, at);
    return this.take({ type: 'timer.fired', id });
  }

  /** The view, with the configuration's hash as given. */
  view(hash: string | null = null): Record<string, Json> {
    this.ask('host', { do: 'status' });
    const asked = this.effects.find((effect) => effect.type === 'readFacts');
    if (asked?.type !== 'readFacts') throw new Error('the host is not up');
    const facts = { configHash: hash, mirrorBreaks: { md1: 'none' as const } };
    this.take({ type: 'facts.read', id: asked.id, facts });
    return this.answer as Record<string, Json>;
  }

  exit(process: string, code: number | null, signal: string | null = null): string[] {
    return this.take({ type: 'process.exited', process, code, signal });
  }
}

/** A server that is up, with its services started unless it is in single user mode. */
export function booted(singleUser = false): Chassis {
  const chassis = new Chassis();
  chassis.take({ type: 'part.started', bootId: 'feed' });
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
  chassis.ask('bmc', { do: 'power.on', singleUser });
  chassis.fire('boot');
  const body = { holder: null, token: 0, about: '', since: 0 };
  chassis.take({ type: 'request.answered', id: 'lease:server2', body });
  return chassis;
}

/** A server that is up, with no service running. */
export function bare(): Chassis {
  return booted(true);
}
